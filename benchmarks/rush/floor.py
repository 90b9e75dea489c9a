"""What nobody can go below: the bare writes of the same rows and bytes."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from uuid import UUID

import asyncpg

from benchmarks.rush.acts import PIECE
from incubator.core.ids import new_id

TIMES = 30


async def bare_save(dsn: str, application: UUID, by: UUID) -> float:
    """Read the answers of a dossier, write one and its revision: milliseconds (median)."""
    connection = await asyncpg.connect(dsn)

    async def once() -> None:
        await connection.fetch("SELECT question, value, version FROM answer WHERE application = $1", application)
        await connection.execute(
            "WITH w AS (UPDATE answer SET value = to_jsonb($2::text), written_at = now(), written_by = $3"
            " WHERE application = $1 AND question = '4.1' RETURNING application, question, value)"
            " UPDATE answer_revision r SET value = w.value, written_at = now() FROM w WHERE r.application = w.application"
            " AND r.question = w.question",
            application, "x" * 600, by,
        )  # fmt: skip

    try:
        return await _median(once)
    finally:
        await connection.close()


async def bare_deposit(dsn: str, application: UUID, by: UUID) -> float:
    """Freeze the answers, change the dossier, write in the journal; undone each time, so that it may be repeated."""
    connection = await asyncpg.connect(dsn)

    async def once() -> None:
        transaction = connection.transaction()
        await transaction.start()
        await connection.fetchrow("SELECT state FROM application WHERE id = $1 FOR UPDATE", application)
        await connection.execute(
            "INSERT INTO deposit (id, application, ordinal, number, received_at, deposited_by, content, content_hash)"
            " SELECT $1, $2, 1, $3, now(), $4, jsonb_object_agg(question, value), 'x' FROM answer WHERE application = $2",
            new_id(), application, str(application), by,
        )  # fmt: skip
        await connection.execute("UPDATE application SET version = version + 1 WHERE id = $1", application)
        await connection.execute(
            "INSERT INTO journal_entry (verb, subject, at) VALUES ('application.deposited', $1, now())", application
        )
        await transaction.rollback()

    try:
        return await _median(once)
    finally:
        await connection.close()


async def bare_upload(folder: Path, content: bytes) -> float:
    """The same bytes written to the disk twice, as pieces and whole."""

    async def once() -> None:
        place = folder / "bare"
        for offset in range(0, len(content), PIECE):
            place.write_bytes(content[offset : offset + PIECE])
        place.write_bytes(content)
        os.unlink(place)

    return await _median(once)


async def _median(once: Callable[[], Awaitable[None]]) -> float:
    found = []
    for _turn in range(TIMES):
        started = time.perf_counter()
        await once()
        found.append(1000 * (time.perf_counter() - started))
    return median(found)
