"""A closing moved later at the very moment it comes, in two processes: every answer is true at the instant it was given."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from incubator.core.database import execute, row
from tests.races.crowd import Answered, Door, Hand, a_whole_draft, copies_of, signed_in, two_workers, whole_halves
from tests.world.calls import a_call
from tests.world.people import a_manager, someone
from tests.world.programmes import the_programme

ROUNDS, DRAFTS = 12, 24
LEAD, AROUND = 0.8, 0.4  # seconds before the closing that a round starts; deposits on both sides of it


class _Moved(msgspec.Struct, frozen=True):
    closes_from: datetime
    closes_to: datetime
    extended_at: datetime


async def _round(
    door: Door, hands: list[Hand], staff: Hand, code: str, call: UUID, late: float
) -> tuple[Answered, list[Answered]]:
    """Deposits around a closing, and its extension asked for so many seconds after it, or before."""
    loop = asyncio.get_running_loop()
    closing = loop.time() + LEAD
    closes_at = datetime.now(UTC) + timedelta(seconds=LEAD)
    await execute("UPDATE call SET closes_at = $2 WHERE id = $1", call, closes_at)
    later = {"closes_at": (closes_at + timedelta(hours=1)).isoformat(), "reason": "Panne de la fibre à Tours."}
    extending = door.knock(staff, f"calls/{code}/extension", later, at=closing + late)
    step = 2 * AROUND / len(hands)
    knocks = [
        door.knock(hand, f"applications/{hand.application}/deposit", {}, at=closing - AROUND + rank * step, key=f"e{rank}")
        for rank, hand in enumerate(hands)
    ]
    told, *deposits = await asyncio.gather(extending, *knocks)
    _judge(told, deposits, await _moved(call), closes_at)
    await whole_halves(call)
    return told, deposits


async def _moved(call: UUID) -> _Moved | None:
    return await row(_Moved, "SELECT closes_from, closes_to, extended_at FROM extension WHERE call = $1", call)


def _judge(told: Answered, deposits: list[Answered], moved: _Moved | None, closes_at: datetime) -> None:
    """Extended only while open; taken only before the closing there was; refused only once it had come."""
    assert (told.status, moved is None) in ((200, False), (409, True))
    if moved:
        assert moved.extended_at < moved.closes_from == closes_at < moved.closes_to
    else:
        assert told.answered >= closes_at
    for one in deposits:
        assert one.status in (201, 409)
        if one.status == 201:
            assert datetime.fromisoformat(one.body["received_at"]) < (moved.closes_to if moved else closes_at)
        else:
            assert one.answered >= closes_at
            assert moved is None or one.sent < told.answered, "refused though the extension was known"


async def test_deposits_and_an_extension_at_the_closing_never_contradict_each_other(committed_db: str) -> None:
    at = datetime.now(UTC)
    world, holder = await the_programme(), await someone("Hana Porteuse")
    manager = await a_manager(world.programme)
    _call, draft = await a_whole_draft(world, holder, closes_at=at + timedelta(hours=1), at=at)
    outcomes, statuses = set(), set()
    async with two_workers(committed_db) as door:
        staff = await signed_in(manager)
        for number in range(ROUNDS):
            soon = at + timedelta(hours=1)
            call = await a_call(world, opens_at=at - timedelta(days=2), closes_at=soon, code=f"AAC-{number}", by=manager)
            hands = await copies_of(draft, DRAFTS, call=call.id, first=1000 * (number + 1))
            late = (number - ROUNDS // 2) * 0.06
            told, deposits = await _round(door, hands, staff, call.code, call.id, late)
            outcomes.add(told.status)
            statuses |= {one.status for one in deposits}
    assert (outcomes, statuses) == ({200, 409}, {201, 409})
