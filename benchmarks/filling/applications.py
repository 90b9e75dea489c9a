"""Projects with their teams, and the admissible applications of a call: answers, deposits, rulings, journal, receipts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from benchmarks.filling.answers import answers, sentence
from benchmarks.filling.people import People
from benchmarks.filling.rows import Filling, copy
from incubator.applications.rules.dossier import Content, canonical, content_hash
from incubator.core.clock import local_date
from incubator.core.ids import new_id

CHUNK = 1000
PLACES = {"pre_incubation": 10, "incubation": 5}
PHASES = tuple(PLACES)


class Project(msgspec.Struct, frozen=True):
    """A project, whoever deposits for it, where it is and its name."""

    id: UUID
    depositor: UUID
    commune: str
    name: str


class FilledCall(msgspec.Struct, frozen=True):
    """A call and its applications, one a project, in the same order."""

    id: UUID
    code: str
    projects: tuple[Project, ...]
    applications: tuple[UUID, ...]


async def fill_projects(filling: Filling, people: People, size: int) -> list[Project]:
    """One project for each depositor, with two more people in its team."""
    return await projects_of(filling, people.depositors[:size])


async def projects_of(filling: Filling, depositors: tuple[UUID, ...]) -> list[Project]:
    """Projects, their teams of three and their first journal entries."""
    reference, chance, at = filling.reference, filling.chance, filling.at - timedelta(days=90)
    made = [Project(new_id(), depositor, chance.choice(reference.communes), sentence(chance, 40)) for depositor in depositors]
    await copy(
        filling.connection,
        "project",
        "id programme name summary commune created_at created_by",
        ((one.id, reference.programme, one.name, sentence(chance, 180), one.commune, at, one.depositor) for one in made),
    )
    await copy(
        filling.connection,
        "team_member",
        "id project account role name email skills availability joined_at",
        _team(filling, made),
    )
    await copy(
        filling.connection,
        "journal_entry",
        "verb subject project by at",
        (("project.created", one.id, one.id, one.depositor, at) for one in made),
    )
    return made


def _team(filling: Filling, made: list[Project]) -> Iterator[tuple[object, ...]]:
    at = filling.at - timedelta(days=90)
    for number, one in enumerate(made):
        for place in range(3):
            yield (
                new_id(),
                one.id,
                one.depositor if place == 0 else None,
                "depositor" if place == 0 else "editor",
                f"Personne {number}-{place}",
                f"personne-{number}-{place}@banc.example",
                sentence(filling.chance, 60),
                Decimal("2.5"),
                at,
            )


async def fill_call(filling: Filling, people: People, projects: list[Project], *, code: str, opened_days_ago: int) -> FilledCall:
    """A published call, open until next month, and an admissible application for each project."""
    reference, opens = filling.reference, filling.at - timedelta(days=opened_days_ago)
    call = new_id()
    closes = filling.at + timedelta(days=60)
    departements = await filling.connection.fetchval("SELECT array_agg(code ORDER BY code) FROM departement WHERE region = '24'")
    await copy(
        filling.connection,
        "call",
        "id programme code title introduction opens_at closes_at notify_on departements form grid plan created_at created_by"
        " published_at",
        [
            (
                call, reference.programme, code, "Appel à candidatures", sentence(filling.chance, 600), opens, closes,
                local_date(closes) + timedelta(days=30), departements, reference.form, reference.grid, reference.plan, opens,
                people.manager, opens,
            )
        ],
    )  # fmt: skip
    places = ((new_id(), call, reference.phases[phase], count) for phase, count in PLACES.items())
    await copy(filling.connection, "entry_places", "id call phase places_count", places)
    await filling.connection.execute("INSERT INTO receipt_counter (call, last) VALUES ($1, $2)", call, len(projects))
    made = FilledCall(call, code, tuple(projects), tuple(new_id() for _project in projects))
    for start in range(0, len(projects), CHUNK):
        await _fill_applications(filling, people, made, start)
    return made


async def _fill_applications(filling: Filling, people: People, call: FilledCall, start: int) -> None:
    reference, chance, at = filling.reference, filling.chance, filling.at
    chosen = list(zip(call.applications, call.projects, strict=True))[start : start + CHUNK]
    phases = [PHASES[number % 2] for number in range(len(chosen))]
    written = [
        answers(reference.definition, chance, project.commune, phase)
        for (_application, project), phase in zip(chosen, phases, strict=True)
    ]
    await copy(
        filling.connection,
        "application",
        "id call project form phase state started_at started_by deposited_at filed_name filed_commune version",
        (
            (
                application,
                call.id,
                project.id,
                reference.form,
                reference.phases[phase],
                "admissible",
                at,
                project.depositor,
                at,
                project.name,
                project.commune,
                2,
            )
            for (application, project), phase in zip(chosen, phases, strict=True)
        ),
    )
    await copy(
        filling.connection,
        "answer",
        "id application question value written_at written_by",
        (
            (new_id(), application, question, msgspec.json.encode(value).decode(), at, project.depositor)
            for (application, project), given in zip(chosen, written, strict=True)
            for question, value in given.items()
        ),
    )
    await _fill_deposits(filling, people, call, start, chosen, written)


async def _fill_deposits(
    filling: Filling,
    people: People,
    call: FilledCall,
    start: int,
    chosen: list[tuple[UUID, Project]],
    written: list[dict[str, Any]],
) -> None:
    at = filling.at
    contents = [
        Content(given, call.code, 1, filling.reference.form, project.id, project.name, PHASES[number % 2])
        for number, ((_application, project), given) in enumerate(zip(chosen, written, strict=True))
    ]
    await copy(
        filling.connection,
        "deposit",
        "id application ordinal number received_at deposited_by content content_hash",
        (
            (
                new_id(), application, 1, f"{call.code}-{start + number:05}", at, project.depositor,
                canonical(content).decode(), content_hash(content),
            )
            for number, ((application, project), content) in enumerate(zip(chosen, contents, strict=True))
        ),
    )  # fmt: skip
    await copy(
        filling.connection,
        "ruling",
        "id application outcome reason checks pronounced_at pronounced_by",
        ((new_id(), application, "admissible", "", "[]", at, people.manager) for application, _project in chosen),
    )
    told = (("started", True), ("deposited", True), ("admissible", False), ("presented", False))
    await copy(
        filling.connection,
        "journal_entry",
        "verb subject project by at",
        (
            (f"application.{verb}", application, project.id, project.depositor if is_team else people.manager, at)
            for application, project in chosen
            for verb, is_team in told
        ),
    )
    await copy(
        filling.connection,
        "letter",
        "id kind about to_account to_email subject text html state attempts_count created_at next_try_at sent_at",
        (
            (
                new_id(), "applications.deposited", application, project.depositor, f"{application}@banc.example",
                "Votre dossier est déposé", sentence(filling.chance, 400), sentence(filling.chance, 400), "sent", 1, at, at, at,
            )
            for application, project in chosen
        ),
    )  # fmt: skip
