"""Roles in a programme."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.database import transaction
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.people.tables import Role, RoleAssignment


async def give_role(account: UUID, role: Role, programme: UUID, *, by: Person | None, at: datetime) -> None:
    """Give a role in a programme; once is enough."""
    async with transaction():
        await RoleAssignment.insert(
            RoleAssignment(account=account, role=role.value, programme=programme, created_at=at)
        ).on_conflict(action="DO NOTHING")
        await record("role.given", account, by=by.id if by else None, at=at, data={"role": role.value, "programme": programme})
