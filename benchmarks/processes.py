"""The servers that are measured: starting them, what they spend, what they hold."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO
from urllib.error import URLError
from urllib.request import urlopen

TICKS = os.sysconf("SC_CLK_TCK")
START_SECONDS_MAX = 30
STOP_SECONDS_MAX = 15
BYTECODE = tempfile.TemporaryDirectory(prefix="incubator-bytecode-")  # compiled once, as where it is installed


class Server:
    """A server of ours in processes of its own, listening on a free port of 127.0.0.1."""

    def __init__(self, command: list[str], environment: Mapping[str, str], *, health: str, workers: int) -> None:
        self.port = _free_port()
        self.health = health
        self.workers = workers
        self.log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        told = {"HOST": "127.0.0.1", "PORT": str(self.port), "WORKERS": str(workers), "PYTHONPYCACHEPREFIX": BYTECODE.name}
        self.process = subprocess.Popen(
            [sys.executable, *command],
            env={name: given for name, given in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
            | dict(environment)
            | told,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def wait(self) -> float:
        """Wait for the first healthy answer; seconds since the process was started, by this call's clock."""
        started = time.perf_counter()
        while time.perf_counter() - started < START_SECONDS_MAX:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended at once:\n{self.said()}")
            try:
                with urlopen(f"http://127.0.0.1:{self.port}{self.health}", timeout=5) as answer:
                    if answer.status == 200:
                        return time.perf_counter() - started
            except (URLError, OSError):
                time.sleep(0.005)
        raise RuntimeError(f"the server did not answer:\n{self.said()}")

    def said(self) -> str:
        """The end of what the server wrote."""
        self.log.seek(0)
        return self.log.read()[-3000:].decode(errors="replace")

    def cpu(self) -> float:
        """Seconds of processor spent so far by the server and its workers."""
        return sum(cpu_of(process) for process in family(self.process.pid))

    def worker_megabytes(self) -> float:
        """Resident memory of the largest worker."""
        return max(resident_megabytes(process) for process in family(self.process.pid)[1:] or [self.process.pid])

    def stop(self) -> None:
        """Stop the server and its workers."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.log.close()


def start_application(dsn: str, secret: str, *, workers: int, storage: str) -> Server:
    """The application as it runs in production, by its own command."""
    return Server(["-m", "incubator", "serve"], _environment(dsn, secret, storage), health="/health/ready", workers=workers)


def start_worker(dsn: str, secret: str, *, storage: str) -> Server:
    """The worker, without mail server nor antivirus: letters and files wait."""
    return Server(["-m", "incubator", "worker"], _environment(dsn, secret, storage), health="", workers=1)


def _environment(dsn: str, secret: str, storage: str) -> dict[str, str]:
    told = {"DATABASE_URL": dsn, "SECRET_KEY": secret, "PUBLIC_URL": "http://127.0.0.1", "LOG_FORMAT": "json"}
    return told | {"STORAGE_URL": storage}


def start_floor(*, workers: int) -> Server:
    """A Litestar application that answers nothing, served the same way."""
    return Server(["-m", "benchmarks.floor_app"], {}, health="/", workers=workers)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def family(pid: int) -> list[int]:
    """A process and its children, oldest first."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return [pid]
    return [pid, *(one for child in children for one in family(int(child)))]


def cpu_of(pid: int) -> float:
    """Seconds of processor spent by the threads of a process, to the nanosecond."""
    spent = 0
    for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            spent += int(thread.read_text().split()[0])
    return spent / 1e9


def cpu_of_gone_children(pid: int) -> float:
    """Seconds of processor spent by children that ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(ticks) for ticks in fields[13:15]) / TICKS


def resident_megabytes(pid: int) -> float:
    """Resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


class PostgresCpu:
    """Seconds of processor spent by a PostgreSQL of this machine, its backends included."""

    def __init__(self, data: Path) -> None:
        self.pid = int((data / "postmaster.pid").read_text().split()[0])

    def __call__(self) -> float:
        return cpu_of_gone_children(self.pid) + sum(cpu_of(process) for process in family(self.pid))


def machine_seconds() -> tuple[float, float]:
    """Seconds of processor spent by the whole machine since it started, and those it could have spent."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    idle = fields[3] + fields[4]
    return (sum(fields) - idle) / TICKS, sum(fields) / TICKS
