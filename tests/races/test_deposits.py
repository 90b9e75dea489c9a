"""The instant of reception decides, in two processes at once (B01)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from incubator.core.database import execute, value
from tests.races.crowd import Answered, Door, Hand, a_whole_draft, copies_of, two_workers, whole_halves
from tests.world.people import someone
from tests.world.programmes import the_programme

DRAFTS, WARMING, AROUND = 1000, 60, 2.0


async def _deposits(door: Door, hands: Sequence[Hand], *, start: float, lasting: float) -> list[Answered]:
    """One deposit each, evenly over so many seconds."""
    return await asyncio.gather(*(
        door.knock(hand, f"applications/{hand.application}/deposit", {}, at=start + rank * lasting / len(hands), key=f"d{rank}")
        for rank, hand in enumerate(hands)
    ))  # fmt: skip


async def test_a_thousand_deposits_around_the_closing_are_taken_if_and_only_if_received_before_it(committed_db: str) -> None:
    """Over ± 2 seconds, or what the machine takes for five hundred."""
    at, loop = datetime.now(UTC), asyncio.get_running_loop()
    world, holder = await the_programme(), await someone("Hana Porteuse")
    call, draft = await a_whole_draft(world, holder, closes_at=at + timedelta(hours=1), at=at)
    hands = await copies_of(draft, WARMING + DRAFTS, call=call.id)
    async with two_workers(committed_db) as door:
        begun = loop.time()
        assert {one.status for one in await _deposits(door, hands[:WARMING], start=begun, lasting=0)} == {201}
        around = max(AROUND, (loop.time() - begun) / WARMING * DRAFTS / 2)
        closes_at = datetime.now(UTC) + timedelta(seconds=around)
        await execute("UPDATE call SET closes_at = $2 WHERE id = $1", call.id, closes_at)
        told = await _deposits(door, hands[WARMING:], start=loop.time(), lasting=2 * around)
    taken = [one for one in told if one.status == 201]
    assert {one.status for one in told} == {201, 409}
    for one in told:
        if one.status == 201:
            assert one.sent <= datetime.fromisoformat(one.body["received_at"]) < closes_at
        else:
            assert one.answered >= closes_at
            assert "clos depuis le" in one.body["detail"]
    assert all(one.status == 409 for one in told if one.sent >= closes_at)
    assert min(len(taken), DRAFTS - len(taken)) >= DRAFTS // 10
    assert len({one.body["number"] for one in taken}) == len(taken)
    assert await value("SELECT count(*) FROM deposit") == WARMING + len(taken)
    await whole_halves(call.id)
