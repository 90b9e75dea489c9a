"""The same creating request sent twice is one act with one answer: double clicks, reloads, retries after a cut line.

The key is stored in the act's own transaction, so an answer exists if and only if the act was committed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec

from incubator.core.database import execute, row, transaction
from incubator.core.errors import Conflict
from incubator.core.ids import new_id
from incubator.core.language import _


class Answered(msgspec.Struct, frozen=True):
    """What was answered the first time."""

    digest: str
    answer: str


async def once(
    owner: str, key: str | None, route: str, sent: bytes, act: Callable[[], Awaitable[str]], *, at: datetime
) -> tuple[str, bool]:
    """Do the act unless this owner already did it under this key; its answer, and whether it was replayed.

    Raises `Conflict` when the key was used for something else.
    """
    if not key:
        return await act(), False
    digest = hashlib.sha256(route.encode() + b"\n" + sent).hexdigest()
    async with transaction():
        claimed = await execute(
            "INSERT INTO once (id, owner, key, route, digest, at, status, answer) VALUES ($1, $2, $3, $4, $5, $6, 0, '')"
            " ON CONFLICT (owner, key) DO NOTHING",
            new_id(), owner, key[:200], route, digest, at,
        )  # fmt: skip
        if not claimed:
            return await _first_answer(owner, key[:200], digest), True
        answer = await act()
        await execute("UPDATE once SET answer = $3 WHERE owner = $1 AND key = $2", owner, key[:200], answer)
        return answer, False


async def _first_answer(owner: str, key: str, digest: str) -> str:
    first = await row(Answered, "SELECT digest, answer FROM once WHERE owner = $1 AND key = $2", owner, key)
    if first is None or first.digest != digest:
        raise Conflict(_("Cette clé a déjà servi pour une autre demande."))
    return first.answer


async def forget_answers(before: datetime) -> int:
    """Drop keys older than `before`; how many."""
    return await execute("DELETE FROM once WHERE at < $1", before)
