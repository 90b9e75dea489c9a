"""What a whole run found, as it is written to `results/latest.json`."""

from __future__ import annotations

import msgspec

from benchmarks.counting import Sent
from benchmarks.figures import Times, exponent
from benchmarks.jobs import Target
from benchmarks.rush.results import Rush


class Cell(msgspec.Struct, frozen=True):
    """A job at a size: one client on one worker, many clients on a worker a core, and the floor under it.

    `least_ms` is the p50 of the least disturbed round, `floor_ms` that of the floor; `least_cpu_ms` and `floor_cpu_ms` are
    milliseconds of processor, PostgreSQL's included.
    """

    size: int
    alone: Times
    least_ms: float
    crowd: Times
    sent: Sent
    floor_ms: float
    least_cpu_ms: float
    floor_cpu_ms: float
    faults: list[str] = []

    @property
    def ratio(self) -> float:
        """How many times the floor one client waits."""
        return self.least_ms / self.floor_ms if self.floor_ms else 0.0

    @property
    def cpu_ratio(self) -> float:
        """How many times the floor's processor time it takes."""
        return self.least_cpu_ms / self.floor_cpu_ms if self.floor_cpu_ms else 0.0


class Measured(msgspec.Struct, frozen=True):
    """A job over all sizes. `clients`: how many of them make the crowd."""

    key: str
    title: str
    requests: int
    clients: int
    target: Target
    cells: list[Cell]

    @property
    def worst_ratio(self) -> float:
        """The largest ratio over the sizes."""
        return max((cell.ratio for cell in self.cells), default=0.0)

    @property
    def worst_cpu_ratio(self) -> float:
        """The same of processor time."""
        return max((cell.cpu_ratio for cell in self.cells), default=0.0)

    @property
    def most_statements(self) -> int:
        """The most statements over the sizes."""
        return max((cell.sent.statements for cell in self.cells), default=0)

    @property
    def growth(self) -> float | None:
        """The exponent of the least disturbed p50 between the smallest and the largest size."""
        if len(self.cells) < 2:
            return None
        first, last = self.cells[0], self.cells[-1]
        return exponent(first.least_ms, last.least_ms, first.size, last.size)

    @property
    def cpu_growth(self) -> float | None:
        """The exponent of all processor time, the server's and PostgreSQL's: steadier than the clock."""
        if len(self.cells) < 2:
            return None
        first, last = self.cells[0], self.cells[-1]
        return exponent(first.least_cpu_ms, last.least_cpu_ms, first.size, last.size)


class Machine(msgspec.Struct, frozen=True):
    """Where it ran. `others_percent`: of all its processors, what other programs took meanwhile."""

    others_percent: float
    cores: int
    python: str
    postgres: str
    at: str
    commit: str


class Server(msgspec.Struct, frozen=True):
    """What the server itself costs. `export_megabytes`: by how much the largest export raised a worker's peak."""

    start_seconds: float
    start_cpu_seconds: float
    worker_megabytes: float
    export_megabytes: float
    packages: int
    hello_alone: Times
    hello_crowd: Times


class Results(msgspec.Struct, frozen=True):
    """A whole run."""

    machine: Machine
    server: Server
    sizes: list[int]
    rounds: int
    fill_seconds: dict[str, float]
    jobs: list[Measured]
    rush: Rush | None = None
