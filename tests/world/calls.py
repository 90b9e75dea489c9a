"""Calls for tests, made by the real acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from incubator.calls.actions import create_call, publish_call
from incubator.calls.forms import CallForm
from incubator.calls.queries import CallView, call_by_code
from incubator.core.clock import local_date, now
from incubator.core.ids import new_id
from incubator.people.queries import Person
from tests.world.people import a_manager
from tests.world.programmes import World

DEPARTEMENTS = ["18", "28", "36", "37", "41", "45"]
PLACES = {"pre_incubation": 10, "incubation": 2}


def call_form(world: World, *, opens_at: datetime, closes_at: datetime, code: str = "", **changed: Any) -> CallForm:
    """A call that may be published, but for what is changed."""
    facts: dict[str, Any] = {
        "title": "Appel à candidatures d’hiver",
        "introduction": "Nous cherchons des projets portés à plusieurs.",
        "code": code or f"AAC-{new_id().hex[-12:].upper()}",
        "opens_at": opens_at,
        "closes_at": closes_at,
        "notify_on": local_date(closes_at + timedelta(days=45)),
        "departements": DEPARTEMENTS,
        "places": dict(PLACES),
        "form": world.form,
        "grid": world.grid,
        "plan": world.plan,
    }
    return CallForm(**(facts | changed))


async def a_draft_call(
    world: World, *, opens_at: datetime, closes_at: datetime, by: Person | None = None, **changed: Any
) -> CallView:
    """A call nobody but the staff sees."""
    manager = by or await a_manager(world.programme)
    made = await create_call(
        call_form(world, opens_at=opens_at, closes_at=closes_at, **changed), by=manager, at=opens_at - timedelta(days=1)
    )
    return await call_by_code(made.code)


async def a_call(
    world: World,
    *,
    opens_at: datetime,
    closes_at: datetime,
    places: Mapping[str, int] = PLACES,
    code: str = "",
    at: datetime | None = None,
    by: Person | None = None,
) -> CallView:
    """A published call; created and published at `at`, by default the day before it opens or now if that is earlier."""
    manager = by or await a_manager(world.programme)
    at = at or min(opens_at - timedelta(days=1), now())
    form = call_form(world, opens_at=opens_at, closes_at=closes_at, code=code, places=dict(places))
    made = await create_call(form, by=manager, at=at)
    await publish_call(made.code, by=manager, at=at)
    return await call_by_code(made.code)
