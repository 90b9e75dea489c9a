"""Where it ran, and who else was at work there."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from benchmarks.processes import PostgresCpu, Server, cpu_of, machine_seconds
from benchmarks.results import Machine

ROOT = Path(__file__).parent.parent


class Others:
    """How much of the machine other programs take, from now on."""

    def __init__(self, servers: list[Server], postgres: PostgresCpu) -> None:
        self.servers = servers
        self.postgres = postgres
        self.own, (self.busy, self.all) = self._own(), machine_seconds()

    def percent(self) -> float:
        """Of all processors, what was neither idle nor ours."""
        busy, everything = machine_seconds()
        return 100 * max(0.0, busy - self.busy - self._own() + self.own) / (everything - self.all)

    def _own(self) -> float:
        return cpu_of(os.getpid()) + sum(server.cpu() for server in self.servers) + self.postgres()


async def describe(dsn: str, others_percent: float) -> Machine:
    """The machine, the versions and the commit."""
    connection = await asyncpg.connect(dsn)
    version = await connection.fetchval("SHOW server_version")
    await connection.close()
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return Machine(others_percent, os.cpu_count() or 1, platform.python_version(), version, when, commit())


def run_time_packages() -> int:
    """How many packages the product needs to run, its own apart."""
    return len(re.findall(r"^[A-Za-z0-9_.-]+==", (ROOT / "requirements.txt").read_text(), re.MULTILINE))


def commit() -> str:
    """The commit that is measured, short."""
    said = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return said.stdout.strip() or "unknown"
