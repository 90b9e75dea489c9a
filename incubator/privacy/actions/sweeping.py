"""What the clock forgets by itself, without asking: logs, mails, closed requests (R55)."""

from __future__ import annotations

from datetime import datetime, timedelta

from incubator.core.database import execute
from incubator.privacy.rules.keeping import LIVES, Keep, passed_before

LAST_LETTER_STAYS = timedelta(days=1)


async def sweep_private(*, at: datetime) -> int:
    """Letters a year old, the last letter of an erased person a day after it left, requests answered five years ago; how many."""
    gone = await execute(
        "DELETE FROM letter WHERE state <> 'waiting' AND created_at < $1", passed_before(at, LIVES[Keep.LETTERS].months)
    )
    gone += await execute(
        "DELETE FROM letter l USING data_request q, account a WHERE l.kind = 'privacy.request_answered' AND q.id = l.about"
        " AND a.id = q.account AND a.erased_at IS NOT NULL AND l.state <> 'waiting' AND l.created_at < $1",
        at - LAST_LETTER_STAYS,
    )
    gone += await execute(
        "DELETE FROM retention_line WHERE state = 'done' AND done_at < $1", passed_before(at, LIVES[Keep.REQUEST].months)
    )
    return gone + await execute(
        "DELETE FROM data_request WHERE state <> 'open' AND answered_at < $1", passed_before(at, LIVES[Keep.REQUEST].months)
    )
