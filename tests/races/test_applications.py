"""The instant of reception decides, whoever comes at the same moment (B01, R6)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from incubator.applications.actions import answer_complement, deposit, pronounce, request_complement
from incubator.applications.actions.depositing import Deposited
from incubator.applications.forms import ComplementForm, DepositForm, RulingForm
from incubator.applications.tables import Outcome
from incubator.core.clock import end_of_day, local_date
from incubator.core.database import column, detached, value
from incubator.core.errors import Conflict
from tests.world.applications import a_deposited_application, a_draft_application, whole_answers, write
from tests.world.calls import a_call
from tests.world.people import an_instructor, someone
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("committed_db")
OPENS = datetime(2026, 9, 1, 8, tzinfo=UTC)
CLOSES = datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC)  # a second before the clock goes back in Paris
ROUNDS = 6


async def test_deposits_around_the_closing_are_taken_if_and_only_if_received_before_it() -> None:
    world = await the_programme()
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES, code="AAC-2026")
    offsets = [timedelta(milliseconds=number * 100) for number in range(-10, 11)]
    offsets += [timedelta(microseconds=number) for number in (-2, -1, 1, 2)]
    drafts = {}
    for offset in offsets:
        holder = await someone(f"Porteuse {offset}")
        drafts[offset] = (await a_draft_application(call, holder), holder)
        await write(drafts[offset][0], whole_answers(), by=holder, at=OPENS + timedelta(hours=2))
    tries = [detached(deposit(draft, DepositForm(), by=holder, at=CLOSES + off)) for off, (draft, holder) in drafts.items()]
    answers = dict(zip(drafts, await asyncio.gather(*tries, return_exceptions=True), strict=True))
    assert {offset for offset, answer in answers.items() if isinstance(answer, Deposited)} == {o for o in offsets if o.days < 0}
    assert all(isinstance(answer, Deposited | Conflict) for answer in answers.values())
    taken = sum(offset.days < 0 for offset in offsets)
    numbers = await column("SELECT number FROM deposit ORDER BY number")
    assert numbers == [f"AAC-2026-{rank:04d}" for rank in range(1, taken + 1)]
    assert await column("SELECT count(*) FROM application GROUP BY state ORDER BY state") == [taken, len(offsets) - taken]


async def test_a_complement_on_its_last_second_and_a_ruling_just_after_never_both_miss() -> None:
    """Whichever comes first, the ruling speaks of what was there; nothing is answered after it."""
    world = await the_programme()
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES)
    staff, asked_at = await an_instructor(world.programme), OPENS + timedelta(days=1)
    due = end_of_day(local_date(asked_at) + timedelta(days=15))
    rounds: list[Any] = []
    for number in range(ROUNDS):
        holder = await someone(f"Porteuse {number}")
        application = await a_deposited_application(world, call, holder, name=f"Projet {number}")
        await request_complement(application, ComplementForm(questions=["3.1"], message="Précisez."), by=staff, at=asked_at)
        answering = answer_complement(application, DepositForm(), by=holder, at=due)
        ruling = pronounce(application, RulingForm(Outcome.ADMISSIBLE, "Vu."), by=staff, at=due + timedelta(microseconds=1))
        rounds.append((application, [answering, ruling] if number % 2 else [ruling, answering]))
    works = [detached(work) for _application, pair in rounds for work in pair]
    answers = await asyncio.gather(*works, return_exceptions=True)
    assert all(not isinstance(answer, Exception) or isinstance(answer, Conflict) for answer in answers)
    for application, _pair in rounds:
        verbs = await column("SELECT verb FROM journal_entry WHERE subject = $1 ORDER BY number", application)
        assert verbs[-1] == "application.admissible"
        assert ("complement.answered" in verbs) == (await value(_DEPOSITS, application) == 2)


async def test_a_complement_is_answered_until_its_last_instant_and_not_one_later() -> None:
    world = await the_programme()
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES)
    staff, asked_at = await an_instructor(world.programme), CLOSES - timedelta(days=3)
    due = datetime(2026, 11, 6, 22, 59, 59, tzinfo=UTC)  # fifteen days on, the clock has gone back
    told = {}
    for late in (timedelta(0), timedelta(microseconds=1)):
        holder = await someone(f"Porteuse {late}")
        application = await a_deposited_application(world, call, holder, name=f"Projet {late}")
        await request_complement(application, ComplementForm(questions=["3.1"], message="Précisez."), by=staff, at=asked_at)
        tries = [detached(answer_complement(application, DepositForm(), by=holder, at=due + late)) for _tab in range(5)]
        answers = await asyncio.gather(*tries, return_exceptions=True)
        told[late] = sorted(type(answer).__name__ for answer in answers)
    assert list(told.values()) == [["Conflict"] * 4 + ["Deposited"], ["Conflict"] * 5]


_DEPOSITS = "SELECT count(*) FROM deposit WHERE application = $1"
