"""Copying and archiving calls, extensions as rows; what is published stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from incubator.calls.actions import archive_call, create_call, extend_call, restore_call
from incubator.calls.actions.faq import add_faq_entry
from incubator.calls.forms import ExtensionForm
from incubator.calls.public_forms import FaqForm
from incubator.calls.queries import call_by_code, calls, extensions_of
from incubator.calls.queries.faq import faq_of
from incubator.calls.rules import CallState
from incubator.core.database import column, value
from incubator.core.errors import Conflict, Invalid, NotFound, Refused
from tests.world.calls import a_call, a_draft_call, call_form
from tests.world.people import a_coach, a_manager, someone
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")

BEFORE = datetime(2025, 11, 20, 9, tzinfo=UTC)
OPENS = datetime(2025, 12, 1, 8, tzinfo=UTC)
CLOSES = datetime(2026, 1, 30, 22, 59, tzinfo=UTC)


async def test_a_copy_takes_the_frequent_questions_and_is_a_draft() -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    source = await a_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    asked = FaqForm(section="", question="Combien cela coûte-t-il ?", answer="Rien.", published=True)
    await add_faq_entry(source.code, asked, by=manager, at=OPENS)
    form = call_form(world, opens_at=OPENS, closes_at=CLOSES, code="AAC-COPIE", copy_of=source.code)
    made = await create_call(form, by=manager, at=CLOSES)
    copy = await call_by_code("AAC-COPIE")
    assert (copy.published_at, copy.form, copy.places) == (None, source.form, source.places)
    assert [entry.question for entry in await faq_of(made.id)] == ["Combien cela coûte-t-il ?"]
    assert [entry.question for entry in await faq_of(source.id)] == ["Combien cela coûte-t-il ?"]


async def test_what_is_copied_exists_in_the_programme() -> None:
    world = await the_programme()
    form = call_form(world, opens_at=OPENS, closes_at=CLOSES, copy_of="AAC-AILLEURS")
    with pytest.raises(Invalid) as wrong:
        await create_call(form, by=await a_manager(world.programme), at=BEFORE)
    assert list(wrong.value.errors) == ["copy_of"]
    assert await value("SELECT count(*) FROM call") == 0


async def test_an_archived_call_leaves_the_list_keeps_its_address_and_comes_back() -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    kept = await a_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    await archive_call(call.code, by=manager, at=CLOSES)
    listed = [line.code for line in (await calls(None, at=CLOSES)).items]
    archived = [(line.code, line.state) for line in (await calls(None, at=CLOSES, archived=True)).items]
    assert (listed, archived) == ([kept.code], [(call.code, CallState.ARCHIVED)])
    assert (await call_by_code(call.code)).state_at(CLOSES) is CallState.ARCHIVED
    with pytest.raises(Conflict, match="déjà archivé"):
        await archive_call(call.code, by=manager, at=CLOSES)
    await restore_call(call.code, by=manager, at=CLOSES + timedelta(days=1))
    assert (await call_by_code(call.code)).state_at(CLOSES + timedelta(days=1)) is CallState.CLOSED
    verbs = await column("SELECT verb FROM journal_entry WHERE subject = $1 ORDER BY number", call.id)
    assert verbs[-2:] == ["call.archived", "call.restored"]


@pytest.mark.parametrize("at", [BEFORE + timedelta(days=1), OPENS, CLOSES - timedelta(seconds=1)])
async def test_only_a_closed_call_is_archived(at: datetime) -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager, at=BEFORE)
    with pytest.raises(Conflict, match="n’est pas clos"):
        await archive_call(call.code, by=manager, at=at)
    with pytest.raises(Conflict, match="n’est pas archivé"):
        await restore_call(call.code, by=manager, at=at)
    assert (await call_by_code(call.code)).archived_at is None


async def test_only_the_manager_archives_and_copies() -> None:
    world = await the_programme()
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES)
    form = call_form(world, opens_at=OPENS, closes_at=CLOSES, copy_of=call.code)
    for person, failure in ((await a_coach(world.programme), Refused), (await someone(), NotFound)):
        with pytest.raises(Refused):
            await archive_call(call.code, by=person, at=CLOSES)
        with pytest.raises(failure):
            await create_call(form, by=person, at=CLOSES)
    assert await value("SELECT count(*) FROM call") == 1


async def test_an_extension_is_a_row_nobody_was_told_of_yet() -> None:
    world = await the_programme()
    manager = await a_manager(world.programme)
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    draft = await a_draft_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    later = CLOSES + timedelta(days=7)
    await extend_call(call.code, ExtensionForm(closes_at=later, reason="Panne"), by=manager, at=OPENS)
    moved = await extensions_of(call.id)
    assert [(one.closes_from, one.closes_to, one.reason, one.extended_by, one.told_at) for one in moved] == [
        (CLOSES, later, "Panne", manager.name, None)
    ]
    assert await extensions_of(draft.id) == []
