"""Rows for the tests of this room: committees, files and decisions as bare facts."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from incubator.applications.tables import Application, ApplicationState, ComplementRequest
from incubator.calls.queries import CallView
from incubator.core.database import execute
from incubator.people.queries import Person
from incubator.selection.tables import Assessment, Committee, Decision, Declaration, Presentation, Publication, Seat, Undertaking
from tests.world.calls import a_call
from tests.world.people import someone
from tests.world.programmes import World
from tests.world.projects import a_project

CANARY = "canari-secret"


class Applied(msgspec.Struct, frozen=True):
    """A project with an application, and who deposits it."""

    project: UUID
    holder: Person
    application: UUID
    call: CallView


async def an_open_call(world: World, at: datetime, *, closes_in: int = 10) -> CallView:
    """A call that opened a month before `at`."""
    return await a_call(world, opens_at=at - timedelta(days=30), closes_at=at + timedelta(days=closes_in))


async def an_application(
    world: World, call: CallView, at: datetime, *, state: str = "draft", name: str = "Repair’Bus", holder: Person | None = None
) -> Applied:
    """An application in that state."""
    holder = holder or await someone(f"Porteuse de {name}", at=at)
    project = await a_project(holder, world.programme, name, at=at - timedelta(days=20))
    application = Application(
        call=call.id, project=project, form=world.form, phase=world.phases["pre_incubation"], state=state, started_at=at,
        started_by=holder.id,
    )  # fmt: skip
    await Application.insert(application)
    return Applied(project, holder, application.id, call)


async def many_applications(world: World, call: CallView, at: datetime, count: int, *, state: str = "deposited") -> None:
    """So many applications in that state, one a project, all started by one person."""
    holder = await someone("Porteuse de beaucoup", at=at)
    await execute(
        "WITH made AS (INSERT INTO project (id, programme, name, summary, created_at, created_by) SELECT gen_random_uuid(), $1,"
        " 'Projet ' || n, '', $2, $3 FROM generate_series(1, $4::int) n RETURNING id)"
        " INSERT INTO application (id, call, project, form, phase, state, started_at, started_by, filed_name, version)"
        " SELECT gen_random_uuid(), $5, id, $6, $7, $8, $2, $3, '', 1 FROM made",
        world.programme, at, holder.id, count, call.id, world.form, world.phases["pre_incubation"], state,
    )  # fmt: skip


async def present_all(committee: UUID, call: CallView, by: Person, at: datetime) -> None:
    """Every admissible application of the call is put before the committee."""
    await execute(
        "INSERT INTO presentation (id, committee, application, presented_at, presented_by, assessments_count, mean, median, low,"
        " high, deviation, knock_out_mean, first_block_mean, flags, criteria) SELECT gen_random_uuid(), $1, a.id, $2, $3, 0, 0,"
        " 0, 0, 0, 0, 0, 0, '{}', '{}' FROM application a WHERE a.call = $4 AND a.state = 'admissible'",
        committee, at, by.id, call.id,
    )  # fmt: skip


async def limit(holder: Person, at: datetime) -> None:
    """Someone limits the use of their data (K06)."""
    await execute("UPDATE account SET limited_at = $2 WHERE id = $1", holder.id, at)


async def a_complement(applied: Applied, *, due_at: datetime) -> None:
    """A complement is asked for."""
    await execute(
        "UPDATE application SET state = $2 WHERE id = $1", applied.application, ApplicationState.COMPLEMENT_REQUESTED.value
    )
    await ComplementRequest.insert(
        ComplementRequest(
            application=applied.application, questions=["1.1"], message=CANARY, asked_at=due_at - timedelta(days=15),
            asked_by=applied.holder.id, due_at=due_at,
        )
    )  # fmt: skip


async def a_committee(call: CallView, at: datetime) -> UUID:
    """The committee of a call."""
    made = Committee(call=call.id, name="Comité de sélection", created_at=at)
    await Committee.insert(made)
    return made.id


async def a_seat(committee: UUID, member: Person, at: datetime, *, signed: bool = True) -> UUID:
    """A voting seat, its undertaking signed."""
    seat = Seat(committee=committee, account=member.id, college="ess", given_at=at)
    await Seat.insert(seat)
    if signed:
        await Undertaking.insert(Undertaking(seat=seat.id, signed_at=at, text_hash="0"))
    return seat.id


async def a_presentation(committee: UUID, applied: Applied, at: datetime, *, assessments: int = 0) -> UUID:
    """The application is put before the committee."""
    made = Presentation(
        committee=committee, application=applied.application, presented_at=at, presented_by=applied.holder.id,
        assessments_count=assessments, flags=[], criteria="{}",
    )  # fmt: skip
    await Presentation.insert(made)
    return made.id


async def a_declaration(seat: UUID, presentation: UUID, at: datetime, *, interest: bool = False) -> None:
    """A member declares an interest, or none."""
    made = Declaration(seat=seat, presentation=presentation, has_interest=interest, reason=CANARY, declared_at=at)
    await Declaration.insert(made)


async def an_assessment(seat: UUID, presentation: UUID, at: datetime, *, handed_in: bool = True) -> None:
    """A member has written an assessment."""
    state = "handed_in" if handed_in else "draft"
    made = Assessment(
        seat=seat, presentation=presentation, state=state, comment=CANARY, saved_at=at, handed_in_at=at if handed_in else None
    )
    await Assessment.insert(made)


async def a_decision(presentation: UUID, world: World, by: Person, at: datetime, *, outcome: str = "retained") -> None:
    """A decision is recorded, not published."""
    made = Decision(
        presentation=presentation, outcome=outcome, phase=world.phases["pre_incubation"] if outcome == "retained" else None,
        conditions=CANARY, orientation=CANARY, no_quorum_reason=CANARY, decided_at=at, decided_by=by.id,
    )  # fmt: skip
    await Decision.insert(made)


async def a_publication(committee: UUID, by: Person, at: datetime) -> None:
    """The decisions are published."""
    await Publication.insert(Publication(committee=committee, published_at=at, published_by=by.id))
