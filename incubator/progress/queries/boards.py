"""A cohort's board: one line a project, in a constant number of statements."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import msgspec

from incubator.core.database import row, rows
from incubator.core.errors import NotFound
from incubator.people.queries import Person
from incubator.progress.queries.paths import phases_of
from incubator.progress.rules.dates import due_on
from incubator.progress.rules.facts import OWED, SETTLED, Span
from incubator.progress.rules.next_steps import Knot, PhaseLine, PhaseStay, knots_of


class BoardMilestone(msgspec.Struct, frozen=True):
    """A deliverable as the board needs it."""

    id: UUID
    name: str
    due_months: Decimal
    is_mandatory: bool
    state: str


class BoardRow(msgspec.Struct, frozen=True):
    """What the database says of a project of the cohort in its latest phase."""

    project: UUID
    project_name: str
    commune: str | None
    enrolment: UUID
    phase_name: str
    planned_months: Decimal
    alert_days: int
    state: str
    starts_on: date
    ended_on: date | None
    prolonged_months: int
    milestones: list[BoardMilestone]
    suspensions: list[Span]
    stays: list[PhaseStay]
    last_session_on: date | None
    coach_name: str | None


class BoardLine(msgspec.Struct, frozen=True):
    """A project of the cohort at one look: its thread, its phase, what comes next, how late it is, who follows it."""

    project: UUID
    project_name: str
    commune: str | None
    enrolment: UUID
    phase_name: str
    state: str
    thread: list[Knot]
    next_milestone: UUID | None
    next_name: str | None
    next_due: date | None
    late_count: int
    to_review_count: int
    last_session_on: date | None
    is_idle: bool
    coach_name: str | None


class Board(msgspec.Struct, frozen=True):
    """A cohort's projects, the late ones first."""

    cohort: UUID
    name: str
    call_code: str
    starts_on: date
    lines: list[BoardLine]


class _Cohort(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    call_code: str
    starts_on: date
    programme: UUID
    plan: UUID


async def board(me: Person, cohort_id: UUID, today: date) -> Board:
    """The board of a cohort of one's programme, in three statements. Raises `NotFound`."""
    found = await row(
        _Cohort,
        "SELECT o.id, o.name, c.code, o.starts_on, o.programme, c.plan FROM cohort o JOIN call c ON c.id = o.call"
        " WHERE o.id = $1",
        cohort_id,
    )
    if found is None or not me.works_for(found.programme):
        raise NotFound
    phases = await phases_of(found.plan)
    lines = [_line(line, phases, today) for line in await _board_rows(cohort_id)]
    lines.sort(
        key=lambda line: (line.state in ("stopped", "passed"), -line.late_count, line.next_due or date.max, line.project_name)
    )
    return Board(found.id, found.name, found.call_code, found.starts_on, lines)


async def _board_rows(cohort_id: UUID) -> list[BoardRow]:
    return await rows(
        BoardRow,
        "SELECT p.id, p.name, m.name, e.id, f.name, f.planned_months, f.alert_days, e.state, e.starts_on, e.ended_on,"
        " COALESCE((SELECT sum(v.prolonged_months) FROM gate_review v WHERE v.enrolment = e.id), 0)::int,"
        " COALESCE((SELECT json_agg(json_build_object('id', i.id, 'name', i.name, 'due_months', i.due_months,"
        " 'is_mandatory', i.is_mandatory, 'state', COALESCE(d.state, 'to_do')) ORDER BY i.position) FROM milestone i"
        " LEFT JOIN deliverable d ON d.milestone = i.id AND d.enrolment = e.id WHERE i.phase = e.phase), '[]')::text,"
        " COALESCE((SELECT json_agg(json_build_object('from_on', s.from_on, 'until_on', s.until_on) ORDER BY s.from_on)"
        " FROM suspension s WHERE s.enrolment = e.id), '[]')::text,"
        " (SELECT json_agg(json_build_object('phase', t.phase, 'state', t.state, 'starts_on', t.starts_on,"
        " 'ended_on', t.ended_on)) FROM enrolment t WHERE t.place = e.place)::text,"
        " (SELECT max(s.held_on) FROM support_session s WHERE s.project = p.id),"
        " (SELECT a.name FROM coach_assignment k JOIN account a ON a.id = k.coach WHERE k.project = p.id AND k.is_lead"
        " AND k.until_on IS NULL)"
        " FROM (SELECT DISTINCT ON (e.place) e.* FROM enrolment e JOIN phase f ON f.id = e.phase WHERE e.cohort = $1"
        " ORDER BY e.place, f.position DESC, e.id) e JOIN place l ON l.id = e.place AND l.state = 'accepted'"
        " JOIN project p ON p.id = e.project JOIN phase f ON f.id = e.phase LEFT JOIN commune m ON m.insee_code = p.commune"
        " ORDER BY p.name, p.id LIMIT 500",
        cohort_id,
    )


def _line(found: BoardRow, phases: list[PhaseLine], today: date) -> BoardLine:
    dues = {milestone.id: _due(found, milestone, today) for milestone in found.milestones}
    goes_on = found.ended_on is None and found.state != "to_start"
    owed = [milestone for milestone in found.milestones if milestone.is_mandatory and milestone.state in OWED] if goes_on else []
    owed.sort(key=lambda milestone: dues[milestone.id])
    late_count = sum(dues[milestone.id] < today for milestone in owed)
    following = owed[0] if owed else None
    ends_on = due_on(found.starts_on, found.planned_months + found.prolonged_months, found.suspensions, today)
    return BoardLine(
        found.project, found.project_name, found.commune, found.enrolment, found.phase_name, found.state,
        knots_of(phases, found.stays, is_late=late_count > 0, ends_on=ends_on),
        following.id if following else None, following.name if following else None,
        dues[following.id] if following else None, late_count,
        sum(milestone.state in ("submitted", "waiver_asked") for milestone in found.milestones),
        found.last_session_on, _is_idle(found, today), found.coach_name,
    )  # fmt: skip


def _due(found: BoardRow, milestone: BoardMilestone, today: date) -> date:
    """As `rules.dates.milestone_due`."""
    months = milestone.due_months + (0 if milestone.state in SETTLED else found.prolonged_months)
    return due_on(found.starts_on, months, found.suspensions, today)


def _is_idle(found: BoardRow, today: date) -> bool:
    """As in the coach's portfolio (R32)."""
    since = found.last_session_on or found.starts_on
    return found.state in ("active", "in_review") and 0 < found.alert_days < (today - since).days
