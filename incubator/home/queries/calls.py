"""Calls as the home page tells them: the open ones, the next ones, and for staff those under way."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from incubator.core.clock import local_date
from incubator.core.database import rows
from incubator.people.queries import Person
from incubator.selection.queries.members import NOT_FOR_ME

CALLS_MAX = 6
KEPT_DAYS = 30


class CallLine(msgspec.Struct, frozen=True):
    """A published call.

    `deposited_count` is None for who does not work for its programme; `handed_in_count` assessments out of
    `expected_count` (voting members who may score them) are for its manager only.
    """

    code: str
    title: str
    programme_name: str
    description: str
    opens_at: datetime
    closes_at: datetime
    notify_on: date
    is_open: bool
    is_closed: bool
    deposited_count: int | None
    handed_in_count: int | None
    expected_count: int | None


_VOICES = (
    " FROM committee m JOIN presentation pr ON pr.committee = m.id JOIN application a ON a.id = pr.application"
    " JOIN seat s ON s.committee = m.id AND s.is_voting"
    " AND s.ended_at IS NULL WHERE m.call = c.id AND NOT EXISTS (SELECT FROM declaration dc WHERE dc.seat = s.id"
    f" AND dc.presentation = pr.id AND dc.has_interest) AND NOT {NOT_FOR_ME}"
)
_HANDED_IN = "EXISTS (SELECT FROM assessment v WHERE v.seat = s.id AND v.presentation = pr.id AND v.state = 'handed_in')"


async def current_calls(me: Person | None, at: datetime) -> list[CallLine]:
    """Calls open or announced, the first to close first; for staff also those whose answers are awaited."""
    programmes: list[UUID] = me.programmes if me else []
    managed = [programme for programme in programmes if me and me.manages(programme)]
    return await rows(
        CallLine,
        "SELECT c.code, c.title, g.name, g.description, c.opens_at, c.closes_at, c.notify_on,"
        " c.opens_at <= $1 AND c.closes_at > $1, c.closes_at <= $1, CASE WHEN c.programme = ANY($2) THEN"
        " (SELECT count(*)::int FROM application a WHERE a.call = c.id AND a.state NOT IN ('draft', 'withdrawn')) END,"
        f" CASE WHEN c.programme = ANY($6) THEN (SELECT count(*)::int{_VOICES} AND {_HANDED_IN}) END,"
        f" CASE WHEN c.programme = ANY($6) THEN (SELECT count(*)::int{_VOICES}) END"
        " FROM call c JOIN programme g ON g.id = c.programme WHERE c.published_at <= $1 AND c.archived_at IS NULL"
        " AND (c.closes_at > $1 OR (c.programme = ANY($2) AND c.notify_on >= $3::date - $4::int))"
        " ORDER BY c.closes_at, c.id LIMIT $5",
        at, programmes, local_date(at), KEPT_DAYS, CALLS_MAX, managed,
    )  # fmt: skip
