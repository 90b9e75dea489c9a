"""Writing an entry, in the transaction of the act it tells; sealing entries in blocks, by the worker."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from incubator.core.database import execute, row, rows, transaction
from incubator.journal.rules import Entry, block_hash, entry_bytes, reason_mark

SEAL_LOCK = 0x5EA1
BLOCK_ENTRIES_MAX = 5000


async def record(
    verb: str,
    subject: UUID,
    *,
    by: UUID | None,
    at: datetime,
    project: UUID | None = None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Say what was done. `verb` is `room.done` (`application.deposited`); `by` is None for the clock.

    `project` puts the entry on that project's timeline. `data` holds old and new values: codes, states, dates,
    hashes; never what people wrote. `reason` is kept apart and can be erased: the chain holds its salted hash.
    """
    salt = secrets.token_bytes(16) if reason else b""
    await execute(
        'WITH made AS (INSERT INTO journal_entry (verb, subject, project, "by", at, reason, data)'
        " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING number)"
        " INSERT INTO journal_reason (entry, salt, words) SELECT number, $8, $9 FROM made WHERE $9 <> ''",
        verb, subject, project, by, at, reason_mark(salt, reason), msgspec.json.encode(data or {}, order="sorted").decode(),
        salt, reason,
    )  # fmt: skip


async def forget_reasons(subjects: Sequence[UUID], *, by: UUID | None, at: datetime) -> int:
    """Erase the words given for acts on these things or their project; the entries, and the proof they stood, remain."""
    gone = await execute(
        "DELETE FROM journal_reason r USING journal_entry e WHERE e.number = r.entry"
        " AND (e.subject = ANY($1) OR e.project = ANY($1))",
        list(subjects),
    )
    for subject in subjects if gone else ():
        await record("reason.erased", subject, by=by, at=at)
    return gone


class _LastSeal(msgspec.Struct, frozen=True):
    number: int
    hash: bytes


async def seal(*, at: datetime) -> int:
    """Seal the entries not sealed yet, as one block chained to the last; how many. One sealer at a time."""
    async with transaction():
        await execute("SELECT pg_advisory_xact_lock($1)", SEAL_LOCK)
        entries = await rows(
            Entry,
            'SELECT e.number, e.verb, e.subject, e.project, e."by", e.at, e.reason, e.data::text'
            " FROM journal_entry e LEFT JOIN journal_sealed_entry s ON s.entry = e.number"
            " WHERE s.entry IS NULL ORDER BY e.number LIMIT $1",
            BLOCK_ENTRIES_MAX,
        )
        if not entries:
            return 0
        last = await row(_LastSeal, "SELECT number, hash FROM journal_seal ORDER BY number DESC LIMIT 1")
        number, previous = (last.number + 1, last.hash) if last else (1, hashlib.sha256(b"").digest())
        sealed = block_hash(previous, [entry_bytes(entry) for entry in entries])
        await execute(
            "INSERT INTO journal_seal (number, previous, hash, sealed_at, entries_count) VALUES ($1, $2, $3, $4, $5)",
            number, previous, sealed, at, len(entries),
        )  # fmt: skip
        await execute(
            "INSERT INTO journal_sealed_entry (entry, seal) SELECT unnest($1::bigint[]), $2",
            [entry.number for entry in entries], number,
        )  # fmt: skip
        return len(entries)
