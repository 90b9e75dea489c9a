"""The server: granian, as many processes as WORKERS says."""

from __future__ import annotations

import ctypes
from contextlib import suppress

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels

from incubator.core.settings import Settings

STOP_SECONDS = 10
ARENA_MAX = -8  # M_ARENA_MAX of malloc.h


def serve(settings: Settings) -> int:
    """Answer requests until told to stop."""
    _share_memory()
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


def _share_memory() -> None:
    """Let threads share two heaps: glibc gives each its own, and keeps what they free. A third of our memory was that."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(ARENA_MAX, 2)
