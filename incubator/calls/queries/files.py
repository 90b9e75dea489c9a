"""Reading a call as the file it is exported to, and what a file would make."""

from __future__ import annotations

from uuid import UUID

import msgspec

from incubator.calls.definitions import FormDefinition, GridDefinition
from incubator.calls.files import CallFile, CallPart, FaqPart
from incubator.calls.queries.calls import CallView
from incubator.calls.queries.faq import faq_of
from incubator.calls.queries.versions import form_of, grid_definition, grid_version
from incubator.core.database import column, rows, value
from incubator.programmes.forms import PlanDefinition
from incubator.programmes.queries import plan, plan_definition, published_plans


async def call_file(view: CallView) -> CallFile:
    """The whole of a call: what it says, its plan, form and grid, its frequent questions."""
    entries = await faq_of(view.id)
    return CallFile(
        call=CallPart(
            code=view.code,
            title=view.title,
            introduction=view.introduction,
            opens_at=view.opens_at,
            closes_at=view.closes_at,
            notify_on=view.notify_on,
            departements=tuple(area.code for area in view.departements),
            places={place.code: place.places_count for place in view.places},
        ),
        plan=plan_definition(await plan(view.plan)),
        form=await form_of(view.form),
        grid=grid_definition(await grid_version(view.grid)),
        faq=tuple(
            FaqPart(section=e.section, question=e.question, answer=e.answer, published=bool(e.published_at)) for e in entries
        ),
    )


class Version(msgspec.Struct, frozen=True):
    """A version a call may follow; `id` is None for one that is not published yet."""

    id: UUID | None
    number: int


class _Published(msgspec.Struct, frozen=True):
    id: UUID
    number: int


async def form_like(programme: UUID, wanted: FormDefinition) -> Version:
    """The latest published form that says the same, else the one it would become."""
    found = await rows(
        _Published,
        "SELECT f.id, f.number FROM form_version f WHERE f.programme = $1 AND f.published_at IS NOT NULL"
        " AND f.definition = $2::jsonb ORDER BY f.number DESC LIMIT 1",
        programme, msgspec.json.encode(wanted).decode(),
    )  # fmt: skip
    return Version(found[0].id, found[0].number) if found else await _next("form_version", programme)


async def grid_like(programme: UUID, wanted: GridDefinition) -> Version:
    """The latest published grid that says the same, else the one it would become."""
    published = await column(
        "SELECT g.id FROM grid g WHERE g.programme = $1 AND g.published_at IS NOT NULL ORDER BY g.number DESC LIMIT 50", programme
    )
    for grid_id in published:
        grid = await grid_version(grid_id)
        if grid_definition(grid) == wanted:
            return Version(grid.id, grid.number)
    return await _next("grid", programme)


async def plan_like(programme: UUID, wanted: PlanDefinition | None) -> Version | None:
    """The latest published plan that says the same, else the one it would become; the one in force when none is wanted."""
    published = await published_plans(programme)
    for one in published:
        if wanted is None or plan_definition(one) == wanted:
            return Version(one.id, one.number)
    return None if wanted is None else await _next("plan_version", programme)


async def _next(table: str, programme: UUID) -> Version:
    last = await value(f"SELECT COALESCE(max(number), 0) FROM {table} WHERE programme = $1", programme)
    return Version(None, last + 1)
