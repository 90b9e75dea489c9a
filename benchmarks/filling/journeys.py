"""An earlier call, whose retained projects have been in a cohort for months: what their timelines are made of."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import msgspec

from benchmarks.filling.answers import sentence
from benchmarks.filling.applications import FilledCall, Project, fill_call, projects_of
from benchmarks.filling.people import People
from benchmarks.filling.rows import Filling, copy
from incubator.core.clock import local_date
from incubator.core.ids import new_id

SESSIONS = 24
PHASE = "pre_incubation"
DELIVERED = ("L1", "L2", "L3")


class Journey(msgspec.Struct, frozen=True):
    """A retained project and the ids of what it went through."""

    project: Project
    application: UUID
    presentation: UUID
    decision: UUID
    place: UUID
    enrolment: UUID


async def fill_journeys(filling: Filling, people: People) -> list[UUID]:
    """Projects enrolled in a cohort, with a coach, two years' worth of sessions and some deliverables; their ids."""
    past = msgspec.structs.replace(filling, at=filling.at - timedelta(days=400))
    projects = await projects_of(past, people.past)
    call = await fill_call(past, people, projects, code="AAC-PASSE", opened_days_ago=60)
    closed = past.at + timedelta(days=20)
    await filling.connection.execute("UPDATE call SET closes_at = $2 WHERE id = $1", call.id, closed)
    journeys = [
        Journey(project, application, new_id(), new_id(), new_id(), new_id())
        for project, application in zip(projects, call.applications, strict=True)
    ]
    await _fill_decisions(past, people, call, journeys)
    await _fill_cohort(past, people, call, journeys)
    await _fill_coaching(past, people, journeys)
    await _fill_deliverables(past, people, journeys)
    return [project.id for project in projects]


async def _fill_decisions(past: Filling, people: People, call: FilledCall, journeys: list[Journey]) -> None:
    connection, at, committee = past.connection, past.at + timedelta(days=40), new_id()
    phase = past.reference.phases[PHASE]
    await copy(connection, "committee", "id call name created_at", [(committee, call.id, "Comité de l’appel passé", at)])
    await copy(
        connection,
        "presentation",
        "id committee application presented_at presented_by assessments_count mean median low high deviation flags",
        (
            (one.presentation, committee, one.application, at, people.manager, 3, *[Decimal(72)] * 4, Decimal(4), [])
            for one in journeys
        ),
    )
    await copy(
        connection,
        "decision",
        "id presentation outcome phase voters_count voices_count colleges_count decided_at decided_by",
        ((one.decision, one.presentation, "retained", phase, 12, 12, 3, at, people.manager) for one in journeys),
    )
    await copy(connection, "publication", "id committee published_at published_by", [(new_id(), committee, at, people.manager)])
    await copy(
        connection,
        "journal_entry",
        "verb subject project by at",
        (
            (f"decision.{verb}", one.decision, one.project.id, people.manager, at)
            for one in journeys
            for verb in ("recorded", "published")
        ),
    )


async def _fill_cohort(past: Filling, people: People, call: FilledCall, journeys: list[Journey]) -> None:
    connection, at, cohort = past.connection, past.at + timedelta(days=60), new_id()
    programme, phase, day = past.reference.programme, past.reference.phases[PHASE], local_date(at)
    await copy(
        connection,
        "cohort",
        "id programme call name starts_on created_at created_by",
        [(cohort, programme, call.id, "Promotion passée", day, at, people.manager)],
    )
    await copy(
        connection,
        "capacity",
        "id cohort phase places_count taken_count",
        [(new_id(), cohort, phase, len(journeys), len(journeys))],
    )
    await copy(
        connection,
        "place",
        "id cohort decision project phase state offered_at answer_by answered_at answered_by",
        (
            (one.place, cohort, one.decision, one.project.id, phase, "accepted", at, at, at, one.project.depositor)
            for one in journeys
        ),
    )
    await copy(
        connection,
        "agreement",
        "id place text text_hash drawn_up_at project_signed_at project_signed_by programme_signed_at programme_signed_by",
        (
            (new_id(), one.place, sentence(past.chance, 1500), "banc", at, at, one.project.depositor, at, people.manager)
            for one in journeys
        ),
    )
    await copy(
        connection,
        "enrolment",
        "id place project cohort phase state starts_on",
        ((one.enrolment, one.place, one.project.id, cohort, phase, "active", day) for one in journeys),
    )
    verbs = ("place.accepted", "agreement.drawn_up", "agreement.signed", "agreement.signed", "enrolment.started")
    await copy(
        connection,
        "journal_entry",
        "verb subject project by at",
        ((verb, one.enrolment, one.project.id, people.manager, at) for one in journeys for verb in verbs),
    )


async def _fill_coaching(past: Filling, people: People, journeys: list[Journey]) -> None:
    connection, at = past.connection, past.at + timedelta(days=61)
    coached = [(one, people.coaches[number % len(people.coaches)]) for number, one in enumerate(journeys)]
    await copy(
        connection,
        "coach_assignment",
        "id project coach is_lead from_on planned_days assigned_at assigned_by",
        ((new_id(), one.project.id, coach, True, local_date(at), Decimal(4), at, people.manager) for one, coach in coached),
    )
    held = [(new_id(), one, coach, at + timedelta(days=12 * number)) for one, coach in coached for number in range(SESSIONS)]
    await copy(
        connection,
        "support_session",
        "id project coach held_on duration_minutes kind participants done decided next_steps next_on logged_at",
        (
            (
                session, one.project.id, coach, local_date(when), 90, "one_to_one", "Toute l’équipe", sentence(past.chance, 300),
                sentence(past.chance, 200), sentence(past.chance, 200), local_date(when) + timedelta(days=12), when,
            )
            for session, one, coach, when in held
        ),
    )  # fmt: skip
    told = [("coach.assigned", one.project.id, one.project.id, people.manager, at, "{}") for one, _coach in coached]
    told += [
        ("session.logged", session, one.project.id, coach, when, f'{{"on": "{local_date(when)}"}}')
        for session, one, coach, when in held
    ]
    await copy(connection, "journal_entry", "verb subject project by at data", told)


async def _fill_deliverables(past: Filling, people: People, journeys: list[Journey]) -> None:
    at = past.at + timedelta(days=120)
    delivered = [(new_id(), one, past.reference.milestones[code]) for one in journeys for code in DELIVERED]
    await copy(
        past.connection,
        "deliverable",
        "id enrolment milestone state content submitted_at submitted_by reviewed_at reviewed_by",
        (
            (
                deliverable, one.enrolment, milestone, "valid", sentence(past.chance, 400), at, one.project.depositor, at,
                people.coaches[0],
            )
            for deliverable, one, milestone in delivered
        ),
    )  # fmt: skip
    await copy(
        past.connection,
        "journal_entry",
        "verb subject project by at",
        (
            (f"deliverable.{verb}", deliverable, one.project.id, one.project.depositor, at)
            for deliverable, one, _milestone in delivered
            for verb in ("submitted", "validated")
        ),
    )
