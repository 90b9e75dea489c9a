"""Two who act at once on one path: one wins, the other is told."""

from __future__ import annotations

import asyncio

import pytest

from incubator.core.clock import now
from incubator.core.database import column, value
from incubator.core.errors import Conflict
from incubator.progress.actions.deliverables import review_deliverable
from incubator.progress.actions.enrolments import decide_gate
from incubator.progress.forms import GateForm, ReviewForm, Verdict
from incubator.progress.tables import GateOutcome
from tests.world.coaching import a_coached_project, a_second_coach
from tests.world.people import a_coach, a_manager
from tests.world.programmes import the_programme
from tests.world.progress import a_submitted_deliverable, milestone_of, ready_for_gate

pytestmark = pytest.mark.usefixtures("committed_db")


async def test_of_coaches_who_validate_at_once_one_wins_and_the_others_are_told() -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    others = [await a_coach(world.programme, f"Coach {number}") for number in range(7)]
    for other in others:
        await a_second_coach(coached, other)
    milestone = await a_submitted_deliverable(coached, "L1")
    form = ReviewForm(verdict=Verdict.VALIDATE, version=milestone.version)
    answers = await asyncio.gather(
        *(review_deliverable(coached.enrolment, milestone.id, form, by=coach, at=now()) for coach in (coached.coach, *others)),
        return_exceptions=True,
    )
    winner = (await milestone_of(coached, "L1")).reviewed_by
    told = [answer.reason for answer in answers if isinstance(answer, Conflict)]
    assert told == [f"Ce livrable est déjà validé par {winner}."] * 7
    assert await column("SELECT verb FROM journal_entry WHERE verb = 'deliverable.validated'") == ["deliverable.validated"]


async def test_of_two_managers_who_decide_at_once_one_wins() -> None:
    """R36: never two prolongations, never two next phases."""
    world = await the_programme()
    coached = await a_coached_project(world)
    other = await a_manager(world.programme, "Autre Gérante")
    facts = await ready_for_gate(coached)
    form = GateForm(outcome=GateOutcome.PASS, reason="Prêt.", version=facts.version)
    answers = await asyncio.gather(
        *(decide_gate(coached.enrolment, form, by=manager, at=now()) for manager in (coached.manager, other)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    assert await value("SELECT count(*) FROM enrolment WHERE project = $1", coached.project) == 2
    assert await value("SELECT count(*) FROM gate_review") == 1
