"""Reading forms and grids that are being built; only those who work for their programme do."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec

from incubator.calls.definitions import FormDefinition, GridDefinition
from incubator.calls.queries.versions import grid_definition, grid_version, last_grid
from incubator.core.database import column, row, rows
from incubator.core.errors import NotFound
from incubator.people.queries import Person


class Built(msgspec.Struct, frozen=True):
    """A version of a form or a grid for those who build it; a draft while `published_at` is None."""

    id: UUID
    programme: UUID
    programme_code: str
    programme_name: str
    number: int
    published_at: datetime | None
    based_on: UUID | None
    based_on_number: int | None
    changed_at: datetime | None
    changed_by: str | None
    version: int


class BuiltForm(Built, frozen=True):
    """A version of a form for those who build it."""

    definition: FormDefinition


class BuiltGrid(Built, frozen=True):
    """A version of a grid for those who build it."""

    definition: GridDefinition


class _StoredGrid(Built, frozen=True):
    definition: GridDefinition | None


class BuiltLine(msgspec.Struct, frozen=True):
    """A version in the list of a programme's; `calls_count`: how many calls use it."""

    id: UUID
    number: int
    title: str
    published_at: datetime | None
    based_on_number: int | None
    changed_at: datetime | None
    changed_by: str | None
    calls_count: int


B = TypeVar("B", BuiltForm, _StoredGrid)


def _built(table: str) -> str:
    return (
        f"SELECT v.id, v.programme, p.code, p.name, v.number, v.published_at, v.based_on, b.number, v.changed_at, a.name,"
        f" v.version, v.definition::text FROM {table} v JOIN programme p ON p.id = v.programme"
        f" LEFT JOIN {table} b ON b.id = v.based_on LEFT JOIN account a ON a.id = v.changed_by WHERE v.id = $1"
    )


async def built_form(me: Person, form_id: UUID, *, lock: bool = False) -> BuiltForm:
    """A version of a form, for those who work for its programme. Raises `NotFound`."""
    return _seen(me, await row(BuiltForm, _built("form_version") + (" FOR UPDATE OF v" if lock else ""), form_id))


async def built_grid(me: Person, grid_id: UUID, *, lock: bool = False) -> BuiltGrid:
    """A version of a grid, for those who work for its programme. Raises `NotFound`."""
    stored = _seen(me, await row(_StoredGrid, _built("grid") + (" FOR UPDATE OF v" if lock else ""), grid_id))
    definition = stored.definition or grid_definition(await grid_version(grid_id))
    return BuiltGrid(**msgspec.structs.asdict(stored) | {"definition": definition})


def _seen(me: Person, found: B | None) -> B:
    if found is None or not me.works_for(found.programme):
        raise NotFound
    return found


async def built_forms(programme: UUID) -> list[BuiltLine]:
    """Every version of a programme's form, drafts first, then the latest published."""
    return await _lines("form_version", "form", programme)


async def built_grids(programme: UUID) -> list[BuiltLine]:
    """Every version of a programme's grid, drafts first, then the latest published."""
    return await _lines("grid", "grid", programme)


async def _lines(table: str, name: str, programme: UUID) -> list[BuiltLine]:
    return await rows(
        BuiltLine,
        "SELECT v.id, v.number, v.title, v.published_at, b.number, v.changed_at, a.name,"
        f" (SELECT count(*)::int FROM call c WHERE c.{name} = v.id)"
        f" FROM {table} v LEFT JOIN {table} b ON b.id = v.based_on LEFT JOIN account a ON a.id = v.changed_by"
        " WHERE v.programme = $1 ORDER BY v.published_at IS NOT NULL, v.number DESC LIMIT 200",
        programme,
    )


_CODES = "'$.sections[*].code', '$.sections[*].questions[*].code', '$.eligibility[*].code', '$.self_test[*].code'"


async def codes_ever_given(programme: UUID) -> set[str]:
    """Every code that any version of the programme's form has given, to whatever it was (R54)."""
    found = await column(
        f"SELECT DISTINCT c #>> '{{}}' FROM form_version f, unnest(ARRAY[{_CODES}]::jsonpath[]) path,"
        " LATERAL jsonb_path_query(f.definition, path) c WHERE f.programme = $1"
        " UNION SELECT unnest(f.codes_given) FROM form_version f WHERE f.programme = $1",
        programme,
    )
    return set(found)


async def criteria_ever_given(programme: UUID) -> set[str]:
    """Every code that any version of the programme's grid has given to a criterion or a block."""
    found = await column(
        "SELECT code FROM criterion c JOIN grid g ON g.id = c.grid WHERE g.programme = $1"
        " UNION SELECT block FROM criterion c JOIN grid g ON g.id = c.grid WHERE g.programme = $1"
        " UNION SELECT jsonb_path_query(g.definition, 'lax $.blocks[*].code') #>> '{}' FROM grid g WHERE g.programme = $1"
        " UNION SELECT jsonb_path_query(g.definition, 'lax $.blocks[*].criteria[*].code') #>> '{}' FROM grid g"
        " WHERE g.programme = $1",
        programme,
    )
    return set(found)


async def grid_in_force(programme: UUID) -> GridDefinition | None:
    """What the latest published grid of a programme says, or None."""
    grid = await last_grid(programme)
    return grid_definition(grid) if grid else None


async def phase_names_of(programme: UUID) -> dict[str, str]:
    """Names of the entry phases of the programme's published plans, by code."""
    found = await rows(
        _Named,
        "SELECT DISTINCT ON (h.code) h.code, h.name FROM phase h JOIN plan_version n ON n.id = h.plan"
        " WHERE n.programme = $1 AND n.published_at IS NOT NULL AND h.is_entry ORDER BY h.code, n.number DESC",
        programme,
    )
    return {one.code: one.name for one in found}


class _Named(msgspec.Struct, frozen=True):
    code: str
    name: str


async def next_number(table: str, programme: UUID) -> int:
    """The number of the next version, drafts counted; `table`: form_version or grid."""
    return int((await column(f"SELECT COALESCE(max(number), 0) + 1 FROM {table} WHERE programme = $1", programme))[0])
