"""Places under many hands at once: never above the ceiling (R26)."""

from __future__ import annotations

import asyncio

import pytest

from incubator.cohorts.actions import accept_place, decline_place
from incubator.cohorts.forms import AnswerForm
from incubator.cohorts.queries import place_of, places_in
from incubator.core.clock import now
from incubator.core.database import value
from incubator.core.errors import Conflict
from tests.world.cohorts import a_closed_call, a_cohort, a_published_decision
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("committed_db")
CROWD = 50


async def test_fifty_want_the_last_place_and_one_gets_it() -> None:
    world = await the_programme()
    call = await a_closed_call(world, places={"pre_incubation": 1})
    decided = [await a_published_decision(world, call, f"Projet {number}") for number in range(CROWD)]
    cohort = (await a_cohort(world, call)).cohort
    answers = await asyncio.gather(
        *(accept_place(one.project, by=one.holder, at=now()) for one in decided), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, Conflict)]
    assert len(refused) == CROWD - 1
    assert {answer.reason for answer in refused} == {"La promotion est complète."}
    assert (await places_in(cohort))[0].taken_count == 1
    assert await value("SELECT count(*) FROM enrolment") == 1


async def test_one_project_accepts_twenty_times_at_once_and_takes_one_place() -> None:
    world = await the_programme()
    call = await a_closed_call(world, places={"pre_incubation": 5})
    decided = await a_published_decision(world, call)
    cohort = (await a_cohort(world, call)).cohort
    answers = await asyncio.gather(
        *(accept_place(decided.project, by=decided.holder, at=now()) for _ in range(20)), return_exceptions=True
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 19
    assert (await places_in(cohort))[0].taken_count == 1


async def test_places_freed_at_once_go_to_as_many_different_projects() -> None:
    world = await the_programme()
    call = await a_closed_call(world, places={"pre_incubation": 3})
    leaving = [await a_published_decision(world, call, f"Part {number}") for number in range(3)]
    waiting = [await a_published_decision(world, call, f"Attend {number}", rank=number) for number in range(1, 5)]
    await a_cohort(world, call)
    await asyncio.gather(*(decline_place(one.project, AnswerForm(), by=one.holder, at=now()) for one in leaving))
    states = [(await place_of(one.holder, one.project)).state for one in waiting]
    assert states == ["offered", "offered", "offered", "waiting"]
