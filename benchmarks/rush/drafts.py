"""Drafts on the eve of a closing: a project, one depositor, every answer and a CV."""

from __future__ import annotations

import random
from uuid import UUID

import asyncpg
import msgspec

from benchmarks.filling import World
from benchmarks.filling.answers import answers
from benchmarks.filling.rows import Filling, copy, read_reference
from benchmarks.papers import CVS, join_cvs
from benchmarks.visitors import Draft, sign_in
from incubator.core import database
from incubator.core.clock import now
from incubator.core.ids import new_id


async def fill_drafts(world: World, count: int) -> list[Draft]:
    """So many drafts of the world's call, their depositors signed in."""
    connection = await asyncpg.connect(world.dsn)
    try:
        filling = Filling(connection, await read_reference(connection), random.Random(count), now())
        people = [new_id() for _one in range(count)]
        applications = await _fill(filling, world, people)
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        await connection.close()
    await database.connect(world.dsn, pool_size=2)
    try:
        visitors = [await sign_in(one) for one in people]
    finally:
        await database.disconnect()
    return [Draft(application, visitor) for application, visitor in zip(applications, visitors, strict=True)]


async def _fill(filling: Filling, world: World, people: list[UUID]) -> list[UUID]:
    to, reference, at = filling.connection, filling.reference, filling.at
    projects, applications = [new_id() for _one in people], [new_id() for _one in people]
    drafts = list(zip(people, projects, applications, strict=True))
    await copy(
        to, "account", "id email name password_hash language created_at confirmed_at",
        ((one, f"veille-{number}@banc.example", f"Veille {number}", "", "fr", at, at) for number, one in enumerate(people)),
    )  # fmt: skip
    await copy(
        to, "project", "id programme name summary commune created_at created_by",
        ((project, reference.programme, "Banc d’essai", "", "37261", at, who) for who, project, _draft in drafts),
    )  # fmt: skip
    await copy(
        to, "team_member", "id project account role name joined_at",
        ((new_id(), project, who, "depositor", "Veille", at) for who, project, _draft in drafts),
    )  # fmt: skip
    await copy(
        to, "application", "id call project form state started_at started_by",
        ((draft, world.call_id, project, reference.form, "draft", at, who) for who, project, draft in drafts),
    )  # fmt: skip
    given = answers(reference.definition, filling.chance, "37261", "pre_incubation")
    stored = [(code, msgspec.json.encode(value).decode()) for code, value in given.items()]
    cvs = await join_cvs(to, ((draft, who) for who, _project, draft in drafts), at)
    for table, columns in (
        ("answer", "id application question value written_at written_by"),
        ("answer_revision", "id application question value started_at written_at written_by"),
    ):
        instants = (at,) if table == "answer" else (at, at)
        await copy(
            to, table, columns,
            ((new_id(), draft, code, text, *instants, who) for who, _project, draft in drafts
             for code, text in [*stored, (CVS, f'["{cvs[draft]}"]')]),
        )  # fmt: skip
    return applications
