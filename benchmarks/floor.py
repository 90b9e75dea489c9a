"""The bare queries: the rows each job shows or writes, by asyncpg alone, one connection, nothing around."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from statistics import median
from uuid import UUID

import asyncpg
import msgspec

from benchmarks.filling import World
from incubator.core.ids import new_id

Query = Callable[[asyncpg.Connection, World], Awaitable[object]]
SECONDS = 0.15

_LIST = (
    "SELECT p.id, a.id, j.id, j.name, m.name, f.name, a.state, p.assessments_count, p.mean, p.median, p.low, p.high,"
    " p.deviation, p.flags FROM presentation p JOIN application a ON a.id = p.application JOIN project j ON j.id = a.project"
    " LEFT JOIN commune m ON m.insee_code = j.commune LEFT JOIN phase f ON f.id = a.phase WHERE p.committee = $1"
    " ORDER BY p.mean DESC, p.knock_out_mean DESC, p.first_block_mean DESC, p.id DESC LIMIT 50"
)
_DETAIL = (
    "SELECT j.name, a.state, p.mean, p.median, p.low, p.high, p.deviation, p.flags, p.criteria::text,"
    " (SELECT json_agg(json_build_array(u.name, s.college, x.state, x.total, x.comment, (SELECT json_object_agg(k.code, o.value)"
    " FROM score o JOIN criterion k ON k.id = o.criterion WHERE o.assessment = x.id)))"
    " FROM seat s JOIN account u ON u.id = s.account LEFT JOIN assessment x ON x.seat = s.id AND x.presentation = p.id"
    " WHERE s.committee = p.committee)::text"
    " FROM presentation p JOIN application a ON a.id = p.application JOIN project j ON j.id = a.project WHERE a.id = $1"
)
_CALL = (
    "SELECT c.title, c.introduction, c.opens_at, c.closes_at, c.notify_on, p.name, p.contact_email,"
    " (SELECT json_agg(json_build_array(f.code, f.name, e.places_count)) FROM entry_places e JOIN phase f ON f.id = e.phase"
    " WHERE e.call = c.id)::text FROM call c JOIN programme p ON p.id = c.programme WHERE c.code = $1"
)
_TIMELINE = (
    "SELECT e.number, e.verb, e.subject, e.at, e.reason, e.data::text, a.name FROM journal_entry e"
    ' LEFT JOIN account a ON a.id = e."by" WHERE e.project = $1 ORDER BY e.number DESC LIMIT 100'
)
_EXPORT = (
    "SELECT r.number, j.name, m.name, f.name, a.state, p.mean, p.median, p.low, p.high, p.deviation, p.flags, u.name,"
    " s.college, x.total, x.comment, o.marks FROM presentation p JOIN application a ON a.id = p.application"
    " JOIN project j ON j.id = a.project LEFT JOIN commune m ON m.insee_code = j.commune LEFT JOIN phase f ON f.id = a.phase"
    " LEFT JOIN deposit r ON r.application = a.id AND r.ordinal = 1 JOIN assessment x ON x.presentation = p.id"
    " JOIN seat s ON s.id = x.seat JOIN account u ON u.id = s.account JOIN (SELECT assessment, array_agg(value) AS marks"
    " FROM score GROUP BY assessment) o ON o.assessment = x.id WHERE p.committee = $1 ORDER BY p.mean DESC, p.id"
)
_QUEUE = (
    "SELECT a.id, j.name, a.state, m.name, f.name, a.started_at FROM application a JOIN project j ON j.id = a.project"
    " LEFT JOIN commune m ON m.insee_code = j.commune LEFT JOIN phase f ON f.id = a.phase WHERE a.call = $1"
    " ORDER BY a.state, a.id LIMIT 50"
)
_DOSSIER = (
    "SELECT a.id, a.state, j.name, c.title, c.closes_at, w.question, w.value, w.version FROM application a"
    " JOIN project j ON j.id = a.project JOIN call c ON c.id = a.call LEFT JOIN answer w ON w.application = a.id WHERE a.id = $1"
)
_AUTOSAVE = (
    "WITH w AS (UPDATE answer SET value = to_jsonb($2::text), written_at = now() WHERE application = $1 AND question = '4.1'"
    " RETURNING application, question, value) UPDATE answer_revision r SET value = w.value, written_at = now() FROM w"
    " WHERE r.application = w.application AND r.question = w.question"
)


async def fifty(connection: asyncpg.Connection, world: World) -> object:
    """The first fifty of the ranking."""
    return await connection.fetch(_LIST, world.committee)


async def detail(connection: asyncpg.Connection, world: World) -> object:
    """An application, its figures and its assessments."""
    return await connection.fetchrow(_DETAIL, world.files[7])


async def save(connection: asyncpg.Connection, world: World) -> object:
    """An assessment and its twelve scores, the figures of the application, a journal entry: one transaction."""
    transaction = connection.transaction()
    await transaction.start()
    file = await connection.fetchrow(
        "SELECT x.id, p.id AS presentation, array_agg(o.criterion) AS criteria FROM presentation p JOIN assessment x"
        " ON x.presentation = p.id JOIN score o ON o.assessment = x.id WHERE p.application = $1 GROUP BY x.id, p.id LIMIT 1",
        world.files[9],
    )
    await connection.execute("UPDATE assessment SET comment = 'x', version = version + 1 WHERE id = $1", file["id"])
    await connection.execute(
        "UPDATE score SET value = 3 WHERE assessment = $1 AND criterion = ANY($2::uuid[])", file["id"], file["criteria"]
    )
    await connection.execute("UPDATE presentation SET median = median WHERE id = $1", file["presentation"])
    await _journal(connection, "assessment.saved", file["id"])
    await transaction.commit()
    return None


async def _journal(connection: asyncpg.Connection, verb: str, subject: UUID) -> None:
    await connection.execute("INSERT INTO journal_entry (verb, subject, at) VALUES ($1, $2, now())", verb, subject)


async def path(connection: asyncpg.Connection, world: World) -> object:
    """A project, its team, an application, its answers and its deposit, a transaction for each page of the form."""
    return await _path(connection, world, SECTIONS)


async def path_at_once(connection: asyncpg.Connection, world: World) -> object:
    """The same, all answers in one transaction."""
    return await _path(connection, world, (sum(SECTIONS),))


async def _path(connection: asyncpg.Connection, world: World, sections: tuple[int, ...]) -> object:
    by, (project, application) = world.people.applicants[0], (new_id(), new_id())
    async with connection.transaction():
        await connection.execute(
            "INSERT INTO project (id, programme, name, summary, created_at, created_by)"
            " SELECT $1, c.programme, 'x', '', now(), $2 FROM call c WHERE c.id = $3",
            project, by, world.call_id,
        )  # fmt: skip
        await connection.execute(
            "INSERT INTO team_member (id, project, account, role, name, joined_at) VALUES ($1, $2, $3, 'depositor', 'x', now())",
            new_id(), project, by,
        )  # fmt: skip
        await _journal(connection, "project.created", project)
    async with connection.transaction():
        await connection.execute(
            "INSERT INTO application (id, call, project, form, state, started_at, started_by)"
            " SELECT $1, c.id, $2, c.form, 'draft', now(), $3 FROM call c WHERE c.id = $4",
            application, project, by, world.call_id,
        )  # fmt: skip
        await _journal(connection, "application.started", application)
    for section, answers_count in enumerate(sections):
        async with connection.transaction():
            await _answer(connection, application, section, answers_count, by)
    async with connection.transaction():
        await connection.execute(
            "INSERT INTO deposit (id, application, ordinal, number, received_at, deposited_by, content, content_hash)"
            " SELECT $1, $2, 1, $3, now(), $4, jsonb_object_agg(question, value), 'x' FROM answer WHERE application = $2",
            new_id(), application, str(application), by,
        )  # fmt: skip
        await _journal(connection, "application.deposited", application)
    return application


SECTIONS = (12, 10, 4, 5, 5, 8, 3, 6, 6)


async def _answer(connection: asyncpg.Connection, application: UUID, section: int, count: int, by: UUID) -> None:
    await connection.execute(
        "INSERT INTO answer (id, application, question, value, written_at, written_by)"
        " SELECT t.id, $2, t.question, t.value::jsonb, now(), $5 FROM unnest($1::uuid[], $3::text[], $4::text[])"
        " AS t (id, question, value)",
        [new_id() for _one in range(count)], application, [f"{section}.{n}" for n in range(count)],
        ['"' + "x" * 500 + '"'] * count, by,
    )  # fmt: skip


async def call_page(connection: asyncpg.Connection, world: World) -> object:
    """A call and its places."""
    return await connection.fetchrow(_CALL, world.call)


async def timeline(connection: asyncpg.Connection, world: World) -> object:
    """What the journal tells of a project."""
    return await connection.fetch(_TIMELINE, world.journeys[3])


async def export(connection: asyncpg.Connection, world: World) -> object:
    """Every assessment with its scores."""
    return await connection.fetch(_EXPORT, world.committee)


async def queue(connection: asyncpg.Connection, world: World) -> object:
    """Fifty applications of a call by state."""
    return await connection.fetch(_QUEUE, world.call_id)


async def dossier(connection: asyncpg.Connection, world: World) -> object:
    """An application, its project and its answers."""
    return await connection.fetch(_DOSSIER, world.files[5])


async def autosave(connection: asyncpg.Connection, world: World) -> object:
    """The answers of a dossier, one of them written, with what it was."""
    await connection.fetch(_DOSSIER, world.files[5])
    return await connection.execute(_AUTOSAVE, world.files[5], "x" * 600)


class Bare(msgspec.Struct, frozen=True):
    """What a bare query takes: milliseconds of the clock (median), and of processor (ours and PostgreSQL's)."""

    ms: float
    cpu_ms: float


async def measure_bare(query: Query, world: World, postgres: Callable[[], float]) -> Bare:
    """A bare query over and over, for a short while."""
    connection = await asyncpg.connect(world.dsn)
    try:
        await query(connection, world)
        found: list[float] = []
        spent, until = time.process_time() + postgres(), time.perf_counter() + SECONDS
        while time.perf_counter() < until or len(found) < 2:
            started = time.perf_counter()
            await query(connection, world)
            found.append(time.perf_counter() - started)
        spent = time.process_time() + postgres() - spent
        return Bare(1000 * median(found), 1000 * spent / len(found))
    finally:
        await connection.close()
