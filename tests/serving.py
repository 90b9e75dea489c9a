"""Starting real servers for tests."""

from __future__ import annotations

import asyncio
import socket
from urllib.request import urlopen


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def until_ready(address: str) -> None:
    """Wait, 20 seconds at most, until the server at that address is ready."""
    for _try in range(200):
        try:
            await asyncio.to_thread(lambda: urlopen(f"{address}/health/ready", timeout=2).close())
            return
        except OSError:
            await asyncio.sleep(0.1)
    raise TimeoutError(f"{address} does not answer")
