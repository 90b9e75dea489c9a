"""What is due soon and was not reminded of yet."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import rows

AT_ONCE = 100


class Due(msgspec.Struct, frozen=True):
    """Something a team has to send. `about`: what the reminder is unique for; `questions` of a complement."""

    application: UUID
    project: UUID
    project_name: str
    call_title: str
    about: UUID
    due_at: datetime
    questions_count: int


async def complements_due(kind: str, *, since: datetime, before: datetime) -> list[Due]:
    """The complements awaited whose deadline is after `since` and at most `before`, without a letter of this kind."""
    return await rows(
        Due,
        "SELECT a.id, a.project, p.name, c.title, q.id, q.due_at, cardinality(q.questions) FROM complement_request q"
        " JOIN application a ON a.id = q.application AND a.state = 'complement_requested'"
        " JOIN call c ON c.id = a.call JOIN project p ON p.id = a.project"
        " WHERE q.answered_at IS NULL AND q.due_at > $1 AND q.due_at <= $2"
        " AND NOT EXISTS (SELECT FROM letter l WHERE l.kind = $3 AND l.about = q.id) ORDER BY q.due_at, q.id LIMIT $4",
        since, before, kind, AT_ONCE,
    )  # fmt: skip


# A draft is reminded of once for each closing: when the call is extended, the new closing has its own reminders.
_ABOUT = "md5(a.id::text || ' ' || extract(epoch FROM GREATEST(c.closes_at, g.until_at))::text)::uuid"


async def drafts_due(kind: str, *, at: datetime, since: datetime, before: datetime) -> list[Due]:
    """The drafts begun that may still be deposited, whose deadline is after `since` and at most `before`, as above."""
    return await rows(
        Due,
        f"SELECT a.id, a.project, p.name, c.title, {_ABOUT}, GREATEST(c.closes_at, g.until_at), 0 FROM application a"
        " JOIN call c ON c.id = a.call AND c.published_at <= $1 AND c.opens_at <= $1"
        " JOIN project p ON p.id = a.project LEFT JOIN derogation g ON g.application = a.id"
        " WHERE a.state = 'draft' AND GREATEST(c.closes_at, g.until_at) > $2 AND GREATEST(c.closes_at, g.until_at) <= $3"
        " AND EXISTS (SELECT FROM answer w WHERE w.application = a.id)"
        f" AND EXISTS (SELECT FROM team_member m WHERE m.project = a.project AND m.account IS NOT NULL AND m.left_at IS NULL)"
        f" AND NOT EXISTS (SELECT FROM letter l WHERE l.kind = $4 AND l.about = {_ABOUT}) ORDER BY a.id LIMIT $5",
        at, since, before, kind, AT_ONCE,
    )  # fmt: skip
