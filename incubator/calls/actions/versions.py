"""Publishing versions of the form and of the grid. The same content again changes nothing; a published one is never edited."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from incubator.calls import rules
from incubator.calls.definitions import CriterionDefinition, FormDefinition, GridDefinition
from incubator.calls.queries import grid_definition, last_form, last_grid
from incubator.calls.queries.building import next_number
from incubator.calls.tables import Criterion, FormVersion, Grid
from incubator.core.database import execute, transaction
from incubator.core.errors import Conflict
from incubator.journal.actions import record
from incubator.people.queries import Person


async def publish_form(programme: UUID, definition: FormDefinition, *, by: Person | None, at: datetime) -> UUID:
    """Publish this form as the next version, unless it is the one in force; the form in force after that.

    Raises `Conflict` when the definition does not hold together.
    """
    async with transaction():
        await lock_versions(programme)
        if reason := rules.why_not_form(definition):
            raise Conflict(reason)
        current = await last_form(programme)
        if current is not None and current.definition == definition:
            return current.id
        number = await next_number("form_version", programme)
        text = msgspec.json.encode(definition).decode()
        made = FormVersion(programme=programme, number=number, title=definition.title, definition=text, codes_given=[])
        made.published_at, made.based_on = at, current.id if current else None
        await FormVersion.insert(made)
        await _record("form.published", made.id, programme, number, by, at)
        return made.id


async def publish_grid(programme: UUID, definition: GridDefinition, *, by: Person | None, at: datetime) -> UUID:
    """Publish this grid as the next version, unless it is the one in force; the grid in force after that.

    Raises `Conflict` when its weights do not sum to 100 (R23).
    """
    async with transaction():
        await lock_versions(programme)
        if reason := rules.why_not_grid(definition):
            raise Conflict(reason)
        current = await last_grid(programme)
        if current is not None and grid_definition(current) == definition:
            return current.id
        number = await next_number("grid", programme)
        made = Grid(programme=programme, number=number, title=definition.title, knock_out_below=definition.knock_out_below)
        made.based_on = current.id if current else None
        await Grid.insert(made)
        await Criterion.insert(*criteria_rows(made.id, definition))
        await execute("UPDATE grid SET published_at = $2 WHERE id = $1", made.id, at)
        await _record("grid.published", made.id, programme, number, by, at)
        return made.id


async def lock_versions(programme: UUID) -> None:
    """One at a time makes or publishes a version of a programme, until its transaction ends."""
    await execute("SELECT 1 FROM programme WHERE id = $1 FOR UPDATE", programme)


def criteria_rows(grid: UUID, definition: GridDefinition) -> list[Criterion]:
    """What a published grid says, a row a criterion."""
    placed = [(block, criterion) for block in definition.blocks for criterion in block.criteria]
    return [
        Criterion(grid=grid, position=position, block=block.code, block_title=block.title, **_facts(criterion))
        for position, (block, criterion) in enumerate(placed, start=1)
    ]


def _facts(criterion: CriterionDefinition) -> dict[str, Any]:
    return msgspec.structs.asdict(criterion)


async def _record(verb: str, subject: UUID, programme: UUID, number: int, by: Person | None, at: datetime) -> None:
    await record(verb, subject, by=by.id if by else None, at=at, data={"programme": str(programme), "number": number})
