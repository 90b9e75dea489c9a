"""Forms and grids being built, for tests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from incubator.calls.actions.drafts import start_form
from incubator.calls.actions.grids import start_grid
from incubator.calls.definitions import (
    Condition,
    Effect,
    EligibilityRule,
    FormDefinition,
    Kind,
    Option,
    Question,
    Section,
    SelfTestQuestion,
)
from incubator.calls.queries.building import BuiltForm, BuiltGrid, built_form, built_grid
from incubator.core.clock import now
from incubator.core.database import execute
from incubator.people.queries import Person
from tests.world.programmes import World

SMALL = FormDefinition(
    title="Petit dossier",
    sections=(
        Section(
            "S1",
            "Le projet",
            (
                Question("1.1", "Nom du projet", Kind.LINE, limit=80, required=True),
                Question("1.2", "Existe-t-il déjà ?", Kind.CHOICE, options=(Option("yes", "Oui"), Option("no", "Non"))),
                Question("1.3", "Depuis quand ?", Kind.DAY, when=Condition("1.2", values=("yes",))),
            ),
        ),
        Section("S2", "L’équipe", (Question("2.1", "Combien êtes-vous ?", Kind.NUMBER, least=1, most=50),)),
    ),
    eligibility=(EligibilityRule("E1", "Le projet existe.", Effect.WARNING, questions=("1.2",)),),
    self_test=(SelfTestQuestion("T1", "Êtes-vous de la région ?", "yes", "L’appel est régional."),),
)


async def a_form_draft(world: World, by: Person, definition: FormDefinition | None = SMALL) -> BuiltForm:
    """A draft of the programme's form: the small one, or with None the one in force."""
    made = await start_form(world.programme, world.form, by=by, at=now())
    if definition is not None:
        text = msgspec.json.encode(definition).decode()
        await execute("UPDATE form_version SET definition = $2 WHERE id = $1", made, text)
    return await built_form(by, made)


async def a_grid_draft(world: World, by: Person) -> BuiltGrid:
    """A draft of the programme's grid, made from the one in force."""
    return await built_grid(by, await start_grid(world.programme, world.grid, by=by, at=now()))


def codes(definition: FormDefinition, section: int = 0) -> list[str]:
    """The codes of a section's questions, in order."""
    return [question.code for question in definition.sections[section].questions]


async def reread(by: Person, form_id: UUID) -> FormDefinition:
    """The form as it is stored now."""
    return (await built_form(by, form_id)).definition


def question_fields(question: Question, **changed: Any) -> dict[str, Any]:
    """What a page sends to leave a question as it is, but for what is changed."""
    fields: dict[str, Any] = {"kind": question.kind.value, "label": question.label, "help": question.help}
    fields |= {"need": "yes" if question.required else "no", "readers": question.readers.value}
    if question.limit:
        fields["limit"] = str(question.limit)
    for option in question.options:
        fields |= {f"option_label.{option.code}": option.label, f"option_help.{option.code}": option.help}
    for rank, leaf in enumerate(question.when.leaves if question.when else ()):
        fields |= {f"when_question.{rank}": leaf.question, "when_answers": [f"{rank}.{value}" for value in leaf.values]}
    return fields | changed
