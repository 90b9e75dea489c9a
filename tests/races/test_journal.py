"""Sealing while everyone writes: no entry is left out, none is sealed twice, no writer waits."""

from __future__ import annotations

import asyncio

import pytest

from incubator.core.clock import now
from incubator.core.database import detached, transaction, value
from incubator.core.ids import new_id
from incubator.journal.actions import record, seal
from incubator.journal.queries import faults

WRITERS, ACTS = 20, 15


async def _writer(number: int) -> None:
    """Acts of uneven length, some of which are given up: their numbers stay holes."""
    for act in range(ACTS):
        try:
            async with transaction():
                await record("test.done", new_id(), by=None, at=now(), data={"writer": number, "act": act})
                await asyncio.sleep(0.001 * (number % 4))
                if act % 5 == 4:
                    raise _GivenUp
        except _GivenUp:
            continue


class _GivenUp(Exception):
    """The act came to nothing."""


async def _sealer(stop: asyncio.Event) -> int:
    sealed = 0
    while not stop.is_set():
        sealed += await seal(at=now())
        await asyncio.sleep(0.002)
    return sealed


@pytest.mark.usefixtures("committed_db")
async def test_each_entry_of_twenty_writers_is_sealed_exactly_once_by_two_sealers() -> None:
    before = await value("SELECT count(*) FROM journal_entry")
    stop = asyncio.Event()
    sealers = [detached(_sealer(stop)) for _sealer_number in range(2)]
    await asyncio.gather(*(detached(_writer(number)) for number in range(WRITERS)))
    stop.set()
    sealed = sum(await asyncio.gather(*sealers)) + await seal(at=now())
    assert sealed == before + WRITERS * ACTS * 4 // 5
    assert await value("SELECT count(*) FROM journal_sealed_entry") == sealed
    assert await value("SELECT count(*) FROM journal_seal") > 1
    assert await faults(at=now()) == []
