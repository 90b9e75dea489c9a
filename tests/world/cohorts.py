"""Cohorts, places and enrolments for tests, made by the real acts after a published decision."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from incubator.calls.queries import CallView
from incubator.cohorts.actions import accept_place, create_cohort, sign_agreement
from incubator.cohorts.forms import CohortForm, SignatureForm
from incubator.cohorts.queries import agreement_of, place_of
from incubator.core.clock import local_date, now
from incubator.core.database import execute, value
from incubator.core.ids import new_id
from incubator.people.queries import Person
from incubator.selection.tables import Committee, Decision, Presentation, Publication
from tests.world.calls import a_call
from tests.world.people import a_manager, someone
from tests.world.programmes import World
from tests.world.projects import a_project


class Decided(msgspec.Struct, frozen=True):
    """A project with a published decision, and who deposited its application."""

    project: UUID
    holder: Person
    decision: UUID
    call: CallView


class Gathered(msgspec.Struct, frozen=True):
    """A cohort and the manager who made it."""

    cohort: UUID
    call: CallView
    manager: Person


class Enrolled(msgspec.Struct, frozen=True):
    """A project that accepted its place; `enrolment` is its stay in the entry phase."""

    project: UUID
    holder: Person
    manager: Person
    call: CallView
    cohort: UUID
    enrolment: UUID
    phase: UUID


async def a_closed_call(world: World, *, places: dict[str, int] | None = None, at: datetime | None = None) -> CallView:
    """A call that closed a month before `at`."""
    at = at or now()
    opens_at, closes_at = at - timedelta(days=60), at - timedelta(days=30)
    return await a_call(world, opens_at=opens_at, closes_at=closes_at, places=places or {"pre_incubation": 10, "incubation": 2})


async def a_published_decision(
    world: World,
    call: CallView,
    name: str = "Repair’Bus",
    *,
    phase: str = "pre_incubation",
    rank: int | None = None,
    conditions: str = "",
    at: datetime | None = None,
) -> Decided:
    """A project retained in that phase, or on its waiting list at that rank.

    A committee publishes once: so that tests may add projects one by one, its decisions are written here as rows.
    `tests/cohorts/test_after_selection.py` comes by selection's own acts.
    """
    at = at or now()
    holder = await someone(f"Porteuse de {name}", at=at)
    project = await a_project(holder, world.programme, name, at=at - timedelta(days=40))
    committee = await _committee(call, holder, at)
    application = new_id()
    await execute(
        "INSERT INTO application (id, call, project, form, phase, state, started_at, started_by, version)"
        " VALUES ($1, $2, $3, $4, $5, 'admissible', $6, $7, 1)",
        application, call.id, project, world.form, world.phases[phase], at, holder.id,
    )  # fmt: skip
    presentation = Presentation(
        committee=committee, application=application, presented_at=at, presented_by=holder.id, flags=[], criteria="{}"
    )
    await Presentation.insert(presentation)
    decision = Decision(
        presentation=presentation.id, outcome="waiting_list" if rank else "retained", phase=world.phases[phase],
        waiting_rank=rank, conditions=conditions, decided_at=at, decided_by=holder.id,
    )  # fmt: skip
    await Decision.insert(decision)
    return Decided(project, holder, decision.id, call)


async def _committee(call: CallView, by: Person, at: datetime) -> UUID:
    """The committee of a call, its decisions published."""
    known: UUID | None = await value("SELECT id FROM committee WHERE call = $1", call.id)
    if known:
        return known
    committee = Committee(call=call.id, name="Comité", created_at=at, created_by=by.id)
    await Committee.insert(committee)
    await Publication.insert(Publication(committee=committee.id, published_at=at, published_by=by.id))
    return committee.id


async def a_cohort(
    world: World, call: CallView, *, starts_on: date | None = None, by: Person | None = None, at: datetime | None = None
) -> Gathered:
    """The cohort of a call, starting the day it is made unless said otherwise."""
    at = at or now()
    manager = by or await a_manager(world.programme)
    form = CohortForm(name="Promotion d’essai", starts_on=starts_on or local_date(at))
    return Gathered(await create_cohort(call.code, form, by=manager, at=at), call, manager)


async def an_accepted_project(
    world: World,
    name: str = "Repair’Bus",
    *,
    phase: str = "pre_incubation",
    gathered: Gathered | None = None,
    starts_on: date | None = None,
    at: datetime | None = None,
) -> Enrolled:
    """A project that accepted its place and whose agreement waits for its signatures."""
    at = at or now()
    if gathered is None:
        gathered = await a_cohort(world, await a_closed_call(world, at=at), starts_on=starts_on, at=at)
    decided = await a_published_decision(world, gathered.call, name, phase=phase, at=at)
    enrolment = await accept_place(decided.project, by=decided.holder, at=at)
    return Enrolled(
        decided.project, decided.holder, gathered.manager, gathered.call, gathered.cohort, enrolment, world.phases[phase]
    )


async def sign(project: UUID, by: Person, *, at: datetime | None = None) -> None:
    """One side signs the agreement as it is shown."""
    agreement = await agreement_of(await place_of(by, project))
    assert agreement
    await sign_agreement(project, SignatureForm(text_hash=agreement.text_hash, agreed=True), by=by, at=at or now())


async def an_active_enrolment(
    world: World,
    name: str = "Repair’Bus",
    *,
    phase: str = "pre_incubation",
    gathered: Gathered | None = None,
    starts_on: date | None = None,
    at: datetime | None = None,
) -> Enrolled:
    """A project on its way: its agreement is signed by both sides at `at`."""
    enrolled = await an_accepted_project(world, name, phase=phase, gathered=gathered, starts_on=starts_on, at=at)
    await sign(enrolled.project, enrolled.holder, at=at)
    await sign(enrolled.project, enrolled.manager, at=at)
    return enrolled
