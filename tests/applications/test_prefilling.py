"""A draft begins with what its project's card says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from incubator.applications.actions import start_application
from incubator.applications.forms import StartForm
from incubator.applications.rules.prefilling import prefilled
from incubator.calls.definitions import Condition, FormDefinition, Kind, Option, Prefill, Question, Section
from incubator.calls.rules.forms import why_not_form
from incubator.core.database import column
from tests.world.calls import a_call
from tests.world.people import someone
from tests.world.programmes import the_programme
from tests.world.projects import TOURS, a_project

OPENS = datetime(2026, 1, 5, 8, tzinfo=UTC)
NAME = Question("a", "Nom", Kind.LINE, limit=10, prefill=Prefill.NAME)


def a_form(*questions: Question) -> FormDefinition:
    return FormDefinition("Formulaire", (Section("S", "Section", questions),))


@pytest.mark.parametrize(
    ("said", "answers"),
    [
        ("Repair’Bus", {"a": "Repair’Bus"}),
        ("Un nom trop long", {}),
        ("", {}),
        (None, {}),
    ],
)
def test_what_fits_is_taken_whole_or_not_at_all(said, answers):
    assert prefilled(a_form(NAME), {Prefill.NAME: said}) == answers


def test_a_question_that_is_not_asked_begins_empty():
    choice = Question("c", "Choix", Kind.CHOICE, options=(Option("x", "X"),))
    hidden = Question("a", "Nom", Kind.LINE, limit=10, prefill=Prefill.NAME, when=Condition("c", ("x",)))
    assert prefilled(a_form(choice, hidden), {Prefill.NAME: "Bus"}) == {}


def test_a_commune_cannot_begin_with_a_name():
    wrong = Question("a", "Commune", Kind.COMMUNE, prefill=Prefill.NAME)
    assert why_not_form(a_form(wrong)) == (
        "Question a\u00a0: elle ne peut pas commencer par ce qui est repris de la fiche du projet."
    )


async def test_the_reference_form_takes_name_summary_and_commune(db):
    world, me = await the_programme(), await someone()
    call = await a_call(world, opens_at=OPENS, closes_at=OPENS + timedelta(days=20))
    project = await a_project(me, world.programme, name="Repair’Bus")
    application = await start_application(call.code, StartForm(project), by=me, at=OPENS + timedelta(days=1))
    said = await column("SELECT value #>> '{}' FROM answer WHERE application = $1 ORDER BY question", application)
    assert said == ["Repair’Bus", "Un atelier mobile qui répare.", TOURS]
    assert await column("SELECT version FROM answer WHERE application = $1", application) == [1, 1, 1]
