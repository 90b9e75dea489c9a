"""Reminders by the clock: of a complement at D-5 and D-1, of a draft at D-7 and D-1 before the closing.

An errand says nothing twice: the outbox holds one letter for each thing and address. What is told too late is not sent (I02).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta

from incubator.applications.letters import tell
from incubator.applications.queries.reminders import Due, complements_due, drafts_due
from incubator.applications.rules.complements import reminder_due
from incubator.core.database import transaction
from incubator.projects.queries import team_accounts

COMPLEMENT_AHEAD = (5, 1)
DRAFT_AHEAD = (7, 1)
DAY = timedelta(days=1)
Found = Callable[[str, datetime, datetime], Awaitable[list[Due]]]


async def remind_complements(*, at: datetime) -> int:
    """Tell the teams whose complement is awaited that the deadline comes; how many were told."""

    async def found(kind: str, since: datetime, before: datetime) -> list[Due]:
        return await complements_due(kind, since=since, before=before)

    return await _remind("complement_due", COMPLEMENT_AHEAD, found, at)


async def remind_drafts(*, at: datetime) -> int:
    """Tell the teams that have begun a draft that the call closes soon; how many were told."""

    async def found(kind: str, since: datetime, before: datetime) -> list[Due]:
        return await drafts_due(kind, at=at, since=since, before=before)

    return await _remind("draft_due", DRAFT_AHEAD, found, at)


async def _remind(letter: str, ahead: Collection[int], found: Found, at: datetime) -> int:
    told = 0
    for days in ahead:
        for due in await found(_kind(letter, days), at, at + (days + 1) * DAY):
            if reminder_due(due.due_at, at, ahead) == days:
                await _tell(letter, days, due, at)
                told += 1
    return told


def _kind(letter: str, days: int) -> str:
    return f"applications.{letter}.{days}"


async def _tell(letter: str, days: int, due: Due, at: datetime) -> None:
    async with transaction():
        await tell(
            await team_accounts(due.project), letter, about=due.about, path=f"/applications/{due.application}", at=at,
            kind=_kind(letter, days), stale_after=due.due_at, project=due.project_name, call=due.call_title, due_at=due.due_at,
            questions_count=due.questions_count,
        )  # fmt: skip
