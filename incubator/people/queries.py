"""Who is signed in, and what one may see of one's own account."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import row, rows
from incubator.core.errors import NotFound


class HeldRole(msgspec.Struct, frozen=True):
    """A role in a programme."""

    role: str
    programme: UUID


class Person(msgspec.Struct, frozen=True):
    """Someone who acts: every act takes it as `by`."""

    id: UUID
    email: str
    name: str
    language: str
    is_confirmed: bool
    roles: tuple[HeldRole, ...]

    @property
    def is_staff(self) -> bool:
        """True when any programme gives a role."""
        return bool(self.roles)

    def works_for(self, programme: UUID) -> bool:
        """True for any role in this programme: the staff who run it."""
        return any(held.programme == programme for held in self.roles)

    def manages(self, programme: UUID) -> bool:
        """True for the manager of this programme."""
        return self.has("manager", programme)

    def handles(self, programme: UUID) -> bool:
        """True for who reads the files of its applications: its manager and its instructors, not its coaches."""
        return self.manages(programme) or self.has("instructor", programme)

    def has(self, role: str, programme: UUID) -> bool:
        """True when this very role is held in this programme."""
        return HeldRole(role, programme) in self.roles

    @property
    def programmes(self) -> list[UUID]:
        """Programmes one works for."""
        return sorted({held.programme for held in self.roles})


class OpenSession(msgspec.Struct, frozen=True):
    """A live session and the person in it."""

    session: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    account: UUID
    email: str
    name: str
    language: str
    is_confirmed: bool
    roles: tuple[HeldRole, ...]

    @property
    def person(self) -> Person:
        """Who is signed in."""
        return Person(self.account, self.email, self.name, self.language, self.is_confirmed, self.roles)


_ROLES = (
    "COALESCE((SELECT json_agg(json_build_object('role', r.role, 'programme', r.programme) ORDER BY r.role)"
    " FROM role_assignment r WHERE r.account = a.id), '[]')::text"
)
_PERSON = f"a.id, a.email, a.name, a.language, a.confirmed_at IS NOT NULL, {_ROLES}"


async def session_by(token_hash: bytes, *, at: datetime) -> OpenSession | None:
    """The live session of a secret."""
    return await row(
        OpenSession,
        f"SELECT s.id, s.created_at, s.seen_at, s.expires_at, {_PERSON} FROM session s JOIN account a ON a.id = s.account"
        " WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND a.disabled_at IS NULL",
        token_hash,
        at,
    )


async def person_by_api_token(token_hash: bytes) -> Person | None:
    """The owner of a live API token."""
    return await row(
        Person,
        f"SELECT {_PERSON} FROM api_token t JOIN account a ON a.id = t.account"
        " WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND a.disabled_at IS NULL",
        token_hash,
    )


async def person(account: UUID) -> Person:
    """A person by id. Raises `NotFound`."""
    found = await row(Person, f"SELECT {_PERSON} FROM account a WHERE a.id = $1", account)
    if found is None:
        raise NotFound
    return found


async def person_by_email(email: str) -> Person | None:
    """A person by normalised address, or None."""
    return await row(Person, f"SELECT {_PERSON} FROM account a WHERE a.email = $1 AND a.disabled_at IS NULL", email)


class StaffMember(msgspec.Struct, frozen=True):
    """Someone who works for a programme."""

    id: UUID
    name: str
    email: str
    role: str


async def staff_of(programme: UUID, role: str | None = None) -> list[StaffMember]:
    """Those who work for a programme, by name; with `role`, those who hold it."""
    return await rows(
        StaffMember,
        "SELECT a.id, a.name, a.email, r.role FROM role_assignment r JOIN account a ON a.id = r.account"
        " WHERE r.programme = $1 AND ($2::text IS NULL OR r.role = $2) AND a.disabled_at IS NULL"
        " ORDER BY a.name, r.role LIMIT 200",
        programme,
        role,
    )


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
