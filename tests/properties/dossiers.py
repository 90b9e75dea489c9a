"""The people, calls and dossiers that the properties speak of."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import hypothesis
import msgspec

from incubator.applications.actions import Given, save_answer, save_answers
from incubator.applications.forms import AnswerForm
from incubator.applications.queries.dossiers import answers_of
from incubator.calls.actions.versions import publish_form
from incubator.calls.definitions import FormDefinition
from incubator.calls.queries import CallView
from incubator.calls.rules.forms import why_not_phases
from incubator.core.database import execute
from incubator.people.queries import Person
from tests.properties.forms import PHASES
from tests.stateful.house import AS_FOUND, QUIET
from tests.world.applications import a_draft_application
from tests.world.calls import a_call
from tests.world.documents import a_document
from tests.world.people import a_manager, someone
from tests.world.programmes import World, the_programme
from tests.world.projects import a_project

OPENS = datetime(2026, 2, 2, 8, tzinfo=UTC)
CLOSES = datetime(2026, 3, 27, 22, 59, 59, tzinfo=UTC)
WRITTEN = OPENS + timedelta(days=2)


def often(examples: int) -> hypothesis.settings:
    """So many examples, always the same ones; HYPOTHESIS_PROFILE=campaign looks for others, ten times more."""
    is_campaign = os.environ.get("HYPOTHESIS_PROFILE") == "campaign"
    if is_campaign:
        return hypothesis.settings(max_examples=examples * 10, **QUIET)
    return hypothesis.settings(max_examples=examples, derandomize=True, phases=AS_FOUND, **QUIET)


class Scene(msgspec.Struct, frozen=True):
    """A programme, who runs it, someone and their project."""

    world: World
    manager: Person
    holder: Person
    project: UUID


async def the_scene() -> Scene:
    world = await the_programme()
    manager, holder = await a_manager(world.programme), await someone("Hana Porteuse")
    return Scene(world, manager, holder, await a_project(holder, world.programme, at=OPENS - timedelta(days=1)))


def entries_of(definition: FormDefinition) -> tuple[str, ...]:
    """The entry phases of a call that asks for this form: several only where each team must say which."""
    return PHASES if why_not_phases(definition, len(PHASES)) is None else PHASES[:1]


async def a_call_for(scene: Scene, definition: FormDefinition, entries: tuple[str, ...] = ()) -> CallView:
    """A published call that asks for this form, and that one enters by these phases."""
    entries = entries or entries_of(definition)
    form = await publish_form(scene.world.programme, definition, by=scene.manager, at=OPENS - timedelta(days=3))
    world = msgspec.structs.replace(scene.world, form=form)
    return await a_call(world, opens_at=OPENS, closes_at=CLOSES, places=dict.fromkeys(entries, 5), by=scene.manager)


async def a_draft_for(scene: Scene, call: CallView) -> UUID:
    """A draft with nothing in it."""
    return await a_draft_application(call, scene.holder, scene.project)


async def stored(application: UUID) -> dict[str, Any]:
    """What is kept, by question."""
    return {code: one.value for code, one in (await answers_of(application)).items() if one.value is not None}


async def keep(application: UUID, sent: Mapping[str, Any], *, by: Person) -> None:
    """Save these answers together over whatever is there."""
    known = await answers_of(application)
    given = {code: Given(value, known[code].version if code in known else 0) for code, value in sent.items()}
    await save_answers(application, given, by=by, at=WRITTEN)


async def keep_one(application: UUID, code: str, value: Any, *, by: Person) -> Any:
    """Save one answer, as pages do while one writes."""
    known = await answers_of(application)
    form = AnswerForm(value, known[code].version if code in known else 0)
    return await save_answer(application, code, form, by=by, at=WRITTEN)


async def join_files(application: UUID, question: str, count: int, *, by: Person) -> list[str]:
    """Files sent to a question, in the order they were."""
    return [str(await a_document(application, question, by=by, at=WRITTEN, name=f"{rank}.pdf")) for rank in range(count)]


async def other_form(call: CallView, form: UUID) -> None:
    """Let the call ask for another form from now on."""
    await execute("UPDATE call SET form = $2 WHERE id = $1", call.id, form)
