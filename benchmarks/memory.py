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
    return _peak(_worker(server))


def forget_peaks(server: Server) -> float:
    """Start the peaks of a server and its processes again; megabytes they hold together."""
    processes = family(server.process.pid)
    for process in processes:
        Path(f"/proc/{process}/clear_refs").write_text("5")
    return sum(resident_megabytes(process) for process in processes)


def peaks_megabytes(server: Server) -> float:
    """The most each process of a server has held since, added up."""
    return sum(_peak(process) for process in family(server.process.pid))


def _peak(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0
