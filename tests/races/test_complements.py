"""A complement until its last second, whatever the calendar does in between, whoever comes at the same moment (R6, B25)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from incubator.applications.actions import answer_complement, pronounce, request_complement, save_answer
from incubator.applications.actions.depositing import Deposited
from incubator.applications.forms import AnswerForm, ComplementForm, DepositForm, RulingForm
from incubator.applications.queries.dossiers import dossier_for
from incubator.applications.queries.views import view_of
from incubator.applications.tables import Outcome
from incubator.core.database import column, detached, execute, value
from incubator.core.errors import Conflict
from incubator.people.queries import Person
from tests.races.crowd import a_whole_draft, copies_of, signed_in, two_workers
from tests.world.applications import a_deposited_application
from tests.world.calls import a_call
from tests.world.people import an_instructor, someone
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("committed_db")
ROUNDS, TABS, TEAMS = 6, 5, 60
ASK = ComplementForm(questions=["3.1"], message="Précisez.")
TICK = timedelta(microseconds=1)


def utc(*parts: int) -> datetime:
    """An instant."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


LAST_SECONDS = (  # fifteen times twenty-four hours would be another day around each change of clock
    (utc(2026, 10, 12, 9), utc(2026, 10, 27, 22, 59, 59, 999_999), "mardi 27 octobre 2026 à 23 h 59"),
    (utc(2026, 10, 10, 22, 30), utc(2026, 10, 26, 22, 59, 59, 999_999), "lundi 26 octobre 2026 à 23 h 59"),
    (utc(2027, 3, 13, 22, 30), utc(2027, 3, 28, 21, 59, 59, 999_999), "dimanche 28 mars 2027 à 23 h 59"),
    (utc(2027, 3, 20, 9), utc(2027, 4, 4, 21, 59, 59, 999_999), "dimanche 4 avril 2027 à 23 h 59"),
    (utc(2028, 2, 14, 9), utc(2028, 2, 29, 22, 59, 59, 999_999), "mardi 29 février 2028 à 23 h 59"),
    (utc(2026, 4, 16, 9), utc(2026, 5, 1, 21, 59, 59, 999_999), "vendredi 1er mai 2026 à 23 h 59"),
)  # fmt: skip


async def _asked(at: datetime, *, name: str = "Repair’Bus") -> tuple[UUID, Person]:
    """An application on which more was asked at an instant, and its depositor."""
    world, holder = await the_programme(), await someone("Hana Porteuse")
    call = await a_call(world, opens_at=at - timedelta(days=9), closes_at=at - timedelta(days=1))
    application = await a_deposited_application(world, call, holder, name=name)
    await request_complement(application, ASK, by=await an_instructor(world.programme), at=at)
    return application, holder


@pytest.mark.parametrize(("asked_at", "due_at", "words"), LAST_SECONDS)
async def test_the_last_second_is_the_same_in_the_mail_on_the_page_in_the_journal_and_at_the_door(
    asked_at: datetime, due_at: datetime, words: str
) -> None:
    application, holder = await _asked(asked_at)
    text = await value("SELECT text FROM letter WHERE kind = 'applications.complement_requested'")
    assert f"jusqu’au {words}, heure de Paris" in text.replace("\xa0", " ").replace("\u202f", " ")
    told = await value("SELECT data ->> 'due_at' FROM journal_entry WHERE verb = 'complement.requested'")
    view = view_of(await dossier_for(holder, application), at=due_at)
    assert view.complement is not None
    assert datetime.fromisoformat(told) == view.complement.due_at == due_at
    saved = await save_answer(application, "3.1", AnswerForm("Trente habitants.", 1), by=holder, at=due_at)
    with pytest.raises(Conflict, match="Le délai pour compléter est passé"):
        await save_answer(application, "3.1", AnswerForm("Quarante.", saved.version), by=holder, at=due_at + TICK)
    for late, wanted in ((TICK, ["Conflict"] * TABS), (timedelta(0), ["Conflict"] * (TABS - 1) + ["Deposited"])):
        tries = [detached(answer_complement(application, DepositForm(), by=holder, at=due_at + late)) for _tab in range(TABS)]
        answers = await asyncio.gather(*tries, return_exceptions=True)
        assert sorted(type(answer).__name__ for answer in answers) == wanted
    assert await column("SELECT received_at FROM deposit WHERE ordinal = 2") == [due_at]
    assert await value("SELECT content -> 'answers' ->> '3.1' FROM deposit WHERE ordinal = 2") == "Trente habitants."


async def test_an_answer_on_the_last_second_and_a_ruling_just_after_never_both_miss() -> None:
    """Whichever comes first, the ruling speaks of what was there; nothing is answered after it."""
    asked_at, due_at, _words = LAST_SECONDS[0]
    rounds: list[tuple[UUID, list[Any]]] = []
    for number in range(ROUNDS):
        application, holder = await _asked(asked_at, name=f"Projet {number}")
        staff = await an_instructor((await the_programme()).programme)
        answering = answer_complement(application, DepositForm(), by=holder, at=due_at)
        ruling = pronounce(application, RulingForm(Outcome.ADMISSIBLE, "Vu."), by=staff, at=due_at + TICK)
        rounds.append((application, [answering, ruling] if number % 2 else [ruling, answering]))
    works = [detached(work) for _application, pair in rounds for work in pair]
    answers = await asyncio.gather(*works, return_exceptions=True)
    assert all(not isinstance(answer, Exception) or isinstance(answer, Conflict) for answer in answers)
    for application, _pair in rounds:
        verbs = await column("SELECT verb FROM journal_entry WHERE subject = $1 ORDER BY number", application)
        assert verbs[-1] == "application.admissible"
        deposits = await value("SELECT count(*) FROM deposit WHERE application = $1", application)
        assert ("complement.answered" in verbs) == (deposits == 2)
    assert any(isinstance(answer, Deposited) for answer in answers)


async def test_sixty_answers_around_the_last_second_in_two_processes(committed_db: str) -> None:
    """Taken if and only if received by the last instant; each once, though sent from two tabs."""
    at, loop = datetime.now(UTC), asyncio.get_running_loop()
    world, holder = await the_programme(), await someone("Hana Porteuse")
    call, draft = await a_whole_draft(world, holder, closes_at=at + timedelta(hours=1), at=at)
    hands = await copies_of(draft, TEAMS, call=call.id)
    async with two_workers(committed_db) as door:
        staff = await signed_in(await an_instructor(world.programme))
        for hand in hands:
            assert (await door.knock(hand, f"applications/{hand.application}/deposit", {}, at=0)).status == 201
            body = {"questions": ["3.1"], "message": "Précisez."}
            assert (await door.knock(staff, f"applications/{hand.application}/complement-request", body, at=0)).status == 201
        start = loop.time() + 0.3
        due_at = datetime.now(UTC) + timedelta(seconds=1.8)
        await execute("UPDATE complement_request SET due_at = $1", due_at)
        knocks = [
            door.knock(hand, f"applications/{hand.application}/complement-answer", {}, at=start + rank * 3 / TEAMS)
            for rank, hand in enumerate(hands)
            for _tab in range(2)
        ]
        told = await asyncio.gather(*knocks)
    second = {one for one in await column("SELECT application FROM deposit WHERE ordinal = 2")}
    assert 0 < len(second) < TEAMS
    assert await value("SELECT max(received_at) FROM deposit WHERE ordinal = 2") <= due_at
    for rank, hand in enumerate(hands):
        tabs = told[2 * rank : 2 * rank + 2]
        assert sorted(one.status for one in tabs) == ([201, 409] if hand.application in second else [409, 409])
        if hand.application not in second:
            assert all(one.answered > due_at for one in tabs)
    verbs = "SELECT count(*) FROM journal_entry WHERE verb = 'complement.answered'"
    assert (
        await value(verbs) == await value("SELECT count(*) FROM complement_request WHERE answered_at IS NOT NULL") == len(second)
    )
