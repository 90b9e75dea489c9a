"""When things are due on a path, by the rules of `progress`: from its own start, later by every day its clock stood still."""

from __future__ import annotations

from datetime import date, timedelta

from incubator.home.rules.facts import EnrolmentFacts, MilestoneFacts
from incubator.progress.rules.dates import due_on
from incubator.progress.rules.facts import SETTLED

GATE_NEAR = timedelta(days=30)


def milestone_due(enrolment: EnrolmentFacts, milestone: MilestoneFacts, today: date) -> date:
    """When a deliverable is due; a prolongation gives its months to every deliverable still open (R36)."""
    months = milestone.due_months + (0 if milestone.state in SETTLED else enrolment.prolonged_months)
    return due_on(enrolment.starts_on, months, enrolment.stops, today)


def ends_on(enrolment: EnrolmentFacts, today: date) -> date:
    """The planned end of the phase, prolongation included."""
    return due_on(enrolment.starts_on, enrolment.planned_months + enrolment.prolonged_months, enrolment.stops, today)


def is_gate_near(enrolment: EnrolmentFacts, today: date) -> bool:
    """The phase ends within thirty days (R37), or every mandatory deliverable is settled."""
    if not enrolment.has_gate:
        return False
    settled = all(one.state in SETTLED for one in enrolment.milestones if one.is_mandatory)
    return settled or ends_on(enrolment, today) - today <= GATE_NEAR
