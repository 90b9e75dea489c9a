"""Who of a team agrees to the deposit of its application (R2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from incubator.applications.queries.dossiers import Dossier
from incubator.applications.rules.dossier import Missing, named
from incubator.core.database import rows, value


class ConfirmationLine(msgspec.Struct, frozen=True):
    """A member and the instant they agreed, since they joined; the depositor agrees by depositing."""

    account: UUID
    name: str
    role: str
    is_depositor: bool
    confirmed_at: datetime | None


async def confirmations_of(application_id: UUID) -> list[ConfirmationLine]:
    """Every member who can sign in, depositor first; whoever asks is of the team."""
    return await rows(
        ConfirmationLine,
        "SELECT t.account, t.name, t.role, t.role = 'depositor',"
        " CASE WHEN k.confirmed_at >= t.joined_at THEN k.confirmed_at END FROM application a"
        " JOIN team_member t ON t.project = a.project AND t.left_at IS NULL AND t.account IS NOT NULL"
        " LEFT JOIN confirmation k ON k.application = a.id AND k.account = t.account"
        " WHERE a.id = $1 ORDER BY t.role, t.joined_at, t.id LIMIT 50",
        application_id,
    )


class Since(msgspec.Struct, frozen=True):
    """What others of the team wrote since a member agreed: said to all, asked of nobody (the last night needs no one twice)."""

    account: UUID
    name: str
    confirmed_at: datetime
    changed: list[Missing]


def changed_since(dossier: Dossier, lines: Sequence[ConfirmationLine]) -> list[Since]:
    """The members whose agreement is older than someone else's answer, and these answers, in the form's order."""
    agreed = [(one, one.confirmed_at) for one in lines if one.confirmed_at is not None]
    told = [Since(one.account, one.name, at, _written_after(dossier, at, one.account)) for one, at in agreed]
    return [one for one in told if one.changed]


def _written_after(dossier: Dossier, at: datetime, mine: UUID) -> list[Missing]:
    """Told apart by account: two of a team may bear one name."""
    later = {code for code, it in dossier.stored.items() if it.at and it.at > at and it.account != mine}
    return named(dossier.definition, [asked.code for asked in dossier.definition.questions if asked.code in later])


async def reminded_at(application_id: UUID) -> datetime | None:
    """When the team was last reminded to agree."""
    found: datetime | None = await value(
        "SELECT max(at) FROM journal_entry WHERE subject = $1 AND verb = 'confirmation.reminded'", application_id
    )
    return found
