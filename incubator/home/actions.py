"""Looking at someone's pages: the room that knows teams and seats judges whose."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.database import transaction
from incubator.core.errors import Conflict
from incubator.home.queries.viewable import facts_of, one_viewable
from incubator.people import actions
from incubator.people.queries import OpenSession, Person
from incubator.people.rules import why_not_view


async def view_as(account: UUID, programme: UUID, *, opened: OpenSession, by: Person, at: datetime) -> str:
    """Show this session someone's pages for half an hour, changing nothing; the session's new secret."""
    async with transaction():
        found = await one_viewable(by, programme, account)
        if reason := why_not_view(**facts_of(found)):
            raise Conflict(reason)
        return await actions.start_viewing(account, programme, opened=opened, by=by, at=at)
