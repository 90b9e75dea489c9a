"""The database is killed, restarted, frozen while people write, send and deposit: « not now », nothing lost (J01, J03)."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from tests.faults.house import House
from tests.faults.processes import children
from tests.faults.working import at_work, goes_on
from tests.serving import until_ready


async def test_killed_and_started_again(house: House) -> None:
    """kill -9 of the whole server, twice."""
    async with at_work(house) as told:
        for _kill in range(2):
            os.kill(house.postmaster, signal.SIGKILL)
            await asyncio.sleep(0.7)
            await asyncio.to_thread(house.postgres.start)
            await until_ready(house.address)
            await goes_on(told)
    assert told.answers[503] + told.answers[0] > 0
    assert told.slowest < 12


async def test_one_of_its_processes_killed(house: House) -> None:
    """PostgreSQL then ends every connection and recovers alone; nobody gets an error 500 for it."""
    async with at_work(house) as told:
        for _kill in range(3):
            os.kill(_serving(house)[-1], signal.SIGKILL)
            await asyncio.sleep(0.5)
            await until_ready(house.address)
    assert told.answers[500] == 0


def _serving(house: House) -> list[int]:
    """The database's processes that serve a connection."""
    titles = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children(house.postmaster)}
    return [pid for pid, title in titles.items() if title.startswith(b"postgres: postgres postgres")]


async def test_restarted_politely(house: House) -> None:
    """As an update does it, in the middle of what people do."""
    async with at_work(house) as told:
        await asyncio.to_thread(house.postgres._stop_server)
        await asyncio.to_thread(house.postgres.start)
        await until_ready(house.address)
    assert told.answers[500] == 0


async def test_frozen_then_thawed(house: House) -> None:
    """Every request ends in time, and what was begun is there once."""
    async with at_work(house) as told:
        frozen = house.freeze_database()
        try:
            await asyncio.sleep(9)
        finally:
            house.thaw_database(frozen)
        await until_ready(house.address)
    assert told.answers[503] > 0
    assert told.slowest < 12
