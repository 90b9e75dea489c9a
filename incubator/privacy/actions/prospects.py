"""People who only asked to be told, or came to a meeting: forgotten three years after (R55)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.database import execute
from incubator.journal.actions import record


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
