"""What a link says before its button is pressed: reading one changes nothing (A06)."""

from __future__ import annotations

from datetime import datetime

import msgspec

from incubator.core.database import row, value
from incubator.people.secrets import hashed
from incubator.people.tables import Purpose


async def address_of_link(token: str, purpose: Purpose, *, at: datetime) -> str | None:
    """The address a live link was sent to, else None."""
    found: str | None = await value(
        "SELECT t.email FROM link_token t JOIN account a ON a.id = t.account AND a.email = t.email AND a.disabled_at IS NULL"
        " WHERE t.token_hash = $1 AND t.purpose = $2 AND t.used_at IS NULL AND t.expires_at > $3",
        hashed(token), purpose.value, at,
    )  # fmt: skip
    return found


class EmailLink(msgspec.Struct, frozen=True):
    """A link of a change of address: which of the two letters it came in, and whether the other was answered."""

    new_email: str
    is_to_new: bool
    is_other_pressed: bool


async def email_link(token: str, *, at: datetime) -> EmailLink | None:
    """What a live link of a change of address is about."""
    return await row(
        EmailLink,
        "SELECT new_email, new_token_hash = $1, CASE WHEN new_token_hash = $1 THEN old_pressed_at ELSE new_pressed_at END"
        " IS NOT NULL FROM email_change WHERE (new_token_hash = $1 OR old_token_hash = $1) AND ended_at IS NULL"
        " AND expires_at > $2",
        hashed(token),
        at,
    )
