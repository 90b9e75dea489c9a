"""The floor: Litestar answering nothing, served by granian as the application is. `python -m benchmarks.floor_app`."""

from __future__ import annotations

import os

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels
from litestar import Litestar, get


@get("/", media_type="text/plain")
async def nothing() -> str:
    """An empty answer."""
    return ""


app = Litestar([nothing], openapi_config=None, logging_config=None)


def main() -> None:
    """Serve until told to stop."""
    Granian(
        "benchmarks.floor_app:app",
        interface=Interfaces.ASGI,
        address=os.environ["HOST"],
        port=int(os.environ["PORT"]),
        workers=int(os.environ["WORKERS"]),
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main()
