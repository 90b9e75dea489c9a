"""The instant of reception decides, in two processes at once (B01)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from incubator.applications.actions import deposit
from incubator.applications.actions.depositing import Deposited
from incubator.applications.forms import DepositForm
from incubator.core.database import detached, execute, value
from incubator.core.errors import Conflict
from incubator.people.queries import person
from tests.races.crowd import Answered, Door, Hand, a_whole_draft, copies_of, two_workers, whole_halves
from tests.world.people import someone
from tests.world.programmes import the_programme

DRAFTS, WARMING, AROUND, LONGEST = 1000, 60, 2.0, 8.0
FIRST, SECOND = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30 in Paris, twice
SPRING = datetime(2027, 3, 28, 1, tzinfo=UTC)  # 03:00 in Paris, the instant after 01:59:59


async def _deposits(door: Door, hands: Sequence[Hand], *, start: float, lasting: float) -> list[Answered]:
    """One deposit each, evenly over so many seconds."""
    return await asyncio.gather(*(
        door.knock(hand, f"applications/{hand.application}/deposit", {}, at=start + rank * lasting / len(hands), key=f"d{rank}")
        for rank, hand in enumerate(hands)
    ))  # fmt: skip


async def test_a_thousand_deposits_around_the_closing_are_taken_if_and_only_if_received_before_it(committed_db: str) -> None:
    """Over ± 2 seconds, or what the machine takes for five hundred, 8 at most."""
    at, loop = datetime.now(UTC), asyncio.get_running_loop()
    world, holder = await the_programme(), await someone("Hana Porteuse")
    call, draft = await a_whole_draft(world, holder, closes_at=at + timedelta(hours=1), at=at)
    hands = await copies_of(draft, WARMING + DRAFTS, call=call.id)
    async with two_workers(committed_db) as door:
        begun = loop.time()
        assert {one.status for one in await _deposits(door, hands[:WARMING], start=begun, lasting=0)} == {201}
        around = min(LONGEST, max(AROUND, (loop.time() - begun) / WARMING * DRAFTS / 2))
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


@pytest.mark.parametrize(
    ("closes_at", "words"),
    [
        (FIRST, "dimanche 25 octobre 2026 à 2 h 30 (heure d’été)"),
        (SECOND, "dimanche 25 octobre 2026 à 2 h 30 (heure d’hiver)"),
        (SPRING, "dimanche 28 mars 2027 à 3 h 00"),
    ],
)
async def test_a_closing_in_a_change_of_clock_is_one_instant(committed_db: str, closes_at: datetime, words: str) -> None:
    """B02: the hour that comes twice is two hours; the one that never comes costs nobody an hour."""
    world, holder = await the_programme(), await someone("Hana Porteuse")
    call, draft = await a_whole_draft(world, holder, closes_at=closes_at, at=closes_at - timedelta(days=3))
    offsets = [timedelta(seconds=number / 5) for number in range(-10, 11)]
    offsets += [timedelta(minutes=sign * 59) for sign in (-1, 1)] + [timedelta(microseconds=sign) for sign in (-1, 1)]
    hands = await copies_of(draft, len(offsets), call=call.id)
    people = [await person(await value("SELECT started_by FROM application WHERE id = $1", hand.application)) for hand in hands]
    tries = [
        detached(deposit(hand.application, DepositForm(), by=who, at=closes_at + late))
        for late, hand, who in zip(offsets, hands, people, strict=True)
    ]
    told = await asyncio.gather(*tries, return_exceptions=True)
    for late, one in zip(offsets, told, strict=True):
        assert isinstance(one, Deposited if late < timedelta(0) else Conflict)
        if isinstance(one, Conflict):
            assert f"clos depuis le {words}" in str(one).replace("\xa0", " ").replace("\u202f", " ")
    await whole_halves(call.id)
