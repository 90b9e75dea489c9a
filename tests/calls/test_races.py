"""Acts that meet on real connections."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from incubator.calls.actions import publish_call
from incubator.calls.reference import load_reference
from incubator.core.database import detached, value
from incubator.core.errors import Conflict
from tests.world.calls import a_draft_call
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
