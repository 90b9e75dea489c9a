"""People for tests."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.clock import now
from incubator.core.database import execute, value
from incubator.core.ids import new_id
from incubator.people.actions import answer_link_requests, ask_link, give_role
from incubator.people.queries import Person, person
from incubator.people.secrets import hash_password
from incubator.people.tables import Account, Purpose, Role


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


PASSWORD = "quatre chevaux lents"


async def with_password(person: Person, password: str = PASSWORD) -> Person:
    """The same person, who has chosen a password."""
    await execute("UPDATE account SET password_hash = $2 WHERE id = $1", person.id, await hash_password(password))
    return person


async def link_to(email: str, purpose: Purpose, *, at: datetime) -> str:
    """Ask for a link, let the worker answer; the secret of the last link of that purpose sent to that address."""
    await ask_link(email, purpose, address="192.0.2.1", at=at)
    await answer_link_requests(at=at)
    return await last_token(email, f"people.{purpose.value}")


async def last_token(email: str, kind: str) -> str:
    """The secret in the last letter of a kind to an address."""
    path = await value(
        "SELECT path FROM letter WHERE kind = $2 AND to_email = $1 ORDER BY created_at DESC, id DESC LIMIT 1", email, kind
    )
    return str(path).split("token=")[1].split("&")[0]
