"""Looking at the pages of someone a manager helps, as they see them: nothing can be changed, and both names are written down."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.database import execute, transaction
from incubator.core.errors import Conflict, NotFound
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people import rules
from incubator.people.queries import Person
from incubator.people.queries.sessions import OpenSession
from incubator.people.secrets import hashed, new_secret


async def start_viewing(account: UUID, programme: UUID, *, opened: OpenSession, by: Person, at: datetime) -> str:
    """Turn this session into one that shows someone else's pages, for half an hour; its new secret.

    Who may be looked at is judged by the room that knows projects, in this act's transaction.
    """
    async with transaction():
        if opened.is_viewing or not by.manages(programme) or account == by.id:
            raise NotFound
        secret = new_secret()
        turned = await execute(
            "UPDATE session SET token_hash = $2, viewing = $3, viewing_programme = $4, seen_at = $5, expires_at = $6"
            " WHERE id = $1 AND ended_at IS NULL AND expires_at > $5",
            opened.session, hashed(secret), account, programme, at, at + rules.VIEWING_LASTS,
        )  # fmt: skip
        if not turned:
            raise Conflict(_("Votre session est fermée. Connectez-vous."))
        await record("view_as.started", account, by=by.id, at=at, data={"programme": programme, "as": str(account)})
        return secret


async def end_viewing(*, opened: OpenSession, at: datetime) -> str:
    """Back to one's own pages; the session's new secret."""
    async with transaction():
        if not opened.is_viewing:
            raise Conflict(_("Vous êtes déjà sur vos pages."))
        secret = new_secret()
        ends = rules.session_end(opened.created_at, at, staff=True)
        await execute(
            "UPDATE session SET token_hash = $2, viewing = NULL, viewing_programme = NULL, seen_at = $3, expires_at = $4"
            " WHERE id = $1 AND ended_at IS NULL",
            opened.session, hashed(secret), at, ends,
        )  # fmt: skip
        await record("view_as.ended", opened.account, by=opened.owner, at=at, data={"as": str(opened.account)})
        return secret


async def refuse_while_viewing(*, opened: OpenSession, route: str, at: datetime) -> None:
    """Write down that something was tried on someone's behalf."""
    data = {"as": str(opened.account), "route": route}
    await record("view_as.refused", opened.account, by=opened.owner, at=at, data=data)
