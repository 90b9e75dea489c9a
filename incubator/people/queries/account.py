"""What one may see of one’s own account."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import row, rows
from incubator.core.errors import NotFound
from incubator.people.queries.people import Person


class SessionLine(msgspec.Struct, frozen=True):
    """One of one's own sessions."""

    id: UUID
    agent: str
    created_at: datetime
    seen_at: datetime


class TokenLine(msgspec.Struct, frozen=True):
    """One of one's own API tokens."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


class AccountView(msgspec.Struct, frozen=True):
    """One's own account."""

    name: str
    email: str
    language: str
    is_confirmed: bool
    version: int
    sessions: list[SessionLine]
    tokens: list[TokenLine]


class _Own(msgspec.Struct, frozen=True):
    name: str
    email: str
    language: str
    is_confirmed: bool
    version: int


async def own_account(me: Person, *, at: datetime) -> AccountView:
    """Everything of one's own account that one may see."""
    own = await row(_Own, "SELECT name, email, language, confirmed_at IS NOT NULL, version FROM account WHERE id = $1", me.id)
    if own is None:
        raise NotFound
    sessions = await rows(
        SessionLine,
        "SELECT id, agent, created_at, seen_at FROM session"
        " WHERE account = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY seen_at DESC LIMIT 50",
        me.id,
        at,
    )
    tokens = await rows(
        TokenLine,
        "SELECT id, name, created_at, last_used_at FROM api_token"
        " WHERE account = $1 AND revoked_at IS NULL ORDER BY created_at DESC LIMIT 50",
        me.id,
    )
    return AccountView(own.name, own.email, own.language, own.is_confirmed, own.version, sessions, tokens)
