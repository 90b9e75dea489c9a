"""People who only asked to be told, or came to a meeting: forgotten three years after (R55)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from incubator.calls.actions.prospects import CONFIRM_WITHIN
from incubator.core.clock import local_date
from incubator.core.database import execute
from incubator.journal.actions import record
from incubator.privacy.queries.held import HELD, HELD_ADDRESSES

ENDED_STAYS = timedelta(days=30)


async def forget_prospect(row_id: UUID, *, by: UUID | None, at: datetime) -> None:
    """The row of a subscription, a registration or a kept self-test is gone."""
    for statement in PROSPECT_GONE:
        await execute(statement, row_id)
    await record("prospect.forgotten", row_id, by=by, at=at)


# A registration keeps its seats and whether its people came: meetings are counted for the funders, people are not.
PROSPECT_GONE = (
    "DELETE FROM subscription WHERE id = $1",
    "DELETE FROM self_test_result WHERE id = $1",
    "UPDATE registration SET name = '(effacé)', email = id || '@effacee.invalid' WHERE id = $1",
)


async def forget_promised(*, at: datetime) -> int:
    """Delete what was promised to be: self-tests past their day, subscriptions never confirmed or ended for a month; how many."""
    free = f"t.id NOT IN ({HELD}) AND t.email NOT IN ({HELD_ADDRESSES})"
    tests = await execute(
        f"DELETE FROM self_test_result t WHERE t.forget_after < $1 AND t.call NOT IN ({HELD}) AND {free}", local_date(at)
    )
    return tests + await execute(
        "DELETE FROM subscription t WHERE ((t.confirmed_at IS NULL AND t.asked_at < $1) OR t.ended_at < $2)"
        f" AND t.programme NOT IN ({HELD}) AND {free}",
        at - CONFIRM_WITHIN, at - ENDED_STAYS,
    )  # fmt: skip
