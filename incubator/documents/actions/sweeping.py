"""What nothing speaks of any more is erased: removed documents, uploads left halfway, bytes whose row was never written."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec

from incubator.core.database import column, execute, rows
from incubator.documents.rules import ORPHAN_AFTER
from incubator.documents.storage import Kept

A_TIME = 200


class _Gone(msgspec.Struct, frozen=True):
    id: UUID
    keys: list[str]


async def sweep_files(kept: Kept, *, at: datetime) -> int:
    """Erase all of these; how many keys."""
    swept = await _removed(kept) + await _left_halfway(kept, at) + await _orphans(kept, at)
    await asyncio.to_thread(_clear, kept.incoming, at - ORPHAN_AFTER)
    return swept


async def _removed(kept: Kept) -> int:
    found = await rows(
        _Gone,
        "SELECT id, ARRAY[key] FROM document WHERE removed_at IS NOT NULL AND key <> '' ORDER BY removed_at, id LIMIT $1",
        A_TIME,
    )
    for one in found:
        await kept.erase(*one.keys)
        await execute("UPDATE document SET key = '' WHERE id = $1", one.id)
    return len(found)


async def _left_halfway(kept: Kept, at: datetime) -> int:
    """Uploads that expired, and the pieces of those that became documents."""
    found = await rows(
        _Gone,
        "SELECT id, parts FROM upload WHERE expires_at <= $1 OR (document IS NOT NULL AND parts <> '{}')"
        " ORDER BY expires_at, id LIMIT $2",
        at, A_TIME,
    )  # fmt: skip
    for one in found:
        await kept.erase(*one.keys)
        await execute("UPDATE upload SET parts = '{}' WHERE id = $1", one.id)
        await execute("DELETE FROM upload WHERE id = $1 AND expires_at <= $2", one.id, at)
    return sum(len(one.keys) for one in found)


async def _orphans(kept: Kept, at: datetime) -> int:
    """Bytes kept for a day that no row speaks of: someone was killed before they could write it (C07)."""
    swept = 0
    async for keys in kept.older_than(at - ORPHAN_AFTER):
        unknown = await column(
            "SELECT k.key FROM unnest($1::text[]) AS k (key) WHERE NOT EXISTS (SELECT FROM document d WHERE d.key = k.key)"
            " AND NOT EXISTS (SELECT FROM upload u WHERE k.key = ANY(u.parts)) ORDER BY k.key LIMIT 1000",
            keys,
        )
        await kept.erase(*unknown)
        swept += len(unknown)
    return swept


def _clear(folder: Path, before: datetime) -> None:
    """Files that were arriving when a server was killed."""
    for file in folder.glob("arriving-*"):
        if file.stat().st_mtime < before.timestamp():
            file.unlink(missing_ok=True)
