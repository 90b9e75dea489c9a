"""Drafts of the grid: started, changed, published, discarded. Only the programme's manager does; its staff reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from incubator.calls.actions.drafts import Published
from incubator.calls.actions.managing import check_manages
from incubator.calls.actions.versions import criteria_rows, lock_versions
from incubator.calls.definitions import BlockDefinition, GridDefinition
from incubator.calls.queries.building import BuiltGrid, built_grid, criteria_ever_given, next_number
from incubator.calls.queries.versions import grid_definition, grid_version
from incubator.calls.rules.grids import why_not_grid
from incubator.calls.tables import Criterion, Grid
from incubator.core.database import column, execute, transaction
from incubator.core.errors import Conflict, NotFound, Stale
from incubator.core.language import _
from incubator.core.words import instant_words
from incubator.journal.actions import record
from incubator.people.queries import Person


class GridDraft(msgspec.Struct, frozen=True):
    """A draft as a change finds it, locked; `taken`: the codes no new criterion may take."""

    grid: BuiltGrid
    taken: set[str]

    @property
    def definition(self) -> GridDefinition:
        """The grid as it stands."""
        return self.grid.definition


async def start_grid(programme: UUID, based_on: UUID | None, *, by: Person, at: datetime) -> UUID:
    """Start a draft from a published version of the programme's grid, or from nothing; its id. Raises `NotFound`."""
    async with transaction():
        check_manages(by, programme)
        await lock_versions(programme)
        definition = await _beginning(programme, based_on)
        number = await next_number("grid", programme)
        made = Grid(programme=programme, number=number, title=definition.title, knock_out_below=definition.knock_out_below)
        made.definition = msgspec.json.encode(definition).decode()
        made.based_on, made.changed_at, made.changed_by = based_on, at, by.id
        await Grid.insert(made)
        await record("grid.started", made.id, by=by.id, at=at, data={"programme": str(programme), "number": number})
        return made.id


async def _beginning(programme: UUID, based_on: UUID | None) -> GridDefinition:
    if based_on is None:
        return GridDefinition(title=_("Grille de sélection"), blocks=(BlockDefinition("A", _("Premier bloc")),))
    stored = await grid_version(based_on)
    if stored.programme != programme:
        raise NotFound
    return grid_definition(stored)


async def change_grid(
    grid_id: UUID, version: int | None, what: str, change: Callable[[GridDraft], GridDefinition], *, by: Person, at: datetime
) -> GridDefinition:
    """Change a draft; the grid as it became. Raises `Stale` when someone changed it meanwhile."""
    async with transaction():
        draft = await _locked(grid_id, version, by)
        changed = change(draft)
        if changed == draft.definition:
            return changed
        await execute(
            "UPDATE grid SET definition = $2, title = $3, knock_out_below = $4, version = version + 1, changed_at = $5,"
            " changed_by = $6 WHERE id = $1",
            grid_id, msgspec.json.encode(changed).decode(), changed.title, changed.knock_out_below, at, by.id,
        )  # fmt: skip
        await record("grid.changed", grid_id, by=by.id, at=at, data={"what": what, "version": draft.grid.version + 1})
        return changed


async def _locked(grid_id: UUID, version: int | None, by: Person) -> GridDraft:
    await lock_versions((await built_grid(by, grid_id)).programme)
    grid = await built_grid(by, grid_id, lock=True)
    check_manages(by, grid.programme)
    if grid.published_at is not None:
        raise Conflict(_("Cette version est publiée : elle ne change plus. Préparez-en une nouvelle."))
    if version is not None and version != grid.version:
        raise _stale(grid)
    return GridDraft(grid, await criteria_ever_given(grid.programme))


def _stale(grid: BuiltGrid) -> Stale:
    sentence = _(
        "{name} a changé cette grille entre-temps ({at}). Voici où elle en est : refaites votre changement s’il convient."
    )
    at = instant_words(grid.changed_at) if grid.changed_at else ""
    return Stale(sentence.format(name=grid.changed_by or "?", at=at), {}, grid.version)


async def publish_grid_draft(grid_id: UUID, version: int | None, *, by: Person, at: datetime) -> Published:
    """Freeze a draft: its criteria become the grid in force. Raises `Conflict` with the first thing to mend (R23)."""
    async with transaction():
        grid = (await _locked(grid_id, version, by)).grid
        if reason := why_not_grid(grid.definition):
            raise Conflict(reason)
        later = "SELECT 1 FROM grid WHERE programme = $1 AND published_at IS NOT NULL AND number > $2"
        is_late = await column(later, grid.programme, grid.number)
        number = await next_number("grid", grid.programme) if is_late else grid.number
        await Criterion.insert(*criteria_rows(grid_id, grid.definition))
        await execute(
            "UPDATE grid SET published_at = $2, number = $3, definition = NULL, version = version + 1 WHERE id = $1",
            grid_id, at, number,
        )  # fmt: skip
        data = {"programme": str(grid.programme), "number": number}
        await record("grid.published", grid_id, by=by.id, at=at, data=data)
        return Published(grid_id, number)


async def discard_grid(grid_id: UUID, version: int | None, *, by: Person, at: datetime) -> UUID:
    """Throw a draft away; the programme it was of. What was published is never discarded."""
    async with transaction():
        grid = (await _locked(grid_id, version, by)).grid
        await execute("DELETE FROM grid WHERE id = $1", grid_id)
        data = {"programme": str(grid.programme), "number": grid.number}
        await record("grid.discarded", grid_id, by=by.id, at=at, data=data)
        return grid.programme
