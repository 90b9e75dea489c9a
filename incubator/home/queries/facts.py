"""The facts of threads, in one statement however many projects."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from incubator.core.database import rows
from incubator.core.errors import NotFound
from incubator.home.rules.facts import ThreadFacts
from incubator.people.queries import Person
from incubator.projects.queries import open_to

PROJECTS_MAX = 30

_MEMBER = "FROM team_member t WHERE t.project = p.id AND t.account = $1 AND t.left_at IS NULL"
_COACHED = "FROM coach_assignment k WHERE k.project = p.id AND k.coach = $1 AND (k.until_on IS NULL OR k.until_on >= $2)"
_PHASES = (
    "SELECT json_agg(json_build_object('code', f.code, 'name', f.name, 'position', f.position, 'is_entry', f.is_entry,"
    " 'planned_months', f.planned_months) ORDER BY f.position) FROM phase f WHERE f.plan = COALESCE(a.plan, (SELECT v.id"
    " FROM plan_version v WHERE v.programme = p.programme AND v.published_at IS NOT NULL ORDER BY v.number DESC LIMIT 1))"
)
_APPLICATION = (
    "SELECT a.id, a.call, a.state, a.started_at, c.plan, c.code, c.title, c.closes_at, c.notify_on, (SELECT f.position FROM"
    " phase f WHERE f.id = a.phase) AS phase_position,"
    " (SELECT g.until_at FROM derogation g WHERE g.application = a.id) AS late_until,"
    " (SELECT count(*)::int FROM deposit dp WHERE dp.application = a.id) AS deposits_count,"
    " (SELECT dp.received_at FROM deposit dp WHERE dp.application = a.id ORDER BY dp.ordinal LIMIT 1) AS"
    " deposited_at, (SELECT q.due_at FROM complement_request q WHERE q.application = a.id"
    " AND q.answered_at IS NULL) AS complement_due_at, (SELECT r.pronounced_at FROM ruling r WHERE r.application = a.id"
    " ORDER BY r.pronounced_at DESC LIMIT 1) AS ruled_at, pr.id AS presentation, pr.committee FROM application a"
    " JOIN call c ON c.id = a.call LEFT JOIN presentation pr ON pr.application = a.id WHERE a.project = p.id"
    " ORDER BY EXISTS (SELECT FROM decision d JOIN place l ON l.decision = d.id JOIN enrolment e ON e.place = l.id"
    " WHERE d.presentation = pr.id AND e.ended_on IS NULL) DESC, a.started_at DESC, a.id DESC LIMIT 1"
)
_STOPS = (
    "SELECT json_agg(json_build_object('from_on', s.from_on, 'until_on', s.until_on) ORDER BY s.from_on) FROM suspension s"
    " WHERE s.enrolment = e.id"
)
_MILESTONES = (
    "SELECT json_agg(json_build_object('id', m.id, 'name', m.name, 'due_months', m.due_months, 'is_mandatory',"
    " m.is_mandatory, 'state', COALESCE(dv.state, 'to_do')) ORDER BY m.due_months, m.position) FROM milestone m"
    " LEFT JOIN deliverable dv ON dv.milestone = m.id AND dv.enrolment = e.id"
    " WHERE m.phase = e.phase AND e.ended_on IS NULL"
)
_ENROLMENTS = (
    "SELECT json_agg(json_build_object('id', e.id, 'phase_position', f.position, 'phase_name', f.name, 'planned_months',"
    " f.planned_months, 'state', e.state, 'starts_on', e.starts_on, 'ended_on', e.ended_on, 'prolonged_months',"
    " COALESCE((SELECT sum(g.prolonged_months) FROM gate_review g WHERE g.enrolment = e.id), 0), 'gate_outcome',"
    " (SELECT g.outcome FROM gate_review g WHERE g.enrolment = e.id ORDER BY g.decided_at DESC LIMIT 1), 'has_gate',"
    " f.has_gate, 'has_opinion', EXISTS (SELECT FROM coach_opinion o WHERE o.enrolment = e.id AND o.given_at >"
    " COALESCE((SELECT max(g.decided_at) FROM gate_review g WHERE g.enrolment = e.id AND g.outcome = 'prolong'), '-infinity')),"
    " 'diagnoses', COALESCE((SELECT json_agg(g.side || ' ' || g.moment) FROM diagnosis g WHERE g.enrolment = e.id), '[]'),"
    f" 'stops', COALESCE(({_STOPS}), '[]'), 'milestones', COALESCE(({_MILESTONES}), '[]')) ORDER BY f.position, e.starts_on)"
    " FROM enrolment e JOIN phase f ON f.id = e.phase WHERE e.place = pl.id"
)
_FACTS = (
    "SELECT p.id, p.name, p.programme, p.created_at,"
    f" EXISTS (SELECT {_MEMBER}), EXISTS (SELECT {_MEMBER} AND t.role = 'depositor'), EXISTS (SELECT {_COACHED}),"
    f" EXISTS (SELECT {_COACHED} AND k.is_lead),"
    f" COALESCE(({_PHASES}), '[]')::text,"
    " CASE WHEN a.id IS NOT NULL THEN json_build_object('id', a.id, 'state', a.state, 'call_code', a.code, 'call_title',"
    " a.title, 'closes_at', a.closes_at, 'notify_on', a.notify_on, 'deposited_at', a.deposited_at, 'complement_due_at',"
    " a.complement_due_at, 'ruled_at', a.ruled_at, 'is_presented', a.presentation IS NOT NULL, 'phase_position',"
    " a.phase_position, 'late_until', a.late_until, 'deposits_count', a.deposits_count)::text END,"
    " CASE WHEN pb.id IS NOT NULL AND d.id IS NOT NULL THEN json_build_object('outcome', d.outcome, 'phase_position',"
    " (SELECT f.position FROM phase f WHERE f.id = d.phase), 'waiting_rank', d.waiting_rank, 'published_at',"
    " pb.published_at)::text END,"
    " CASE WHEN pb.id IS NOT NULL THEN json_build_object('cohort_created_at', co.created_at, 'starts_on', co.starts_on,"
    " 'state', pl.state, 'answer_by', pl.answer_by, 'answered_at', pl.answered_at, 'project_signed_at',"
    " ag.project_signed_at, 'programme_signed_at', ag.programme_signed_at)::text END,"
    f" COALESCE(({_ENROLMENTS}), '[]')::text FROM project p LEFT JOIN LATERAL ({_APPLICATION}) a ON true"
    " LEFT JOIN publication pb ON pb.committee = a.committee LEFT JOIN decision d ON d.presentation = a.presentation"
    " LEFT JOIN place pl ON pl.decision = d.id AND pb.id IS NOT NULL LEFT JOIN cohort co ON co.call = a.call"
    " LEFT JOIN agreement ag ON ag.place = pl.id"
)


async def my_projects(me: Person, today: date) -> list[ThreadFacts]:
    """The projects one carries or coaches today, latest first."""
    return await rows(
        ThreadFacts,
        f"{_FACTS} WHERE p.id IN (SELECT t.project FROM team_member t WHERE t.account = $1 AND t.left_at IS NULL"
        " UNION SELECT k.project FROM coach_assignment k WHERE k.coach = $1 AND (k.until_on IS NULL OR k.until_on >= $2))"
        " ORDER BY p.created_at DESC, p.id DESC LIMIT $3",
        me.id, today, PROJECTS_MAX,
    )  # fmt: skip


async def thread_of(me: Person, project_id: UUID, today: date) -> ThreadFacts:
    """The facts of a project, for its team, its coaches and the staff of its programme. Raises `NotFound`."""
    managed = me.programmes_as("manager")
    sql = f"{_FACTS} WHERE p.id = $3 AND {open_to('p', '$1', '$4')} ORDER BY p.id LIMIT 1"
    found = await rows(ThreadFacts, sql, me.id, today, project_id, managed)
    if not found or not (found[0].is_team or me.works_for(found[0].programme)):
        raise NotFound
    return found[0]
