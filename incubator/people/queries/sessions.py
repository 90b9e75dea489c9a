"""Who is signed in, by what proofs, and whether they look at someone else's pages."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import row
from incubator.people import rules
from incubator.people.queries.people import PERSON, HeldRole, Person

# Staff, coaches and committee members; a seat is a row of a later room, read by its name alone.
MUST_HAVE = (
    "(EXISTS (SELECT FROM role_assignment h WHERE h.account = {0}.id)"
    " OR EXISTS (SELECT FROM seat h WHERE h.account = {0}.id AND h.ended_at IS NULL))"
)
HAS_TOTP = "EXISTS (SELECT FROM totp t WHERE t.account = {0}.id AND t.confirmed_at IS NOT NULL)"
HAS_PASSKEY = "EXISTS (SELECT FROM passkey k WHERE k.account = {0}.id)"
FACTORS = ", ".join((HAS_TOTP, HAS_PASSKEY, MUST_HAVE))


class OpenSession(msgspec.Struct, frozen=True):
    """A live session: `owner` opened it; the person whose pages are shown is the same, or whom they look on behalf of."""

    session: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    proven_at: datetime
    factors_count: int
    has_totp: bool
    has_passkey: bool
    must_have: bool
    owner: UUID
    owner_name: str
    is_viewing: bool
    account: UUID
    email: str
    name: str
    language: str
    is_confirmed: bool
    roles: tuple[HeldRole, ...]

    @property
    def person(self) -> Person:
        """Whose pages these are."""
        return Person(self.account, self.email, self.name, self.language, self.is_confirmed, self.roles)

    def standing(self, *, required: bool) -> str:
        """Let in, or asked for a second proof; `required`: those who must have one must here."""
        return rules.standing(
            self.factors_count, has_totp=self.has_totp, has_passkey=self.has_passkey, must_have=required and self.must_have
        )

    def asks_second(self, *, required: bool) -> bool:
        """True when one proof alone would not let this person in: nor is it one to say again who they are."""
        standing = rules.standing(1, has_totp=self.has_totp, has_passkey=self.has_passkey, must_have=required and self.must_have)
        return standing == rules.SECOND


async def session_by(token_hash: bytes, *, at: datetime) -> OpenSession | None:
    """The live session of a secret. Looking on someone's behalf ends with the right to (V8.3.2)."""
    return await row(
        OpenSession,
        "SELECT s.id, s.created_at, s.seen_at, s.expires_at, COALESCE(s.proven_at, s.created_at), s.factors_count,"
        f" {FACTORS.format('o')}, o.id, o.name, s.viewing IS NOT NULL, {PERSON}"
        " FROM session s JOIN account o ON o.id = s.account JOIN account a ON a.id = COALESCE(s.viewing, s.account)"
        " WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND a.disabled_at IS NULL"
        " AND o.disabled_at IS NULL AND (s.viewing IS NULL OR (EXISTS (SELECT FROM role_assignment h WHERE h.account = o.id"
        f" AND h.role = 'manager' AND h.programme = s.viewing_programme) AND NOT {MUST_HAVE.format('a')}))",
        token_hash,
        at,
    )


async def person_by_api_token(token_hash: bytes, *, strong: bool = False) -> Person | None:
    """The owner of a live API token. With `strong`, who must give two proofs must have given them when making it."""
    return await row(
        Person,
        f"SELECT {PERSON} FROM api_token t JOIN account a ON a.id = t.account"
        " WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND a.disabled_at IS NULL"
        f" AND (NOT $2 OR t.is_strong OR NOT {MUST_HAVE.format('a')})",
        token_hash,
        strong,
    )


class Credentials(msgspec.Struct, frozen=True):
    """What signing in needs to know of an account; `knows_device`: it was signed in to from this browser before."""

    id: UUID
    password_hash: str
    knows_device: bool


async def credentials(email: str, device: bytes) -> Credentials | None:
    """Of the account that has proven this address."""
    return await row(
        Credentials,
        "SELECT a.id, a.password_hash, EXISTS (SELECT FROM known_device d WHERE d.account = a.id AND d.token_hash = $2)"
        " FROM account a WHERE a.email = $1 AND NOT a.is_claim AND a.confirmed_at IS NOT NULL AND a.disabled_at IS NULL",
        email,
        device,
    )


class Entering(msgspec.Struct, frozen=True):
    """What opening a session needs to know of who enters. `has_entered`: since their address was proven."""

    id: UUID
    email: str
    name: str
    language: str
    is_staff: bool
    has_totp: bool
    has_passkey: bool
    must_have: bool
    knows_device: bool
    has_entered: bool


async def entering(account: UUID, device: bytes) -> Entering | None:
    """None for an account that is closed."""
    return await row(
        Entering,
        "SELECT a.id, a.email, a.name, a.language, EXISTS (SELECT FROM role_assignment r WHERE r.account = a.id),"
        f" {FACTORS.format('a')}, EXISTS (SELECT FROM known_device d WHERE d.account = a.id AND d.token_hash = $2),"
        " EXISTS (SELECT FROM known_device d WHERE d.account = a.id) OR EXISTS (SELECT FROM session s WHERE s.account = a.id"
        " AND s.created_at >= a.confirmed_at)"
        " FROM account a WHERE a.id = $1 AND a.disabled_at IS NULL",
        account,
        device,
    )
