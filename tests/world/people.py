"""People for tests."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.clock import now
from incubator.core.ids import new_id
from incubator.people.actions import give_role
from incubator.people.queries import Person, person
from incubator.people.tables import Account, Role


async def someone(name: str = "Camille Martin", *, email: str = "", at: datetime | None = None) -> Person:
    """A person with a confirmed account and no role."""
    at = at or now()
    account = Account(
        email=email or f"{new_id().hex}@exemple.fr",
        name=name,
        password_hash="",
        language="fr",
        created_at=at,
        confirmed_at=at,
    )
    await Account.insert(account)
    return await person(account.id)


async def _in_role(role: Role, name: str, programme: UUID) -> Person:
    made = await someone(name)
    await give_role(made.id, role, programme, by=None, at=now())
    return await person(made.id)


async def a_manager(programme: UUID, name: str = "Maryse Gérante") -> Person:
    """The manager of a programme."""
    return await _in_role(Role.MANAGER, name, programme)


async def a_coach(programme: UUID, name: str = "Colin Coach") -> Person:
    """A coach of a programme."""
    return await _in_role(Role.COACH, name, programme)


async def an_instructor(programme: UUID, name: str = "Inès Instructrice") -> Person:
    """An instructor of a programme."""
    return await _in_role(Role.INSTRUCTOR, name, programme)
