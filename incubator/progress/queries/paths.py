"""A project's path: its stays in phases, each whole, and one deliverable's words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from incubator.coaching.queries import standing_of
from incubator.coaching.rules import Standing
from incubator.core.database import execute, row, rows, value
from incubator.core.errors import NotFound
from incubator.people.queries import Person
from incubator.programmes.forms import DiagnosisAxis
from incubator.progress.rules.dates import Step, phase_end, steps_of
from incubator.progress.rules.facts import EnrolmentFacts
from incubator.progress.rules.gates import missing_for_gate
from incubator.progress.rules.next_steps import Knot, NextStep, PhaseLine, PhaseStay, knots_of, next_step

_MILESTONES = (
    "COALESCE((SELECT json_agg(json_build_object('id', i.id, 'code', i.code, 'name', i.name, 'help', i.help,"
    " 'due_months', i.due_months, 'is_mandatory', i.is_mandatory, 'state', COALESCE(d.state, 'to_do'),"
    " 'version', COALESCE(d.version, 0), 'submitted_at', d.submitted_at, 'waiver_asked_by', d.waiver_asked_by,"
    " 'reviewed_by', r.name) ORDER BY i.position) FROM milestone i"
    " LEFT JOIN deliverable d ON d.milestone = i.id AND d.enrolment = e.id LEFT JOIN account r ON r.id = d.reviewed_by"
    " WHERE i.phase = e.phase), '[]')::text"
)
_SUSPENSIONS = (
    "COALESCE((SELECT json_agg(json_build_object('from_on', s.from_on, 'until_on', s.until_on, 'reason', s.reason)"
    " ORDER BY s.from_on) FROM suspension s WHERE s.enrolment = e.id), '[]')::text"
)
_DIAGNOSES = (
    "COALESCE((SELECT json_agg(json_build_object('side', g.side, 'moment', g.moment, 'levels', g.levels,"
    " 'made_at', g.made_at, 'made_by', b.name) ORDER BY g.made_at) FROM diagnosis g JOIN account b ON b.id = g.made_by"
    " WHERE g.enrolment = e.id), '[]')::text"
)
_OPINIONS = (
    "COALESCE((SELECT json_agg(json_build_object('is_favourable', o.is_favourable, 'text', o.text, 'given_at', o.given_at,"
    " 'given_by', b.name) ORDER BY o.given_at DESC) FROM coach_opinion o JOIN account b ON b.id = o.given_by"
    " WHERE o.enrolment = e.id), '[]')::text"
)
_REVIEWS = (
    "COALESCE((SELECT json_agg(json_build_object('outcome', v.outcome, 'prolonged_months', v.prolonged_months,"
    " 'reason', v.reason, 'decided_at', v.decided_at, 'decided_by', b.name) ORDER BY v.decided_at DESC)"
    " FROM gate_review v JOIN account b ON b.id = v.decided_by WHERE v.enrolment = e.id), '[]')::text"
)
_ENROLMENT = (
    "SELECT e.id, p.id, p.name, p.programme, e.place, c.id, c.name, f.plan, f.id, f.code, f.name, f.position,"
    " f.planned_months, f.prolongation_months_max, f.has_gate, e.state, e.starts_on, e.ended_on, e.end_reason, e.version,"
    f" {_MILESTONES}, {_SUSPENSIONS}, {_DIAGNOSES}, {_OPINIONS}, {_REVIEWS},"
    " NOT EXISTS (SELECT FROM enrolment x JOIN phase y ON y.id = x.phase WHERE x.place = e.place AND y.position < f.position)"
    " FROM enrolment e JOIN project p ON p.id = e.project JOIN cohort c ON c.id = e.cohort JOIN phase f ON f.id = e.phase"
)


async def enrolment_for(me: Person, enrolment_id: UUID, *, lock: bool = False) -> tuple[EnrolmentFacts, Standing]:
    """A stay in a phase and what one is to its project. Raises `NotFound`. With `lock`, nobody else acts on it meanwhile."""
    if lock:
        await execute("SELECT FROM enrolment WHERE id = $1 FOR NO KEY UPDATE", enrolment_id)
    found = await row(EnrolmentFacts, f"{_ENROLMENT} WHERE e.id = $1", enrolment_id)
    if found is None:
        raise NotFound
    return found, await standing_of(me, found.project)


class PathView(msgspec.Struct, frozen=True):
    """A project's path: its stays in phases in order, the one that counts now, and the phases of its plan."""

    standing: Standing
    enrolments: list[EnrolmentFacts]
    phases: list[PhaseLine]

    @property
    def current(self) -> EnrolmentFacts:
        """The stay that goes on, else the last."""
        return next((stay for stay in self.enrolments if stay.ended_on is None), self.enrolments[-1])

    def knots(self, today: date) -> list[Knot]:
        """The path as a thread."""
        current = self.current
        stays = [PhaseStay(stay.phase, stay.state, stay.starts_on, stay.ended_on) for stay in self.enrolments]
        is_late = any(step.is_late for step in steps_of(current, today))
        return knots_of(self.phases, stays, is_late=is_late, ends_on=phase_end(current, today))

    def told(self, today: date) -> PathAnswer:
        """The path with its dates, as the API tells it."""
        current = self.current
        return PathAnswer(
            current, steps_of(current, today), phase_end(current, today), missing_for_gate(current),
            next_step(current, self.standing, today), self.knots(today), self.enrolments,
        )  # fmt: skip


class PathAnswer(msgspec.Struct, frozen=True):
    """A path with its computed dates: `steps` are the milestones of the current phase, late ones said in words."""

    current: EnrolmentFacts
    steps: list[Step]
    ends_on: date
    missing_for_gate: list[str]
    next_step: NextStep | None
    thread: list[Knot]
    enrolments: list[EnrolmentFacts]


async def path_of(me: Person, project_id: UUID) -> PathView:
    """The path of a project for its team, its programme's coaches and manager. Raises `NotFound`, also before any place."""
    standing = await standing_of(me, project_id)
    enrolments = await rows(
        EnrolmentFacts, f"{_ENROLMENT} WHERE e.project = $1 ORDER BY e.starts_on, f.position, e.id LIMIT 20", project_id
    )
    if not enrolments:
        raise NotFound
    return PathView(standing, enrolments, await phases_of(enrolments[-1].plan))


async def phases_of(plan_id: UUID) -> list[PhaseLine]:
    """The phases of a plan, in order."""
    return await rows(
        PhaseLine, "SELECT id, code, name, position, is_entry FROM phase WHERE plan = $1 ORDER BY position LIMIT 20", plan_id
    )


async def axes_of(plan_id: UUID) -> list[DiagnosisAxis]:
    """The diagnosis axes of a plan, in order."""
    text: Any = await value("SELECT diagnosis_axes::text FROM plan_version WHERE id = $1", plan_id)
    return msgspec.json.decode(text, type=list[DiagnosisAxis])


class DeliverableView(msgspec.Struct, frozen=True):
    """What was written for a milestone, and what was answered."""

    id: UUID
    state: str
    content: str
    link: str
    submitted_at: datetime | None
    submitted_by: str | None
    review: str
    reviewed_at: datetime | None
    reviewed_by: str | None
    waiver_reason: str
    waiver_asked_by: str | None
    version: int


async def deliverable_of(enrolment: EnrolmentFacts, milestone_id: UUID) -> DeliverableView | None:
    """The words of a deliverable of a path its reader was allowed to see; None while nothing was written."""
    return await row(
        DeliverableView,
        "SELECT d.id, d.state, d.content, d.link, d.submitted_at, s.name, d.review, d.reviewed_at, r.name, d.waiver_reason,"
        " w.name, d.version FROM deliverable d LEFT JOIN account s ON s.id = d.submitted_by"
        " LEFT JOIN account r ON r.id = d.reviewed_by LEFT JOIN account w ON w.id = d.waiver_asked_by"
        " WHERE d.enrolment = $1 AND d.milestone = $2",
        enrolment.id,
        milestone_id,
    )


class FollowingPhase(msgspec.Struct, frozen=True):
    """The phase after another in its plan."""

    id: UUID
    code: str
    name: str


async def phase_after(enrolment: EnrolmentFacts) -> FollowingPhase | None:
    """Where passing the gate leads; None after the last phase."""
    return await row(
        FollowingPhase,
        "SELECT id, code, name FROM phase WHERE plan = $1 AND position > $2 ORDER BY position LIMIT 1",
        enrolment.plan,
        enrolment.position,
    )
