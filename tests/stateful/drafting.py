"""A team, a call that changes its form, a former application: what the life of a draft is played on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from incubator.calls.definitions import Condition, FormDefinition, Kind, Option, Question, Section
from incubator.calls.queries import CallView
from incubator.people.queries import Person
from tests.world.applications import a_draft_application, write
from tests.world.calls import a_call
from tests.world.forms import a_form, use_form
from tests.world.people import a_manager, someone
from tests.world.programmes import the_programme
from tests.world.projects import a_member, a_project

OPENS = datetime(2026, 2, 2, 8, tzinfo=UTC)
CLOSES = datetime(2026, 3, 27, 22, 59, 59, tzinfo=UTC)
TEAM = ("holder", "mate", "reader")
AB = (Option("a", "A"), Option("b", "B"))
PHASE, YES = Question("0", "Phase", Kind.PHASE, required=True), Question("2", "Déjà ?", Kind.YES_NO, required=True)
WHY = Question("3", "Depuis quand ?", Kind.TEXT, limit=40, required=True, when=Condition("2", ("yes",)))
FILE = Question("4", "Pièces", Kind.FILE, file_types=("pdf",), files_max=2, size_max=100_000)
SWORN = Question("5", "C’est exact.", Kind.STATEMENT)
FORMS = {
    "A": FormDefinition("A", (
        Section("S1", "Un", (PHASE, Question("1", "Nom", Kind.LINE, limit=20), YES, WHY, FILE)),
        Section("S2", "Deux", (SWORN, Question("7", "Lequel ?", Kind.CHOICE, options=AB),
                               Question("8", "Dates", Kind.LINE, limit=9))),
    )),
    "B": FormDefinition("B", (
        Section("S1", "Un", (PHASE, Question("1", "Nom", Kind.TEXT, limit=90), YES)),
        Section("S2", "Deux", (WHY, FILE, SWORN, Question("6", "Neuf", Kind.LINE, limit=9),
                               Question("7", "Lesquels ?", Kind.CHOICES, options=AB))),
    )),
}  # fmt: skip
FORMER = {"0": "incubation", "1": "Ancien", "2": "yes", "3": "Texte ancien", "5": True, "7": "a", "8": "Vieux"}
VALUES: dict[str, tuple[Any, ...]] = {
    "0": ("pre_incubation", "incubation", None), "1": ("Vélo", "Atelier", None), "2": ("yes", "no", None),
    "3": ("Un", "Deux", None), "5": (True, None), "6": ("Six", None), "7": ("a", ["a"], ["a", "b"], None), "8": ("Huit", None),
}  # fmt: skip


class Scene(msgspec.Struct, frozen=True):
    """A call, two forms, a team with a former application."""

    call: CallView
    forms: dict[str, UUID]
    project: UUID
    former: UUID
    people: dict[str, Person]


async def the_scene() -> Scene:
    world = await the_programme()
    manager, names = await a_manager(world.programme), (*TEAM, "stranger")
    people = {name: await someone(name.title()) for name in names} | {"manager": manager}
    forms = {name: await a_form(world.programme, one, at=OPENS) for name, one in FORMS.items()}
    before = OPENS - timedelta(days=200)
    project = await a_project(people["holder"], world.programme, at=before)
    for name, role in (("mate", "editor"), ("reader", "reader")):
        await a_member(project, name.title(), people[name].email, by=people["holder"], role=role, at=before)
    old = await a_call(world, opens_at=before, closes_at=before + timedelta(days=30), by=manager)
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    for one in (old, call):
        await use_form(one.id, forms["A"])
    former = await a_draft_application(old, people["holder"], project)
    await write(former, FORMER, by=people["holder"], at=before + timedelta(days=1))
    return Scene(call, forms, project, former, people)


def carried(code: str, value: Any, to: str) -> Any:
    """What becomes of an answer on the other form; None: it is left."""
    if code == ("8" if to == "B" else "6"):
        return None
    if code == "7" and to == "B" and isinstance(value, str):
        return [value]
    if code == "7" and to == "A" and isinstance(value, list):
        return value[0] if len(value) == 1 else None
    return value
