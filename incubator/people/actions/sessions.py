"""Sessions: opened with a new secret, kept alive, ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.database import execute, transaction
from incubator.core.errors import NotFound
from incubator.journal.actions import record
from incubator.people import rules
from incubator.people.queries import Person
from incubator.people.secrets import hashed, new_secret
from incubator.people.tables import Session


async def open_session(account: UUID, *, agent: str, is_staff: bool, at: datetime) -> str:
    """A new session, always with a new secret (never one the browser brought)."""
    secret = new_secret()
    ends = rules.session_end(at, at, staff=is_staff)
    await Session.insert(
        Session(account=account, token_hash=hashed(secret), agent=agent[:200], created_at=at, seen_at=at, expires_at=ends)
    )
    return secret


async def touch_session(session: UUID, created_at: datetime, *, is_staff: bool, at: datetime) -> None:
    """Say that a session is in use; only a live one, so that an ended session stays ended."""
    ends = rules.session_end(created_at, at, staff=is_staff)
    await execute("UPDATE session SET seen_at = $2, expires_at = $3 WHERE id = $1 AND ended_at IS NULL", session, at, ends)


async def end_session(session: UUID, *, by: Person, at: datetime) -> None:
    """End one of one's own sessions. Raises `NotFound` for any other."""
    async with transaction():
        ended = await execute(
            "UPDATE session SET ended_at = $3 WHERE id = $1 AND account = $2 AND ended_at IS NULL", session, by.id, at
        )
        if not ended:
            raise NotFound
        await record("session.ended", session, by=by.id, at=at)


async def end_session_by(token_hash: bytes, *, at: datetime) -> None:
    """Sign out; nothing happens when nobody is signed in."""
    await execute("UPDATE session SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL", token_hash, at)


async def shut_out(account: UUID, at: datetime) -> None:
    """End every session and every token of an account."""
    await execute("UPDATE session SET ended_at = $2 WHERE account = $1 AND ended_at IS NULL", account, at)
    await execute("UPDATE api_token SET revoked_at = $2 WHERE account = $1 AND revoked_at IS NULL", account, at)
