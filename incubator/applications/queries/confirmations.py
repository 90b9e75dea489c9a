"""Who of a team agrees to the deposit of its application (R2)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

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


async def reminded_at(application_id: UUID) -> datetime | None:
    """When the team was last reminded to agree."""
    found: datetime | None = await value(
        "SELECT max(at) FROM journal_entry WHERE subject = $1 AND verb = 'confirmation.reminded'", application_id
    )
    return found
