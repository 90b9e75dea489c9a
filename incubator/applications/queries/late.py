"""The drafts of a closed call, for the manager who may let one in: whose they are, never what they say."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.applications.rules.derogations import LateDraft
from incubator.applications.tables import ApplicationState
from incubator.calls.queries import CallView, call_by_code
from incubator.core.database import row, rows
from incubator.core.errors import NotFound
from incubator.core.paging import SIZE, Page, cut, read_cursor
from incubator.people.queries import Person


async def late_draft_for(me: Person, application_id: UUID) -> LateDraft:
    """An application never deposited, for the manager of its programme. Raises `NotFound` for everyone else."""
    found = await row(
        LateDraft,
        "SELECT a.id, a.project, p.name, c.programme, c.id, c.code, c.title, a.state, c.closes_at, g.reason, g.until_at,"
        " EXISTS (SELECT FROM presentation e JOIN application b ON b.id = e.application WHERE b.call = c.id),"
        " EXISTS (SELECT FROM team_member m WHERE m.project = p.id AND m.account = $2 AND m.left_at IS NULL)"
        " FROM application a JOIN call c ON c.id = a.call JOIN project p ON p.id = a.project"
        " LEFT JOIN derogation g ON g.application = a.id WHERE a.id = $1 AND a.deposited_at IS NULL",
        application_id, me.id,
    )  # fmt: skip
    if found is None or not me.manages(found.programme):
        raise NotFound
    return msgspec.structs.replace(found, state=ApplicationState(found.state))


class LateLine(msgspec.Struct, frozen=True):
    """A draft that was not deposited; `until_at`: until when it may still be, by derogation."""

    id: UUID
    project_name: str
    started_at: datetime
    answers_count: int
    until_at: datetime | None


class LateDrafts(msgspec.Struct, frozen=True):
    """The drafts of a call, latest started first."""

    call: CallView
    page: Page[LateLine]


async def late_drafts_of(me: Person, call_code: str, *, after: str | None = None) -> LateDrafts:
    """Fifty a page, for the manager of the programme. Raises `NotFound` for everyone else."""
    call = await call_by_code(call_code)
    if not me.manages(call.programme):
        raise NotFound
    key = read_cursor(after, tuple[datetime, UUID]) or (None, None)
    found = await rows(
        LateLine,
        "SELECT a.id, p.name, a.started_at, (SELECT count(*)::int FROM answer w WHERE w.application = a.id), g.until_at"
        " FROM application a JOIN project p ON p.id = a.project LEFT JOIN derogation g ON g.application = a.id"
        " WHERE a.call = $1 AND a.state = 'draft' AND ($2::timestamptz IS NULL OR (a.started_at, a.id) < ($2, $3::uuid))"
        " ORDER BY a.started_at DESC, a.id DESC LIMIT $4",
        call.id, *key, SIZE + 1,
    )  # fmt: skip
    return LateDrafts(call, cut(found, lambda line: (line.started_at, line.id)))
