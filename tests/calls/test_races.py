"""Acts that meet on real connections."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from incubator.calls.actions import extend_call, import_call, publish_call
from incubator.calls.files import read_call_file
from incubator.calls.forms import ExtensionForm, ImportFields
from incubator.calls.reference import FILE, load_reference
from incubator.core.database import detached, value
from incubator.core.errors import Conflict
from tests.world.calls import a_call, a_draft_call
from tests.world.people import a_manager
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("committed_db")

AT = datetime(2025, 11, 20, 9, tzinfo=UTC)


async def test_loading_twice_at_once_loads_once():
    loaded = await asyncio.gather(*(detached(load_reference(at=AT)) for _time in range(4)))
    assert len(set(loaded)) == 1
    for table in ("programme", "plan_version", "form_version", "grid"):
        assert await value(f"SELECT count(*) FROM {table}") == 1


async def test_publishing_twice_at_once_publishes_once():
    world = await the_programme()
    manager = await a_manager(world.programme)
    draft = await a_draft_call(
        world, opens_at=datetime(2025, 12, 1, 8, tzinfo=UTC), closes_at=datetime(2026, 1, 30, 22, 59, tzinfo=UTC), by=manager
    )
    tries = [detached(publish_call(draft.code, by=manager, at=AT)) for _time in range(5)]
    told = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(one) for one in told if one is not None] == [Conflict] * 4
    assert await value("SELECT count(*) FROM journal_entry WHERE verb = 'call.published'") == 1


async def test_extending_twice_at_once_extends_once():
    world = await the_programme()
    manager = await a_manager(world.programme)
    closes_at = datetime(2026, 1, 30, 22, 59, tzinfo=UTC)
    call = await a_call(world, opens_at=datetime(2025, 12, 1, 8, tzinfo=UTC), closes_at=closes_at, by=manager)
    form = ExtensionForm(closes_at=closes_at + timedelta(days=7), reason="Panne")
    tries = [detached(extend_call(call.code, form, by=manager, at=closes_at - timedelta(seconds=1))) for _time in range(5)]
    told = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(one) for one in told if one is not None] == [Conflict] * 4
    assert await value("SELECT count(*) FROM extension") == 1


async def test_importing_the_same_file_twice_at_once_publishes_a_new_form_once():
    world = await the_programme()
    manager = await a_manager(world.programme)
    known = read_call_file(FILE.read_bytes())
    file = msgspec.structs.replace(known, form=msgspec.structs.replace(known.form, title="Nouveau"))
    assert file.call is not None
    dates = {name: getattr(file.call, name) for name in ("opens_at", "closes_at", "notify_on")}
    tries = [
        detached(import_call(file, ImportFields(programme=world.programme, code=f"AAC-{n}", **dates), by=manager, at=AT))
        for n in range(4)
    ]
    made = await asyncio.gather(*tries)
    assert len({one.code for one in made}) == 4
    assert await value("SELECT count(DISTINCT form) FROM call") == 1
    assert await value("SELECT count(*) FROM form_version") == 2
