"""What one may see of one's own account."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import row, rows
from incubator.core.errors import NotFound
from incubator.people.queries.people import Person
from incubator.people.queries.sessions import FACTORS


class TokenLine(msgspec.Struct, frozen=True):
    """One of one's own API tokens."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


class AccountView(msgspec.Struct, frozen=True):
    """One's own account. `wanted_email`: the address that will replace this one."""

    name: str
    email: str
    language: str
    is_confirmed: bool
    version: int
    wanted_email: str
    tokens: list[TokenLine]


async def own_account(me: Person, *, at: datetime) -> AccountView:
    """One's name, address, language and tokens."""
    found = await row(
        AccountView,
        "SELECT a.name, a.email, a.language, a.confirmed_at IS NOT NULL, a.version, COALESCE((SELECT c.new_email"
        " FROM email_change c WHERE c.account = a.id AND c.ended_at IS NULL AND c.expires_at > $2), ''),"
        " COALESCE((SELECT json_agg(json_build_object('id', t.id, 'name', t.name, 'created_at', t.created_at,"
        " 'last_used_at', t.last_used_at) ORDER BY t.created_at DESC) FROM (SELECT * FROM api_token WHERE account = a.id"
        " AND revoked_at IS NULL ORDER BY created_at DESC LIMIT 50) t), '[]')::text FROM account a WHERE a.id = $1",
        me.id,
        at,
    )
    if found is None:
        raise NotFound
    return found


class SessionLine(msgspec.Struct, frozen=True):
    """One of one's own sessions."""

    id: UUID
    agent: str
    created_at: datetime
    seen_at: datetime


class PasskeyLine(msgspec.Struct, frozen=True):
    """One of one's own passkeys."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


class _Ways(msgspec.Struct, frozen=True):
    has_password: bool
    has_totp: bool
    has_passkey: bool
    must_have: bool
    codes_left: int
    is_setting_up: bool


class SecurityView(_Ways, frozen=True, kw_only=True):
    """How one signs in, and where one is signed in."""

    passkeys: list[PasskeyLine]
    sessions: list[SessionLine]


async def own_security(me: Person, *, at: datetime) -> SecurityView:
    """One's ways of signing in, and one's open sessions."""
    ways = await row(
        _Ways,
        f"SELECT a.password_hash <> '', {FACTORS.format('a')},"
        " (SELECT count(*)::int FROM recovery_code c WHERE c.account = a.id AND c.used_at IS NULL),"
        " EXISTS (SELECT FROM totp t WHERE t.account = a.id AND t.confirmed_at IS NULL) FROM account a WHERE a.id = $1",
        me.id,
    )
    if ways is None:
        raise NotFound
    passkeys = await rows(
        PasskeyLine,
        "SELECT id, name, created_at, last_used_at FROM passkey WHERE account = $1 ORDER BY created_at, id LIMIT 20",
        me.id,
    )
    sessions = await rows(
        SessionLine,
        "SELECT id, agent, created_at, seen_at FROM session"
        " WHERE account = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY seen_at DESC, id LIMIT 50",
        me.id,
        at,
    )
    return SecurityView(**{name: getattr(ways, name) for name in _Ways.__struct_fields__}, passkeys=passkeys, sessions=sessions)
