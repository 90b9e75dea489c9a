"""What the clock forgets by itself, without asking: logs, mails, closed requests (R55). Holds win."""

from __future__ import annotations

from datetime import datetime, timedelta

from incubator.core.database import execute
from incubator.privacy.queries.held import HELD, HELD_ADDRESSES
from incubator.privacy.rules.keeping import LIVES, Keep, passed_before

LAST_LETTER_STAYS = timedelta(days=1)


# The page a letter leads to names what it is about.
_FREE_LETTER = (
    f"l.about NOT IN ({HELD}) AND COALESCE(l.to_account NOT IN ({HELD}), true) AND l.to_email NOT IN ({HELD_ADDRESSES})"
    f" AND COALESCE(substring(l.path FROM '[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}')::uuid NOT IN ({HELD}), true)"
)


async def sweep_private(*, at: datetime) -> int:
    """Letters a year old, the last letter of an erased person a day after it left, invitations that ended a year ago, requests
    answered and holds lifted five years ago; how many.
    """
    gone = await execute(
        f"DELETE FROM letter l WHERE l.state <> 'waiting' AND l.created_at < $1 AND {_FREE_LETTER}",
        passed_before(at, LIVES[Keep.LETTERS].months),
    )
    gone += await execute(
        "DELETE FROM letter l USING data_request q, account a WHERE l.kind = 'privacy.request_answered' AND q.id = l.about"
        " AND a.id = q.account AND a.erased_at IS NOT NULL AND l.state <> 'waiting' AND l.created_at < $1",
        at - LAST_LETTER_STAYS,
    )
    last_year = passed_before(at, LIVES[Keep.SECURITY].months)
    gone += await execute(
        "DELETE FROM team_invitation WHERE COALESCE(accepted_at, declined_at, revoked_at, expires_at) < $1"
        f" AND project NOT IN ({HELD}) AND email NOT IN ({HELD_ADDRESSES})", last_year,
    )  # fmt: skip
    gone += await execute(
        "DELETE FROM role_invitation WHERE COALESCE(accepted_at, revoked_at, expires_at) < $1"
        f" AND programme NOT IN ({HELD}) AND email NOT IN ({HELD_ADDRESSES})", last_year,
    )  # fmt: skip
    long_ago = passed_before(at, LIVES[Keep.REQUEST].months)
    gone += await execute("DELETE FROM retention_line WHERE state = 'done' AND done_at < $1", long_ago)
    gone += await execute("DELETE FROM hold WHERE lifted_at < $1", long_ago)
    return gone + await execute(
        f"DELETE FROM data_request WHERE state <> 'open' AND answered_at < $1 AND account NOT IN ({HELD})", long_ago
    )
