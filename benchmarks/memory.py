"""How much memory one job makes a worker take at most (Linux)."""

from __future__ import annotations

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
    for line in Path(f"/proc/{_worker(server)}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0
