"""From times to figures."""

from __future__ import annotations

from math import ceil, log
from statistics import median

import msgspec


class Times(msgspec.Struct, frozen=True):
    """What one job gave in one round; milliseconds."""

    count: int
    errors: int
    p50: float
    p95: float
    p99: float
    per_second: float
    cpu: float
    cpu_postgres: float
    kilobytes: float


def percentile(ordered: list[float], share: float) -> float:
    """The value below which so many of them lie (nearest rank); of sorted, not empty values."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def times(seconds: list[float], *, errors: int, elapsed: float, cpu: float, cpu_postgres: float, received: int) -> Times:
    """Figures of one run; `cpu` in seconds for all requests together, `received` in bytes."""
    ordered = sorted(seconds)
    count = len(ordered)
    if not count:
        return Times(0, errors, 0, 0, 0, 0, 0, 0, 0)
    p50, p95, p99 = (1000 * percentile(ordered, share) for share in (0.50, 0.95, 0.99))
    return Times(
        count, errors, p50, p95, p99, count / elapsed, 1000 * cpu / count, 1000 * cpu_postgres / count, received / count / 1024
    )


def middle(rounds: list[Times]) -> Times:
    """Medians over rounds, figure by figure; errors and counts are added up."""
    if not rounds:
        return Times(0, 0, 0, 0, 0, 0, 0, 0, 0)
    names = [name for name in Times.__struct_fields__ if name not in ("count", "errors")]
    figures = {name: median(getattr(one, name) for one in rounds) for name in names}
    return Times(count=sum(r.count for r in rounds), errors=sum(r.errors for r in rounds), **figures)


def exponent(small: float, large: float, small_size: int, large_size: int) -> float | None:
    """How a figure grows with the number of applications: 0 not at all, 1 as fast as they do."""
    if min(small, large) <= 0 or small_size >= large_size:
        return None
    return log(large / small) / log(large_size / small_size)
