"""What awaits in committees: for their members, file by file up to a bound; for their manager, committee by committee.

Parameters as in `awaiting`. Every count is bounded and found by an index, so that it costs the same however many files there are.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from incubator.core.database import rows
from incubator.core.paging import COUNTED_MAX, counted
from incubator.people.queries import Person
from incubator.projects.queries import limited
from incubator.selection.queries.members import FILES, HANDED_IN, NOT_FOR_ME

COMMITTEES_MAX = 10
CHASE_DAYS = 21

_LIMITED = limited("a.project")
_UNPUBLISHED = "NOT EXISTS (SELECT FROM publication pb WHERE pb.committee = m.id)"

SEATS = (
    "seats AS MATERIALIZED (SELECT s.id, s.account, s.is_voting, m.id AS committee, m.name, c.notify_on,"
    " EXISTS (SELECT FROM undertaking u WHERE u.seat = s.id) AS is_signed FROM seat s JOIN committee m ON m.id = s.committee"
    f" JOIN call c ON c.id = m.call WHERE s.account = $1 AND s.ended_at IS NULL AND {_UNPUBLISHED})"
)
# Files of a seat that are not done with, until there are enough: while there are more than can be counted, they are told
# together. Values, not joins: joined, all files would be read before the first is known.
_STATE = "SELECT v.state FROM assessment v WHERE v.seat = s.id AND v.presentation = pr.id"
_IS_LEFT = (
    f"COALESCE((SELECT s.is_voting AND NOT dc.has_interest AND COALESCE(({_STATE}) <> 'handed_in', true) FROM declaration dc"
    " WHERE dc.seat = s.id AND dc.presentation = pr.id), true)"
)
_LEFT = (
    "SELECT CASE WHEN (SELECT true FROM declaration dc WHERE dc.seat = s.id AND dc.presentation = pr.id) IS NULL THEN 'declare'"
    f" WHEN ({_STATE}) IS NULL THEN 'assess' ELSE 'hand_in' END AS kind FROM presentation pr"
    " JOIN application a ON a.id = pr.application AND a.state = 'admissible'"
    f" WHERE pr.committee = s.committee AND {_IS_LEFT} AND NOT {NOT_FOR_ME} AND NOT {_LIMITED}"
    f" LIMIT {COUNTED_MAX + 1}"
)
MEMBER = (
    "SELECT 'undertaking', s.name, s.committee, '', '', 1, NULL::timestamptz, s.notify_on FROM seats s WHERE NOT s.is_signed",
    "SELECT f.kind, s.name, s.committee, '', '', f.count, NULL::timestamptz, s.notify_on FROM seats s CROSS JOIN LATERAL"
    " (SELECT CASE WHEN i.of_all > i.of_kind AND i.of_all > " + str(COUNTED_MAX) + " THEN 'files' ELSE i.kind END AS kind,"
    " sum(i.of_kind)::int AS count FROM (SELECT l.kind, count(*) AS of_kind, sum(count(*)) OVER () AS of_all"
    f" FROM ({_LEFT}) l GROUP BY l.kind) i GROUP BY 1) f WHERE s.is_signed",
)  # fmt: skip

# Values and fenced rows, not joins: each file is looked at by its indexes until there are enough, and the others never.
UNDECIDED = "(SELECT true FROM decision d WHERE d.presentation = pr.id) IS NULL"
FREE = (  # R10: nothing is derived for someone from what they have an interest in
    "pr.id <> ALL(ARRAY(SELECT dc.presentation FROM seat s JOIN declaration dc ON dc.seat = s.id AND dc.has_interest"
    " WHERE s.account = $1))"
)
ASSESSED = (
    "pr.assessments_count > 0 AND NOT EXISTS (SELECT FROM seat s WHERE s.committee = m.id AND s.is_voting AND s.ended_at IS NULL"
    " AND NOT EXISTS (SELECT FROM declaration dc WHERE dc.seat = s.id AND dc.presentation = pr.id AND dc.has_interest)"
    f" AND NOT {NOT_FOR_ME}"
    " AND NOT EXISTS (SELECT FROM assessment v WHERE v.seat = s.id AND v.presentation = pr.id AND v.state = 'handed_in'))"
)
SITTING = (
    "sitting AS MATERIALIZED (SELECT m.id, m.name, c.code, c.notify_on, (SELECT count(*) FROM seat s WHERE s.committee = m.id"
    " AND s.is_voting AND s.ended_at IS NULL) AS voters FROM committee m JOIN call c ON c.id = m.call"
    f" WHERE c.programme = ANY($4) AND {_UNPUBLISHED})"
)
_PUT = (
    " FROM presentation pr CROSS JOIN LATERAL (SELECT y.id, y.project, y.instructor FROM application y"
    " WHERE y.id = pr.application AND y.state = 'admissible' OFFSET 0) a WHERE pr.committee = m.id"
)
_TO_DECIDE = f"{_PUT} AND {UNDECIDED} AND {FREE} AND {ASSESSED}"
_PRESENTED = (
    " CROSS JOIN LATERAL (SELECT o.id FROM presentation o WHERE o.application = y.application AND o.committee = s.committee"
    " OFFSET 0) o"
)
# The files in which a seat of `voters` has no part (R10, R13): found from the seats, which are few.
NO_PART = (
    "SELECT s.id AS seat, y.presentation FROM voters s JOIN declaration y ON y.seat = s.id AND y.has_interest"
    " UNION SELECT s.id, o.id FROM voters s CROSS JOIN LATERAL (SELECT y.id AS application FROM application y"
    f" WHERE y.instructor = s.account OFFSET 0) y{_PRESENTED}"
    " UNION SELECT s.id, o.id FROM voters s CROSS JOIN LATERAL (SELECT y.application FROM ruling y"
    f" WHERE y.pronounced_by = s.account ORDER BY y.application OFFSET 0) y{_PRESENTED}"
    " UNION SELECT s.id, o.id FROM voters s CROSS JOIN LATERAL (SELECT y.id AS application FROM team_member t"
    " JOIN application y ON y.project = t.project WHERE t.account = s.account AND t.left_at IS NULL OFFSET 0) y"
    f"{_PRESENTED}"
)
_VOTERS = (
    "WITH voters AS (SELECT s.id, s.account, s.committee FROM seat s WHERE s.committee = m.id AND s.is_voting"
    f" AND s.ended_at IS NULL) SELECT z.presentation FROM ({NO_PART}) z UNION SELECT y.presentation FROM"
)
# Fewer voices than voters are enough for these alone: someone who votes has no part in it, or could not score enough of it.
_FEWER = f"{_VOTERS} voters s JOIN assessment y ON y.seat = s.id AND y.state = 'handed_in' AND y.total IS NULL"
# As many voices as voters are not enough for these alone: someone spoke who votes no more, or has no part in it any more.
_MORE = (
    f"{_VOTERS} seat s JOIN assessment y ON y.seat = s.id AND y.state = 'handed_in'"
    " WHERE s.committee = m.id AND (s.ended_at IS NOT NULL OR NOT s.is_voting)"
)
_DECIDE = (
    counted(f"{_TO_DECIDE} AND pr.assessments_count >= m.voters")
    + " + "
    + counted(f"{_TO_DECIDE} AND pr.assessments_count < m.voters AND pr.id = ANY(ARRAY({_FEWER}))")
)
_TO_CHASE = f"{_PUT} AND {UNDECIDED} AND {FREE} AND NOT {_LIMITED} AND NOT ({ASSESSED})"
_CHASE = (
    counted(f"{_TO_CHASE} AND pr.assessments_count < GREATEST(m.voters, 1) ORDER BY pr.assessments_count, pr.id")
    + " + "
    + counted(f"{_TO_CHASE} AND pr.assessments_count >= GREATEST(m.voters, 1) AND pr.id = ANY(ARRAY({_MORE}))")
)
# Once nothing else is left to decide: nobody is waited for on what is limited (K06), yet it keeps the rest from being published.
_LIMITED_LEFT = (
    f"CASE WHEN (SELECT true{_PUT} AND {UNDECIDED} AND NOT {_LIMITED} LIMIT 1) THEN 0"
    f" ELSE {counted(f'{_PUT} AND {UNDECIDED} AND {FREE} AND NOT ({ASSESSED})')} END"
)
_ALL_DECIDED = f"(SELECT true{_PUT} AND {UNDECIDED} LIMIT 1) IS NULL"
_PUBLISH = f"CASE WHEN {_ALL_DECIDED} THEN {counted(f'{_PUT} AND {FREE}')} ELSE 0 END"
# Publishing awaits also who has an interest in each of its files: told without a number.
_PUBLISH_UNSEEN = (
    f"CASE WHEN (SELECT true{_PUT} AND {FREE} LIMIT 1) THEN 0"
    f" WHEN (SELECT true{_PUT} LIMIT 1) AND {_ALL_DECIDED} THEN 1 ELSE 0 END"
)


def _of_committees(kind: str, key: str, count: str, condition: str = "true") -> str:
    """A branch: for each committee at work of one's programmes, how many files of it await."""
    return (
        f"SELECT '{kind}', n.name, n.id, {key}, '', LEAST(n.count, {COUNTED_MAX + 1}), NULL::timestamptz, n.notify_on"
        f" FROM (SELECT m.name, m.id, m.code, m.notify_on, {count} AS count FROM sitting m WHERE {condition}) n WHERE n.count > 0"
    )


MANAGED_COMMITTEES = (
    _of_committees("decide", "''", _DECIDE),
    _of_committees("decide_limited", "''", _LIMITED_LEFT),
    _of_committees("chase", "n.code", _CHASE, f"m.notify_on <= $3 + {CHASE_DAYS}"),
    _of_committees("publish", "''", _PUBLISH),
    _of_committees("publish_unseen", "''", _PUBLISH_UNSEEN),
)


class CommitteeLine(msgspec.Struct, frozen=True):
    """A committee one sits on whose decisions are not out; the files one reads, and those handed in.

    100 files, or as many handed in, stand for any number above 99.
    """

    id: UUID
    name: str
    call_title: str
    notify_on: date
    files_count: int
    handed_in_count: int


async def my_committees(me: Person) -> list[CommitteeLine]:
    """The committees at work on which one sits, the first to answer first."""
    return await rows(
        CommitteeLine,
        f"SELECT m.id, m.name, c.title, c.notify_on, {FILES}, {HANDED_IN}"
        " FROM seat s JOIN committee m ON m.id = s.committee JOIN call c ON c.id = m.call"
        f" WHERE s.account = $1 AND s.ended_at IS NULL AND {_UNPUBLISHED} ORDER BY c.notify_on, m.id LIMIT $2",
        me.id,
        COMMITTEES_MAX,
    )
