"""Who works for a programme, and who was asked to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import row, rows
from incubator.core.errors import NotFound
from incubator.people.queries.people import Person
from incubator.people.secrets import hashed


class RoleLine(msgspec.Struct, frozen=True):
    """A role someone holds. `has_factor`: they have a second way to prove who they are."""

    account: UUID
    name: str
    email: str
    role: str
    given_at: datetime
    has_factor: bool


class OfferLine(msgspec.Struct, frozen=True):
    """A role offered and not taken up yet."""

    id: UUID
    name: str
    email: str
    role: str
    created_at: datetime
    expires_at: datetime


async def roles_held(me: Person, programme: UUID) -> list[RoleLine]:
    """The staff of a programme, for its managers, by name."""
    if not me.manages(programme):
        raise NotFound
    return await rows(
        RoleLine,
        "SELECT a.id, a.name, a.email, r.role, r.created_at, EXISTS (SELECT FROM totp t WHERE t.account = a.id"
        " AND t.confirmed_at IS NOT NULL) OR EXISTS (SELECT FROM passkey k WHERE k.account = a.id)"
        " FROM role_assignment r JOIN account a ON a.id = r.account WHERE r.programme = $1 AND a.disabled_at IS NULL"
        " ORDER BY a.name, a.id, r.role LIMIT 300",
        programme,
    )


async def roles_offered(me: Person, programme: UUID, *, at: datetime) -> list[OfferLine]:
    """Offers that may still be accepted, the latest first."""
    if not me.manages(programme):
        raise NotFound
    return await rows(
        OfferLine,
        "SELECT id, name, email, role, created_at, expires_at FROM role_invitation WHERE programme = $1"
        " AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, id LIMIT 100",
        programme,
        at,
    )


class OfferView(msgspec.Struct, frozen=True):
    """An offer as whoever holds its link reads it."""

    email: str
    role: str
    programme: UUID
    expires_at: datetime


async def offer_by(token: str, *, at: datetime) -> OfferView | None:
    """A live offer, by the secret of its link."""
    return await row(
        OfferView,
        "SELECT email, role, programme, expires_at FROM role_invitation WHERE token_hash = $1 AND accepted_at IS NULL"
        " AND revoked_at IS NULL AND expires_at > $2",
        hashed(token),
        at,
    )
