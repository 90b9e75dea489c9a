"""The server: granian, as many processes as WORKERS says."""

from __future__ import annotations

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels

from incubator.core.settings import Settings

STOP_SECONDS = 10


def serve(settings: Settings) -> int:
    """Answer requests until told to stop."""
    Granian(
        "incubator.app:serve",
        factory=True,
        interface=Interfaces.ASGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        backpressure=256,
        log_level=LogLevels.warning,
        workers_kill_timeout=STOP_SECONDS,
        respawn_failed_workers=True,
    ).serve()
    return 0
