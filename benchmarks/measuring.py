"""Running a job: some clients, a short while, what it took the clock and the processors."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from benchmarks.client import get, open_connection
from benchmarks.figures import Times, times
from benchmarks.filling import World
from benchmarks.jobs import Job
from benchmarks.lanes import Lane, Once
from benchmarks.processes import Server
from benchmarks.visitors import Visitors

WARM_UP = 3
FLOOR_SECONDS = 0.3


class Tally:
    """What the clients of one run did together."""

    def __init__(self, until: float, count_max: int) -> None:
        self.until = until
        self.left = count_max
        self.seconds: list[float] = []
        self.received = 0
        self.errors: list[str] = []

    def goes_on(self) -> bool:
        """Take one turn, when time and turns are left; the first is always given."""
        if self.left <= 0 or (self.seconds and time.perf_counter() >= self.until) or len(self.errors) > 5:
            return False
        self.left -= 1
        return True


async def measure(
    job: Job, world: World, visitors: Visitors, server: Server, clients: int, postgres: Callable[[], float], share: float = 1.0
) -> tuple[Times, list[str]]:
    """Figures of one run of a job, and what went wrong. `share` shortens the run."""
    connections = [await open_connection(server.port) for _client in range(clients)]
    lanes = [Lane(connection, number, server.port, world, visitors) for number, connection in enumerate(connections)]
    turns = [job.lane(lane) for lane in lanes]
    failed = await asyncio.gather(*[_warm(once, 1 if clients > 1 or job.requests > 1 else WARM_UP) for once in turns])
    spent, spent_postgres, started = server.cpu(), postgres(), time.perf_counter()
    tally = Tally(started + job.seconds * share, job.times_max if clients == 1 else 2 * job.times_max)
    tally.errors += [fault for fault in failed if fault]
    if not tally.errors:
        await asyncio.gather(*[_repeat(once, tally) for once in turns])
    elapsed = time.perf_counter() - started
    for connection in connections:
        connection.close()
    figures = times(
        tally.seconds,
        errors=len(tally.errors),
        elapsed=elapsed,
        cpu=server.cpu() - spent,
        cpu_postgres=postgres() - spent_postgres,
        received=tally.received,
    )
    return figures, tally.errors


async def _warm(once: Once, count: int) -> str:
    try:
        for _turn in range(count):
            await once()
    except Exception as fault:
        return f"{type(fault).__name__}: {fault}"
    return ""


async def _repeat(once: Once, tally: Tally) -> None:
    while tally.goes_on():
        started = time.perf_counter()
        try:
            tally.received += await once()
        except Exception as fault:
            tally.errors.append(f"{type(fault).__name__}: {fault}")
            return
        tally.seconds.append(time.perf_counter() - started)


async def measure_floor(server: Server, clients: int) -> Times:
    """The empty answer."""
    connections = [await open_connection(server.port) for _client in range(clients)]
    request = get("/", server.port)

    def asking(number: int) -> Once:
        async def once() -> int:
            return len((await connections[number].ask(request)).body)

        return once

    for number in range(clients):
        await _warm(asking(number), 10)
    spent, started = server.cpu(), time.perf_counter()
    tally = Tally(started + FLOOR_SECONDS, 1_000_000)
    await asyncio.gather(*[_repeat(asking(number), tally) for number in range(clients)])
    elapsed = time.perf_counter() - started
    for connection in connections:
        connection.close()
    return times(tally.seconds, errors=len(tally.errors), elapsed=elapsed, cpu=server.cpu() - spent, cpu_postgres=0, received=0)
