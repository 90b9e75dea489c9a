"""When things are due: from the project's own start, skipping suspensions, later when prolonged. Never stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from incubator.core.clock import add_months
from incubator.core.language import _, ngettext
from incubator.progress.rules.facts import EnrolmentFacts, MilestoneFacts, Span

HALF_MONTH_DAYS = 15


def months_later(day: date, months: Decimal) -> date:
    """So many months later; half a month is fifteen days."""
    whole = int(months)
    return add_months(day, whole) + timedelta(days=round((months - whole) * 2 * HALF_MONTH_DAYS))


def paused_days(span: Span, today: date) -> int:
    """How long the clock has stood still."""
    return max(0, ((span.until_on or today) - span.from_on).days)


def due_on(starts_on: date, months: Decimal, suspensions: Sequence[Span], today: date) -> date:
    """Months after the start, pushed back by each suspension that began before."""
    due = months_later(starts_on, months)
    for span in sorted(suspensions, key=lambda span: span.from_on):
        if span.from_on <= due:
            due += timedelta(days=paused_days(span, today))
    return due


def milestone_due(enrolment: EnrolmentFacts, milestone: MilestoneFacts, today: date) -> date:
    """When a deliverable is due. A prolongation gives its months to every deliverable still open."""
    months = milestone.due_months + (0 if milestone.is_settled else enrolment.prolonged_months)
    return due_on(enrolment.starts_on, months, enrolment.suspensions, today)


def phase_end(enrolment: EnrolmentFacts, today: date) -> date:
    """When the phase is planned to end, and its gate to be reviewed."""
    months = enrolment.planned_months + enrolment.prolonged_months
    return due_on(enrolment.starts_on, months, enrolment.suspensions, today)


class Step(msgspec.Struct, frozen=True):
    """A milestone as people see it: its date, and how late it is."""

    milestone: MilestoneFacts
    due: date
    is_late: bool
    words: str


def steps_of(enrolment: EnrolmentFacts, today: date) -> list[Step]:
    """The milestones of a phase with their dates, in order of date."""
    made = [_step(enrolment, milestone, today) for milestone in enrolment.milestones]
    return sorted(made, key=lambda step: (step.due, step.milestone.code))


def _step(enrolment: EnrolmentFacts, milestone: MilestoneFacts, today: date) -> Step:
    due = milestone_due(enrolment, milestone, today)
    is_past = milestone.is_owed and due < today and enrolment.state in ("active", "suspended", "in_review")
    return Step(milestone, due, is_past and milestone.is_mandatory, late_words(milestone, due, today) if is_past else "")


def late_words(milestone: MilestoneFacts, due: date, today: date) -> str:
    """How late, in words; an optional deliverable is never late."""
    if not milestone.is_mandatory:
        return _("Facultatif : la date est passée.")
    days = (today - due).days
    return ngettext("En retard de {n} jour", "En retard de {n} jours", days).format(n=days)
