"""Calls as the home page tells them: the open ones, the next ones, and for staff those under way."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from incubator.applications.queries.dossiers import FREE_OF_INTEREST, READABLE
from incubator.core.clock import local_date
from incubator.core.database import rows
from incubator.core.paging import counted
from incubator.home.queries.committees import NO_PART
from incubator.people.queries import Person
from incubator.projects.queries import limited

CALLS_MAX = 6
KEPT_DAYS = 30
EXPECTED_MAX = 9_999


class CallLine(msgspec.Struct, frozen=True):
    """A published call.

    `deposited_count`: the files one may open, 100 for any number above 99; None for who does not work for its programme.
    `handed_in_count` assessments out of `expected_count` (voting members who may score them) are for its manager only, and
    None beyond some ten thousand: a page never counts them all.
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


_DEPOSITED = counted(
    " FROM application a WHERE a.call = c.id AND a.state IN ('deposited', 'complement_requested', 'admissible', 'inadmissible')"
    f" AND {FREE_OF_INTEREST} AND {READABLE}"
)
_VOTERS = (
    "voters AS MATERIALIZED (SELECT s.id, s.account, s.committee FROM committee m JOIN seat s ON s.committee = m.id"
    " AND s.is_voting AND s.ended_at IS NULL WHERE m.call = c.id)"
)
# Nobody is waited for on what is limited (K06), and nothing is derived from what the reader has an interest in (R10).
_SHUT = (
    "shut AS (SELECT o.id, o.committee FROM (SELECT DISTINCT s.committee FROM voters s) m JOIN presentation o"
    " ON o.committee = m.committee JOIN application a ON a.id = o.application WHERE o.id = ANY(ARRAY(SELECT i.presentation"
    f" FROM seat z JOIN declaration i ON i.seat = z.id AND i.has_interest WHERE z.account = $1)) OR {limited('a.project')})"
)
_LEFT_OUT = f"{_SHUT}, left_out AS ({NO_PART} UNION SELECT s.id, o.id FROM voters s JOIN shut o ON o.committee = s.committee)"
_HANDED_IN = (
    "SELECT count(*)::int FROM voters s JOIN assessment v ON v.seat = s.id AND v.state = 'handed_in'"
    " WHERE NOT EXISTS (SELECT FROM left_out o WHERE o.seat = s.id AND o.presentation = v.presentation)"
)
_PRESENTED = (
    f"SELECT count(*) FROM (SELECT FROM presentation pr WHERE pr.committee = g.committee LIMIT {EXPECTED_MAX} / g.voters + 1) f"
)
_VOICES = (
    f"(WITH {_VOTERS}, {_LEFT_OUT} SELECT CASE WHEN n.voices <= {EXPECTED_MAX} THEN ({_HANDED_IN}) END AS handed_in,"
    f" CASE WHEN n.voices <= {EXPECTED_MAX} THEN n.voices - (SELECT count(*)::int FROM left_out) END AS expected"
    f" FROM (SELECT COALESCE(sum(g.voters * ({_PRESENTED})), 0)::int AS voices FROM (SELECT s.committee, count(*) AS voters"
    " FROM voters s GROUP BY s.committee) g) n)"
)


async def current_calls(me: Person | None, at: datetime) -> list[CallLine]:
    """Calls open or announced, the first to close first; for staff also those whose answers are awaited."""
    programmes: list[UUID] = me.programmes if me else []
    managed = [programme for programme in programmes if me and me.manages(programme)]
    return await rows(
        CallLine,
        "SELECT c.code, c.title, g.name, g.description, c.opens_at, c.closes_at, c.notify_on,"
        f" c.opens_at <= $2 AND c.closes_at > $2, c.closes_at <= $2, CASE WHEN c.programme = ANY($3) THEN {_DEPOSITED} END,"
        " v.handed_in, v.expected"
        f" FROM call c JOIN programme g ON g.id = c.programme LEFT JOIN LATERAL {_VOICES} v ON c.programme = ANY($7)"
        " WHERE c.published_at <= $2 AND c.archived_at IS NULL"
        " AND (c.closes_at > $2 OR (c.programme = ANY($3) AND c.notify_on >= $4::date - $5::int))"
        " ORDER BY c.closes_at, c.id LIMIT $6",
        me.id if me else None, at, programmes, local_date(at), KEPT_DAYS, CALLS_MAX, managed,
    )  # fmt: skip
