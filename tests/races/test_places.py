"""Many hands on few places, on connections that compete (R26, R30)."""

from __future__ import annotations

import asyncio

import pytest

from incubator.cohorts.actions import accept_place, resize_cohort, sign_agreement, withdraw_place
from incubator.cohorts.forms import AnswerForm, CapacityForm, SignatureForm
from incubator.cohorts.queries import agreement_of, place_of, places_in
from incubator.core.clock import now
from incubator.core.database import column, detached, value
from incubator.core.errors import Conflict
from incubator.people.queries import Person
from tests.world.cohorts import a_closed_call, a_cohort, a_published_decision, an_accepted_project
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("committed_db")
PLACES, PROJECTS, TABS = 3, 20, 10
SIDES = 5


async def test_two_hundred_acceptances_by_twenty_projects_take_exactly_the_three_places() -> None:
    world = await the_programme()
    call = await a_closed_call(world, places={"pre_incubation": PLACES})
    wanting = [await a_published_decision(world, call, f"Projet {number}") for number in range(PROJECTS)]
    cohort = (await a_cohort(world, call)).cohort
    tries = [detached(accept_place(one.project, by=one.holder, at=now())) for _tab in range(TABS) for one in wanting]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(answer, Conflict) for answer in answers) == PROJECTS * TABS - PLACES
    assert (await places_in(cohort))[0].taken_count == PLACES
    assert await column("SELECT count(DISTINCT project) FROM enrolment UNION ALL SELECT count(*) FROM agreement") == [PLACES] * 2
    assert await value("SELECT count(DISTINCT about) FROM letter WHERE kind = 'cohorts.place_accepted'") == PLACES


async def test_a_ceiling_lowered_while_projects_accept_is_never_below_what_is_taken() -> None:
    world = await the_programme()
    call = await a_closed_call(world, places={"pre_incubation": 8})
    wanting = [await a_published_decision(world, call, f"Projet {number}") for number in range(8)]
    gathered = await a_cohort(world, call)
    lower = [
        resize_cohort(gathered.cohort, world.phases["pre_incubation"], CapacityForm(count), by=gathered.manager, at=now())
        for count in (6, 4, 2, 0)
    ]
    accept = [accept_place(one.project, by=one.holder, at=now()) for one in wanting]
    mixed = [*accept[:3], lower[0], accept[3], lower[1], *accept[4:6], *lower[2:], *accept[6:]]
    answers = await asyncio.gather(*(detached(work) for work in mixed), return_exceptions=True)
    assert all(not isinstance(answer, Exception) or isinstance(answer, Conflict) for answer in answers)
    places = (await places_in(gathered.cohort))[0]
    assert places.taken_count <= places.places_count
    assert places.taken_count == await value("SELECT count(*) FROM place WHERE state = 'accepted'")


async def test_a_place_given_back_from_five_tabs_calls_one_project() -> None:
    world = await the_programme()
    call = await a_closed_call(world, places={"pre_incubation": 1})
    leaving = await a_published_decision(world, call, "Part")
    for rank in (1, 2, 3):
        await a_published_decision(world, call, f"Attend {rank}", rank=rank)
    await a_cohort(world, call)
    await accept_place(leaving.project, by=leaving.holder, at=now())
    tries = [detached(withdraw_place(leaving.project, AnswerForm(), by=leaving.holder, at=now())) for _tab in range(5)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 4
    assert await column("SELECT state FROM place ORDER BY state") == ["declined", "offered"]


async def test_an_agreement_signed_by_both_sides_from_many_tabs_starts_the_path_once() -> None:
    """R30."""
    enrolled = await an_accepted_project(await the_programme())
    agreement = await agreement_of(await place_of(enrolled.holder, enrolled.project))
    assert agreement
    form = SignatureForm(text_hash=agreement.text_hash, agreed=True)

    async def sign(by: Person) -> None:
        await sign_agreement(enrolled.project, form, by=by, at=now())

    tries = [detached(sign(by)) for _tab in range(SIDES) for by in (enrolled.holder, enrolled.manager)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict"] * (2 * SIDES - 2) + ["NoneType"] * 2
    assert await column("SELECT state FROM enrolment") == ["active"]
    verbs = await column("SELECT verb FROM journal_entry WHERE verb IN ('agreement.signed', 'enrolment.started') ORDER BY number")
    assert verbs == ["agreement.signed", "agreement.signed", "enrolment.started"]
