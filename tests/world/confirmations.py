"""The agreement of a team, for tests."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.applications.actions import confirm
from incubator.applications.queries.confirmations import confirmations_of
from incubator.people.queries import person


async def all_agree(application: UUID, *, at: datetime) -> None:
    """Every member but the depositor agrees to the deposit (R2)."""
    for one in await confirmations_of(application):
        if not one.is_depositor:
            await confirm(application, by=await person(one.account), at=at)
