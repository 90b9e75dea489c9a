"""How much memory one job makes a worker take at most (Linux)."""

from __future__ import annotations

import asyncio
from pathlib import Path

from benchmarks.processes import Server, family, resident_megabytes


def _worker(server: Server) -> int:
    return max(family(server.process.pid), key=resident_megabytes)


def forget_peak(server: Server) -> float:
    """Start the peak again from what the worker holds now; megabytes it holds."""
    worker = _worker(server)
    Path(f"/proc/{worker}/clear_refs").write_text("5")
    return resident_megabytes(worker)


def peak_megabytes(server: Server) -> float:
    """The most the worker has held since."""
    return _peak(_worker(server))


class Peak:
    """The most a server and its processes held together while it was watched; what they share is counted once."""

    EVERY_SECONDS = 0.1

    def __init__(self, server: Server) -> None:
        self.server = server
        self.megabytes = 0.0

    async def __aenter__(self) -> Peak:
        self.look()
        self.watching = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.watching.cancel()
        self.look()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self.EVERY_SECONDS)
            self.look()

    def look(self) -> None:
        """What they hold now."""
        self.megabytes = max(self.megabytes, sum(_share(process) for process in family(self.server.process.pid)))


def _share(process: int) -> float:
    """Megabytes of a process, its part of what it shares with others."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _peak(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0
