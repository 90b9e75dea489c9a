"""What a rush found."""

from __future__ import annotations

import msgspec


class RushAct(msgspec.Struct, frozen=True):
    """One kind of act. Milliseconds; under load, from the instant it was due to its answer. `alone_ms`: p50 of one client."""

    title: str
    count: int
    failures: int
    p50: float
    p95: float
    p99: float
    alone_ms: float
    floor_ms: float
    target_p95: float | None = None
    faults: list[str] = []

    @property
    def ratio(self) -> float:
        """How many times the floor one client alone waits."""
        return self.alone_ms / self.floor_ms if self.floor_ms else 0.0


class Rush(msgspec.Struct, frozen=True):
    """A whole rush: `factor` times as fast as ten minutes are, for `seconds`. Peaks are of all processes together.

    `before_megabytes`: the server before the largest files; `uploads_megabytes`: its peak when `uploads_at_once` of them come.
    """

    factor: float
    seconds: float
    servers: int
    acts: list[RushAct]
    autosave_statements: int
    server_megabytes: float
    worker_megabytes: float
    before_megabytes: float
    uploads_megabytes: float
    uploads_at_once: int
    upload_failures: int
