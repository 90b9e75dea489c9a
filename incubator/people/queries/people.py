"""Who acts, and what they may be asked for."""

from __future__ import annotations

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

    def programmes_as(self, *roles: str) -> list[UUID]:
        """Programmes in which one holds one of these roles."""
        return [held.programme for held in self.roles if held.role in roles]


ROLES = (
    "COALESCE((SELECT json_agg(json_build_object('role', r.role, 'programme', r.programme) ORDER BY r.role)"
    " FROM role_assignment r WHERE r.account = a.id), '[]')::text"
)


PERSON = f"a.id, a.email, a.name, a.language, a.confirmed_at IS NOT NULL, {ROLES}"


async def person(account: UUID) -> Person:
    """A person by id. Raises `NotFound`."""
    found = await row(Person, f"SELECT {PERSON} FROM account a WHERE a.id = $1", account)
    if found is None:
        raise NotFound
    return found


async def person_by_email(email: str) -> Person | None:
    """A person by normalised address, or None. Someone who only claims the address (R1) is nobody here."""
    return await row(
        Person, f"SELECT {PERSON} FROM account a WHERE a.email = $1 AND NOT a.is_claim AND a.disabled_at IS NULL", email
    )


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
