"""Copying rows in bulk, and what every filling needs to know."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from incubator.calls.definitions import FormDefinition


class Criterion(msgspec.Struct, frozen=True):
    """A criterion of the grid."""

    id: UUID
    code: str
    weight: int


class Reference(msgspec.Struct, frozen=True):
    """The reference programme as it is stored; `phases` and `milestones` by code."""

    programme: UUID
    form: UUID
    definition: FormDefinition
    grid: UUID
    criteria: tuple[Criterion, ...]
    plan: UUID
    phases: dict[str, UUID]
    milestones: dict[str, UUID]
    communes: tuple[str, ...]


class Filling(msgspec.Struct):
    """One filling: where to, by which chance (always the same), when it is."""

    connection: asyncpg.Connection
    reference: Reference
    chance: random.Random
    at: datetime


async def copy(connection: asyncpg.Connection, table: str, columns: str, records: Iterable[tuple[object, ...]]) -> None:
    """Rows of a table; `columns` separated by spaces, the others take their defaults."""
    await connection.copy_records_to_table(table, columns=columns.split(), records=records)


async def read_reference(connection: asyncpg.Connection) -> Reference:
    """The programme, form, grid and plan that `incubator migrate` loads."""
    programme = await connection.fetchval("SELECT id FROM programme ORDER BY code LIMIT 1")
    form = await connection.fetchrow(
        "SELECT id, definition FROM form_version WHERE programme = $1 ORDER BY number DESC LIMIT 1", programme
    )
    grid = await connection.fetchval("SELECT id FROM grid WHERE programme = $1 ORDER BY number DESC LIMIT 1", programme)
    plan = await connection.fetchval("SELECT id FROM plan_version WHERE programme = $1 ORDER BY number DESC LIMIT 1", programme)
    criteria = await connection.fetch("SELECT id, code, weight FROM criterion WHERE grid = $1 ORDER BY position", grid)
    phases = await connection.fetch("SELECT code, id FROM phase WHERE plan = $1 ORDER BY position", plan)
    milestones = await connection.fetch(
        "SELECT m.code, m.id FROM milestone m JOIN phase f ON f.id = m.phase WHERE f.plan = $1 ORDER BY m.position", plan
    )
    communes = await connection.fetch(
        "SELECT c.insee_code FROM commune c JOIN departement d ON d.code = c.departement"
        " WHERE d.region = '24' ORDER BY c.insee_code LIMIT 2000"
    )
    return Reference(
        programme=programme,
        form=form["id"],
        definition=msgspec.json.decode(form["definition"], type=FormDefinition),
        grid=grid,
        criteria=tuple(Criterion(*record) for record in criteria),
        plan=plan,
        phases={record["code"]: record["id"] for record in phases},
        milestones={record["code"]: record["id"] for record in milestones},
        communes=tuple(record["insee_code"] for record in communes),
    )
