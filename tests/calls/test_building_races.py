"""Two managers at once: one draft changed twice, two drafts published together."""

from __future__ import annotations

import asyncio

import pytest

from incubator.calls.actions import building
from incubator.calls.actions.drafts import publish_draft
from incubator.calls.building_forms import NewQuestionForm, SettingsForm
from incubator.calls.definitions import Kind
from incubator.calls.queries.building import built_form
from incubator.core.clock import now
from incubator.core.database import column
from incubator.core.errors import Stale
from tests.world.building import a_form_draft
from tests.world.people import a_manager
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
async def world(committed_db):
    return await the_programme()


@pytest.fixture
async def manager(world):
    return await a_manager(world.programme)


async def test_of_two_changes_of_one_version_one_is_told(world, manager):
    draft = await a_form_draft(world, manager)
    forms = [SettingsForm(title=f"Titre {rank}", version=1) for rank in range(6)]
    said = await asyncio.gather(
        *(building.edit_settings(draft.id, form, by=manager, at=now()) for form in forms), return_exceptions=True
    )
    assert [type(one) for one in said].count(Stale) == 5
    assert (await built_form(manager, draft.id)).version == 2


async def test_drafts_published_together_get_numbers_of_their_own(world, manager):
    drafts = [await a_form_draft(world, manager) for _rank in range(4)]
    made = await asyncio.gather(*(publish_draft(draft.id, 1, by=manager, at=now()) for draft in drafts))
    numbers = await column("SELECT number FROM form_version WHERE published_at IS NOT NULL ORDER BY number")
    assert sorted(one.number for one in made) == numbers[1:]
    assert len(set(numbers)) == 5


async def test_questions_added_to_two_drafts_at_once_have_codes_of_their_own(world, manager):
    """R54: whichever is published first."""
    drafts = [await a_form_draft(world, manager) for _rank in range(4)]
    new = NewQuestionForm(section="S2", label="Quoi ?", kind=Kind.TEXT)
    made = await asyncio.gather(*(building.add_question(draft.id, new, by=manager, at=now()) for draft in drafts))
    assert len(set(made)) == 4


async def test_questions_added_to_one_draft_at_once_have_codes_of_their_own(world, manager):
    """R54."""
    draft = await a_form_draft(world, manager)
    new = NewQuestionForm(section="S2", label="Quoi ?", kind=Kind.TEXT)
    made = await asyncio.gather(*(building.add_question(draft.id, new, by=manager, at=now()) for _rank in range(5)))
    assert len(set(made)) == 5
    stored = (await built_form(manager, draft.id)).definition
    assert [question.code for question in stored.sections[1].questions] == ["2.1", *sorted(made, key=lambda code: int(code[2:]))]
