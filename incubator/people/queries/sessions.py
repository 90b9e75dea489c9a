"""Who is signed in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import row
from incubator.people.queries.people import PERSON, HeldRole, Person


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


async def session_by(token_hash: bytes, *, at: datetime) -> OpenSession | None:
    """The live session of a secret."""
    return await row(
        OpenSession,
        f"SELECT s.id, s.created_at, s.seen_at, s.expires_at, {PERSON} FROM session s JOIN account a ON a.id = s.account"
        " WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND a.disabled_at IS NULL",
        token_hash,
        at,
    )


async def person_by_api_token(token_hash: bytes) -> Person | None:
    """The owner of a live API token."""
    return await row(
        Person,
        f"SELECT {PERSON} FROM api_token t JOIN account a ON a.id = t.account"
        " WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND a.disabled_at IS NULL",
        token_hash,
    )
