"""Applications for tests, made by the real acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from incubator.applications.actions import Given, deposit, pronounce, save_answers, start_application
from incubator.applications.forms import DepositForm, RulingForm, StartForm
from incubator.applications.queries.dossiers import answers_of
from incubator.applications.tables import Outcome
from incubator.calls.queries import CallView
from incubator.core.database import execute
from incubator.people.queries import Person
from tests.world.documents import Sent, a_document
from tests.world.people import an_instructor, someone
from tests.world.programmes import World
from tests.world.projects import TOURS, a_project

MATE = {"name": "Aïcha Diallo", "commune": "Tours", "role": "Direction", "days": "3", "skills": "Vélos"}
TEXTS = (
    *("1.3", "2.2", "2.3", "3.1", "3.2", "3.3", "3.4", "4.1", "4.2b", "4.3", "4.4", "5.1", "5.3", "5.5"),
    *("6.1", "6.2", "6.4c", "7.1", "8.1b", "8.2b", "8.4"),
)

CVS = {"9.1": [Sent("CV.pdf")]}


def whole_answers(*, name: str = "Repair’Bus", phase: str = "pre_incubation", commune: str = TOURS) -> dict[str, Any]:
    """Every answer the reference form requires, but the files (`CVS`)."""
    return {
        **dict.fromkeys(TEXTS, "Nous avons rencontré trente habitants et réparé cent vélos avec eux."),
        "1.1": name,
        "1.2": "Un atelier mobile qui répare dans les villages.",
        "1.4": "reuse",
        "1.5": phase,
        "1.6": commune,
        "1.6b": "Le Lochois",
        "1.7": "web",
        "1.8": "meeting",
        "2.1": [MATE, MATE | {"name": "Basile Roy", "days": "1.5"}],
        "2.4": "partly",
        "2.5": "is_not",
        "4.2": ["service"],
        "5.2": [{"name": "Mairie de Loches", "type": "authority", "role": "Prête un local", "state": "committed"}],
        "5.4": "scic",
        "6.3": [{"side": "charge", "item": "Salaires", "year_1": "20000", "year_2": "40000", "year_3": "60000"}],
        "6.4": "1.5",
        "6.4b": "3",
        "6.5": "is_not",
        "7.2": [{"indicator": "Objets réparés"}],
        "8.1": "test",
        "8.2": ["model", "funding", "impact"],
        "8.3": "is_not",
        **dict.fromkeys(["10.1", "10.2", "10.3", "10.4"], True),
    }


def typed(answers: Mapping[str, Any]) -> dict[str, Any]:
    """These answers without the files joined to some."""
    return {code: value for code, value in answers.items() if code not in CVS}


async def a_draft_application(call: CallView, person: Person, project: UUID | None = None, *, at: datetime | None = None) -> UUID:
    """A draft with nothing in it, not even what its project's card says (tests/applications/test_prefilling.py)."""
    at = at or call.opens_at + timedelta(hours=1)
    project = project or await a_project(person, call.programme, at=at)
    started = await start_application(call.code, StartForm(project), by=person, at=at)
    for table in ("answer_revision", "answer"):
        await execute(f"DELETE FROM {table} WHERE application = $1", started)
    return started


async def write(application: UUID, answers: Mapping[str, Any], *, by: Person, at: datetime) -> list[str]:
    """Save answers over whatever is there, and join the files among them (`Sent`), found clean."""
    stored = await answers_of(application)
    files = {code: value for code, value in answers.items() if isinstance(value, list) and value and isinstance(value[0], Sent)}
    given = {
        code: Given(value, stored[code].version if code in stored else 0) for code, value in answers.items() if code not in files
    }
    written = await save_answers(application, given, by=by, at=at)
    for code, sent in files.items():
        for one in sent:
            await a_document(application, code, by=by, at=at, name=one.name)
    return written


async def a_deposited_application(
    world: World,
    call: CallView,
    person: Person | None = None,
    *,
    name: str = "Repair’Bus",
    phase: str = "pre_incubation",
    commune: str = TOURS,
    at: datetime | None = None,
    **changed: Any,
) -> UUID:
    """An application deposited at `at` (an hour after the opening), on a project of its own; `changed` answers by code."""
    person = person or await someone(f"Porteur de {name}")
    at = at or call.opens_at + timedelta(hours=1)
    project = await a_project(person, world.programme, name, commune=commune, at=at)
    application = await a_draft_application(call, person, project, at=at)
    answers = whole_answers(name=name, phase=phase, commune=commune) | CVS | changed
    await write(application, answers, by=person, at=at)
    await deposit(application, DepositForm(), by=person, at=at)
    return application


async def an_admissible_application(
    world: World,
    call: CallView,
    person: Person | None = None,
    *,
    name: str = "Repair’Bus",
    phase: str = "pre_incubation",
    commune: str = TOURS,
    at: datetime | None = None,
    by: Person | None = None,
    **changed: Any,
) -> UUID:
    """A deposited application that an instructor found admissible the day after the call closed."""
    application = await a_deposited_application(world, call, person, name=name, phase=phase, commune=commune, at=at, **changed)
    by = by or await an_instructor(world.programme)
    form = RulingForm(Outcome.ADMISSIBLE, "Dossier complet.")
    await pronounce(application, form, by=by, at=call.closes_at + timedelta(days=1))
    return application
