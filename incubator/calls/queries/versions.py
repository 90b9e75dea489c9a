"""Reading published forms and grids. One never changes, so it is decoded once and kept in memory."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

import msgspec

from incubator.calls.definitions import BlockDefinition, CriterionDefinition, FormDefinition, GridDefinition
from incubator.core.database import row
from incubator.core.errors import NotFound

KEPT_MAX = 200


class FormView(msgspec.Struct, frozen=True):
    """A version of the application form."""

    id: UUID
    programme: UUID
    number: int
    title: str
    published_at: datetime | None
    definition: FormDefinition


class CriterionView(msgspec.Struct, frozen=True):
    """A criterion; `weight` out of 100; anchors say what 1, 3 and 5 mean (R16)."""

    id: UUID
    position: int
    code: str
    block: str
    block_title: str
    label: str
    weight: int
    is_knock_out: bool
    is_preselection: bool
    anchor_1: str
    anchor_3: str
    anchor_5: str


class GridView(msgspec.Struct, frozen=True):
    """A version of the scoring grid, its criteria in order."""

    id: UUID
    programme: UUID
    number: int
    title: str
    published_at: datetime | None
    knock_out_below: Decimal
    criteria: list[CriterionView]


V = TypeVar("V", FormView, GridView)

_forms: dict[UUID, FormView] = {}
_grids: dict[UUID, GridView] = {}

_FORM = "SELECT f.id, f.programme, f.number, f.title, f.published_at, f.definition::text FROM form_version f"
_CRITERIA = (
    "SELECT COALESCE(json_agg(json_build_object('id', c.id, 'position', c.position, 'code', c.code, 'block', c.block,"
    " 'block_title', c.block_title, 'label', c.label, 'weight', c.weight, 'is_knock_out', c.is_knock_out,"
    " 'is_preselection', c.is_preselection, 'anchor_1', c.anchor_1, 'anchor_3', c.anchor_3, 'anchor_5', c.anchor_5)"
    " ORDER BY c.position), '[]') FROM criterion c WHERE c.grid = g.id"
)
_GRID = f"SELECT g.id, g.programme, g.number, g.title, g.published_at, g.knock_out_below, ({_CRITERIA})::text FROM grid g"


async def form_version(form_id: UUID) -> FormView:
    """A published version of the form. Raises `NotFound`."""
    published = f"{_FORM} WHERE f.id = $1 AND f.published_at IS NOT NULL"
    return _forms.get(form_id) or _keep(_forms, await row(FormView, published, form_id))


async def form_of(form_id: UUID) -> FormDefinition:
    """What a version of the form asks. Raises `NotFound`."""
    return (await form_version(form_id)).definition


async def grid_version(grid_id: UUID) -> GridView:
    """A published version of the grid. Raises `NotFound`."""
    published = f"{_GRID} WHERE g.id = $1 AND g.published_at IS NOT NULL"
    return _grids.get(grid_id) or _keep(_grids, await row(GridView, published, grid_id))


async def criteria_of(grid_id: UUID) -> list[CriterionView]:
    """The criteria of a version of the grid, in order. Raises `NotFound`."""
    return (await grid_version(grid_id)).criteria


def _keep(kept: dict[UUID, V], found: V | None) -> V:
    if found is None:
        raise NotFound
    if len(kept) >= KEPT_MAX:
        kept.clear()
    kept[found.id] = found
    return found


async def last_form(programme: UUID) -> FormView | None:
    """The form in force: the latest published, or None."""
    return await row(
        FormView,
        f"{_FORM} WHERE f.programme = $1 AND f.published_at IS NOT NULL ORDER BY f.number DESC LIMIT 1",
        programme,
    )


async def last_grid(programme: UUID) -> GridView | None:
    """The grid in force: the latest published, or None."""
    return await row(
        GridView,
        f"{_GRID} WHERE g.programme = $1 AND g.published_at IS NOT NULL ORDER BY g.number DESC LIMIT 1",
        programme,
    )


def grid_definition(grid: GridView) -> GridDefinition:
    """The grid as it was defined."""
    blocks: dict[tuple[str, str], list[CriterionDefinition]] = {}
    for view in grid.criteria:
        facts = {name: getattr(view, name) for name in CriterionDefinition.__struct_fields__}
        blocks.setdefault((view.block, view.block_title), []).append(CriterionDefinition(**facts))
    held_blocks = tuple(BlockDefinition(code, title, tuple(held)) for (code, title), held in blocks.items())
    return GridDefinition(grid.title, held_blocks, grid.knock_out_below)
