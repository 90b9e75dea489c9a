"""Members agree to the deposit before it is made (R2)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.applications import queries
from incubator.applications.letters import tell
from incubator.applications.queries.confirmations import confirmations_of, reminded_at
from incubator.applications.rules.confirming import why_not_confirm, why_not_remind
from incubator.applications.rules.moves import ApplicationFacts
from incubator.core.database import execute, transaction, value
from incubator.core.errors import Conflict, Refused
from incubator.core.ids import new_id
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.projects.queries import team_accounts

_CHANGED = "SELECT EXISTS (SELECT FROM answer WHERE application = $1 AND written_at > $2 AND written_by <> $3)"


async def confirm(application_id: UUID, *, by: Person, at: datetime) -> None:
    """Say that one is of the team and agrees to the deposit; said again, it counts for what others have written since."""
    async with transaction():
        facts = await _own(application_id, by)
        if reason := why_not_confirm(facts, at):
            raise Conflict(reason)
        known = next((one.confirmed_at for one in await confirmations_of(facts.id) if one.account == by.id), None)
        if known is not None and not await value(_CHANGED, facts.id, known, by.id):
            return
        await execute(
            "INSERT INTO confirmation (id, application, account, confirmed_at) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (application, account) DO UPDATE SET confirmed_at = EXCLUDED.confirmed_at",
            new_id(), facts.id, by.id, at,
        )  # fmt: skip
        await record("application.agreed", facts.id, by=by.id, at=at, project=facts.project)


async def _own(application_id: UUID, by: Person) -> ApplicationFacts:
    facts = await queries.locked_facts(by, application_id)
    if not facts.is_mine:
        raise Refused(_("Seule l’équipe du projet confirme son accord."))
    return facts


async def remind(application_id: UUID, *, by: Person, at: datetime) -> int:
    """Write to those who have not agreed yet, at most once a day; how many."""
    async with transaction():
        facts = await _own(application_id, by)
        if not facts.can_write:
            raise Refused(_("Vous êtes dans cette équipe pour lire."))
        if reason := why_not_remind(facts, await reminded_at(facts.id), at):
            raise Conflict(reason)
        lacking = {one.account for one in await confirmations_of(facts.id) if not (one.confirmed_at or one.is_depositor)}
        people = [one for one in await team_accounts(facts.project) if one.id in lacking]
        await tell(
            people, "confirmation_asked", about=new_id(), path=f"/applications/{facts.id}/confirmation", at=at,
            project=facts.project_name, call=facts.call_title, by=by.name, until=facts.writes_until,
        )  # fmt: skip
        await record("confirmation.reminded", facts.id, by=by.id, at=at, data={"count": len(people)})
        return len(people)
