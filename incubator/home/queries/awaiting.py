"""What awaits someone, from every room, in one statement: one branch a kind, each bounded.

Parameters of every branch: $1 the person, $2 the instant, $3 the day, $4 the programmes they manage, $5 those whose
applications they handle; on a project's page $6 is that project. Columns as in `rules.awaiting.Waiting`.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from uuid import UUID

from incubator.applications.queries.dossiers import FREE_OF_INTEREST, READABLE
from incubator.cohorts.rules import ANSWER_DAYS
from incubator.core.clock import local_date
from incubator.core.database import rows
from incubator.core.paging import counted
from incubator.home.queries.committees import ASSESSED, FREE, MANAGED_COMMITTEES, MEMBER, SEATS, SITTING, UNDECIDED
from incubator.home.rules.awaiting import Waiting
from incubator.people.queries import Person
from incubator.privacy.queries.cases import in_reach

BRANCH_MAX = 20
AGREE_DAYS = 7
SESSION_DAYS = 7
UNANSWERED_DAYS = 3

# Arrays, not joins: the planner's work grows with each table joined.
_CARRIED = "p.id = ANY(ARRAY(SELECT t.project FROM team_member t WHERE t.account = $1 AND t.left_at IS NULL))"
_WRITTEN = _CARRIED.replace("t.left_at IS NULL", "t.left_at IS NULL AND t.role <> 'reader'")
_DEPOSITED = _CARRIED.replace("t.left_at IS NULL", "t.left_at IS NULL AND t.role = 'depositor'")
_COACHED = (
    "p.id = ANY(ARRAY(SELECT k.project FROM coach_assignment k WHERE k.coach = $1 AND (k.until_on IS NULL OR k.until_on >= $3)))"
)
_PLACED = (
    " FROM publication pb JOIN presentation pr ON pr.committee = pb.committee JOIN decision d ON d.presentation = pr.id"
    " JOIN application a ON a.id = pr.application AND a.state <> 'withdrawn' JOIN project p ON p.id = a.project"
    " JOIN cohort co ON co.call = a.call LEFT JOIN place pl ON pl.decision = d.id"
    " WHERE (pl.state = 'offered' OR (pl.id IS NULL AND d.outcome = 'retained'))"
)
_DEADLINE = (
    "COALESCE(pl.answer_by, ((GREATEST(pb.published_at, co.created_at) AT TIME ZONE 'Europe/Paris')::date"
    f" + {ANSWER_DAYS} + time '23:59:59') AT TIME ZONE 'Europe/Paris')"
)
_ON_THE_PATH = " FROM enrolment e JOIN project p ON p.id = e.project JOIN phase f ON f.id = e.phase"

# The closing, or later for a draft that is let in.
_CLOSING = "GREATEST(c.closes_at, (SELECT g.until_at FROM derogation g WHERE g.application = a.id))"

TEAM = (
    "SELECT CASE WHEN " + _DEPOSITED + f" THEN 'deposit' ELSE 'draft' END, p.name, a.id, '', '', 1, {_CLOSING}, NULL::date"
    " FROM application a JOIN call c ON c.id = a.call JOIN project p ON p.id = a.project"
    " WHERE a.state = 'draft' AND c.published_at <= $2 AND c.opens_at <= $2"
    f" AND {_CLOSING} > $2 AND {_WRITTEN}",
    f"SELECT 'agree', p.name, a.id, '', '', 1, {_CLOSING}, NULL::date FROM application a JOIN call c ON c.id = a.call"
    " JOIN project p ON p.id = a.project JOIN team_member t ON t.project = p.id AND t.account = $1 AND t.left_at IS NULL"
    f" WHERE a.state = 'draft' AND c.opens_at <= $2 AND {_CLOSING} > $2 AND t.role <> 'depositor'"
    " AND NOT EXISTS (SELECT FROM confirmation k WHERE k.application = a.id AND k.account = $1 AND k.confirmed_at >= t.joined_at)"
    f" AND ({_CLOSING} < $2 + interval '{AGREE_DAYS} days' OR EXISTS (SELECT FROM journal_entry j WHERE j.subject = a.id"
    " AND j.verb = 'confirmation.reminded'))",
    "SELECT 'complement', p.name, a.id, '', '', 1, q.due_at, NULL::date FROM complement_request q"
    " JOIN application a ON a.id = q.application JOIN project p ON p.id = a.project"
    " WHERE q.answered_at IS NULL AND a.state = 'complement_requested' AND " + _WRITTEN,
    "SELECT CASE WHEN pl.id IS NULL THEN 'place' ELSE 'offer' END, p.name, p.id, '', '', 1,"
    " COALESCE(pl.answer_by, GREATEST(pb.published_at, co.created_at)), NULL::date" + _PLACED + " AND " + _DEPOSITED,
    "SELECT 'sign', p.name, p.id, '', '', 1, NULL::timestamptz, NULL::date FROM place pl JOIN agreement ag ON ag.place = pl.id"
    " JOIN project p ON p.id = pl.project WHERE pl.state = 'accepted' AND ag.project_signed_at IS NULL AND " + _DEPOSITED,
)  # fmt: skip

INVITED = (
    "SELECT 'invited', p.name, i.id, '', '', 1, i.expires_at, NULL::date FROM account o JOIN team_invitation i"
    " ON i.email = o.email AND i.accepted_at IS NULL AND i.declined_at IS NULL AND i.revoked_at IS NULL"
    " JOIN project p ON p.id = i.project WHERE o.id = $1 AND o.confirmed_at IS NOT NULL AND i.expires_at > $2",
)

_NOT_PRESENTED = "a.state = 'admissible' AND NOT EXISTS (SELECT FROM presentation pr WHERE pr.application = a.id)"
# R13: who is of the team neither rules on the file nor answers it.
_NOT_OF_THE_TEAM = "a.project <> ALL(ARRAY(SELECT t.project FROM team_member t WHERE t.account = $1 AND t.left_at IS NULL))"
_MAY_HANDLE = f"{FREE_OF_INTEREST} AND {READABLE} AND {_NOT_OF_THE_TEAM}"
_TO_RULE = f"a.state = 'deposited' AND {_MAY_HANDLE}"
_UNANSWERED = (
    "SELECT i.call, (SELECT min(w.written_at) FROM inquiry_message w WHERE w.inquiry = i.id AND NOT w.is_staff"
    " AND w.written_at > COALESCE((SELECT max(s.written_at) FROM inquiry_message s WHERE s.inquiry = i.id AND s.is_staff),"
    " '-infinity')) AS since FROM inquiry i JOIN application a ON a.id = i.application JOIN call c ON c.id = i.call"
    f" WHERE i.closed_at IS NULL AND {_MAY_HANDLE}"
)


def _of_calls(kind: str, programmes: str, condition: str) -> str:
    """A branch: for each call of these programmes, how many of its files await."""
    count = counted(f" FROM application a WHERE a.call = c.id AND {condition}")
    return (
        f"SELECT '{kind}', n.title, n.id, n.code, '', n.count, NULL::timestamptz, n.notify_on FROM (SELECT c.title, c.id, c.code,"
        f" c.notify_on, {count} AS count FROM call c WHERE c.programme = ANY({programmes})) n WHERE n.count > 0"
    )


HANDLED_CALLS = (
    _of_calls("rule", "$5", _TO_RULE),
    f"SELECT 'inquiries', c.title, c.id, c.code, '', count(*)::int, min(u.since), NULL::date FROM ({_UNANSWERED}) u"
    f" JOIN call c ON c.id = u.call WHERE c.programme = ANY($5) AND u.since IS NOT NULL GROUP BY c.id, c.code, c.title",
)
MANAGED_CALLS = (
    "SELECT 'data_request', '', $1::uuid, '', '', count(*)::int, NULL::timestamptz, min(q.due_on) FROM data_request q"
    f" WHERE q.state = 'open' AND q.account <> $1 AND cardinality($4::uuid[]) > 0 AND {in_reach('$4')} HAVING count(*) > 0",
    "SELECT 'retention', '', $1::uuid, '', '', count(*)::int, min(l.proposed_at), NULL::date FROM retention_line l"
    " WHERE l.state = 'proposed' AND cardinality($4::uuid[]) > 0 AND (l.programme = ANY($4) OR l.programme IS NULL)"
    " HAVING count(*) > 0",
    _of_calls("present", "$4", _NOT_PRESENTED),
    *MANAGED_COMMITTEES,
    "SELECT 'cohort', c.title, c.id, c.code, '', 1, NULL::timestamptz, NULL::date FROM call c WHERE c.programme = ANY($4)"
    " AND NOT EXISTS (SELECT FROM cohort co WHERE co.call = c.id) AND EXISTS (SELECT FROM publication pb JOIN presentation pr"
    " ON pr.committee = pb.committee JOIN decision d ON d.presentation = pr.id JOIN committee m ON m.id = pb.committee"
    " WHERE m.call = c.id AND d.outcome = 'retained')",
)
_APPLIES = " FROM application a JOIN call c ON c.id = a.call JOIN project p ON p.id = a.project"
HANDLED_ONE = (
    f"SELECT 'rule_one', p.name, a.id, '', '', 1, NULL::timestamptz, c.notify_on{_APPLIES}"
    f" WHERE c.programme = ANY($5) AND {_TO_RULE}",
)
_SITTING_ON = (
    " FROM committee m JOIN call c ON c.id = m.call JOIN presentation pr ON pr.committee = m.id JOIN application a"
    " ON a.id = pr.application AND a.state = 'admissible' JOIN project p ON p.id = a.project WHERE c.programme = ANY($4)"
    " AND NOT EXISTS (SELECT FROM publication pb WHERE pb.committee = m.id)"
)
MANAGED_ONE = (
    f"SELECT 'present_one', p.name, a.id, c.code, '', 1, NULL::timestamptz, c.notify_on{_APPLIES}"
    f" WHERE c.programme = ANY($4) AND {_NOT_PRESENTED}",
    "SELECT 'decide_one', p.name, a.id, '', '', 1, NULL::timestamptz, c.notify_on"
    f"{_SITTING_ON} AND {UNDECIDED} AND {FREE} AND {ASSESSED}",
)
HANDLED = (
    "SELECT 'overdue_complement', p.name, a.id, '', '', 1, q.due_at, NULL::date FROM complement_request q"
    " JOIN application a ON a.id = q.application JOIN project p ON p.id = a.project JOIN call c ON c.id = a.call"
    f" WHERE q.answered_at IS NULL AND q.due_at < $2 AND a.state = 'complement_requested' AND p.programme = ANY($5)"
    f" AND {_MAY_HANDLE}",
)
MANAGED = (
    f"SELECT 'unanswered', p.name, p.id, co.id::text, '', 1, {_DEADLINE}, NULL::date{_PLACED} AND co.programme = ANY($4)"
    f" AND {_DEADLINE} < $2 + interval '{UNANSWERED_DAYS} days'",
    "SELECT 'countersign', p.name, p.id, '', '', 1, ag.project_signed_at, NULL::date FROM agreement ag"
    " JOIN place pl ON pl.id = ag.place AND pl.state = 'accepted' JOIN project p ON p.id = pl.project"
    " WHERE ag.project_signed_at IS NOT NULL AND ag.programme_signed_at IS NULL AND p.programme = ANY($4)",
    f"SELECT 'uncoached', p.name, p.id, '', '', 1, NULL::timestamptz, NULL::date{_ON_THE_PATH} WHERE e.ended_on IS NULL"
    " AND p.programme = ANY($4) AND NOT EXISTS (SELECT FROM coach_assignment k WHERE k.project = p.id AND k.is_lead"
    " AND (k.until_on IS NULL OR k.until_on >= $3))",
    f"SELECT 'gate', p.name, e.id, '', '', 1, NULL::timestamptz, NULL::date{_ON_THE_PATH} WHERE e.state = 'in_review'"
    " AND p.programme = ANY($4)",
)

_DELIVERED = (
    " FROM deliverable v JOIN enrolment e ON e.id = v.enrolment AND e.ended_on IS NULL JOIN milestone m ON m.id = v.milestone"
    " JOIN project p ON p.id = e.project"
)
_LATEST_SESSION = (
    " LEFT JOIN LATERAL (SELECT s.held_on, s.next_on FROM support_session s WHERE s.project = p.id"
    " ORDER BY s.held_on DESC, s.id DESC LIMIT 1) s ON true"
)
_SINCE = "COALESCE(s.held_on, e.starts_on)"
_IDLE = f"f.alert_days > 0 AND $3 - {_SINCE} > f.alert_days"
_SOON = f"s.next_on BETWEEN $3 AND $3 + {SESSION_DAYS}"
COACH = (
    f"SELECT CASE WHEN {_SOON} THEN 'session' WHEN {_IDLE} THEN 'idle' ELSE 'log' END, p.name, p.id, '', '',"
    f" GREATEST($3 - {_SINCE}, 1), NULL::timestamptz,"
    f" CASE WHEN {_SOON} OR NOT ({_IDLE}) THEN s.next_on ELSE {_SINCE} + f.alert_days END{_ON_THE_PATH}{_LATEST_SESSION}"
    f" WHERE e.state IN ('active', 'in_review') AND ({_IDLE} OR s.next_on <= $3 + {SESSION_DAYS}) AND {_COACHED}",
    f"SELECT 'review', p.name, e.id, m.id::text, m.name, 1, v.submitted_at, NULL::date{_DELIVERED}"
    f" WHERE v.state = 'submitted' AND {_COACHED}",
)  # fmt: skip
WAIVERS = (
    f"SELECT 'waiver', p.name, e.id, m.id::text, m.name, 1, NULL::timestamptz, NULL::date{_DELIVERED}"
    f" WHERE v.state = 'waiver_asked' AND v.waiver_asked_by <> $1 AND ({_COACHED} OR p.programme = ANY($4))",
)


async def awaiting(me: Person, at: datetime) -> list[Waiting]:
    """Everything that awaits a person, in any role."""
    return await rows(Waiting, _everywhere(*_roles(me)), *_who(me, at))


async def awaiting_on(me: Person, project_id: UUID, at: datetime) -> list[Waiting]:
    """What awaits a person about one project."""
    return await rows(Waiting, _on_a_project(*_roles(me)), *_who(me, at), project_id)


def _roles(me: Person) -> tuple[bool, bool, bool]:
    """Whether one is a manager, handles applications, coaches."""
    held = {held.role for held in me.roles}
    return "manager" in held, bool(held & {"manager", "instructor"}), "coach" in held


def _who(me: Person, at: datetime) -> tuple[UUID, datetime, date, list[UUID], list[UUID]]:
    managed = me.programmes_as("manager")
    handled = me.programmes_as("manager", "instructor")
    return me.id, at, local_date(at), managed, handled


@cache
def _everywhere(manages: bool, handles: bool, coaches: bool) -> str:
    """Only the branches of one's roles: planning those of others would cost more than running one's own."""
    branches: tuple[str, ...] = INVITED + TEAM + MEMBER
    branches += HANDLED_CALLS + HANDLED if handles else ()
    branches += MANAGED_CALLS + MANAGED if manages else ()
    branches += COACH if coaches else ()
    branches += WAIVERS if coaches or manages else ()
    return _all_of(branches)


@cache
def _on_a_project(manages: bool, handles: bool, coaches: bool) -> str:
    branches: tuple[str, ...] = TEAM
    branches += HANDLED_ONE + HANDLED if handles else ()
    branches += MANAGED_ONE + MANAGED if manages else ()
    branches += COACH if coaches else ()
    branches += WAIVERS if coaches or manages else ()
    return _all_of(branches, " AND p.id = $6")


def _all_of(branches: tuple[str, ...], condition: str = "") -> str:
    """One statement of bounded branches; the first line gives every parameter its type, whichever branches use it."""
    types = f"WITH asked AS (SELECT $1::uuid, $2::timestamptz, $3::date, $4::uuid[], $5::uuid[]), {SEATS}, {SITTING} "
    bounded = [f"({branch}{condition} ORDER BY 8, 7, 2, 3 LIMIT {BRANCH_MAX})" for branch in branches]
    return types + " UNION ALL ".join(bounded) + " ORDER BY 8, 7, 2, 3"
