"""The one obvious next thing, for who looks; and the thread of a path."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import msgspec

from incubator.coaching.rules import Standing
from incubator.core.language import _
from incubator.progress.rules.dates import Step, phase_end, steps_of
from incubator.progress.rules.facts import GOING_ON, EnrolmentFacts
from incubator.progress.rules.gates import missing_for_gate

GATE_NEAR = timedelta(days=30)


class NextStep(msgspec.Struct, frozen=True):
    """What to do next and where."""

    words: str
    href: str


def next_step(enrolment: EnrolmentFacts, standing: Standing, today: date) -> NextStep | None:
    """The next thing the viewer can do for this path, most urgent first; None when it is not their turn."""
    if enrolment.state == "to_start" and (standing.is_depositor or standing.is_manager):
        return NextStep(_("Lire et signer la convention"), f"/projects/{enrolment.project}/agreement")
    if standing.is_coach and (found := _for_coach(enrolment, today)):
        return found
    if standing.is_manager and (found := _for_manager(enrolment)):
        return found
    if standing.writes:
        return _for_team(enrolment, today)
    return None


def _for_coach(enrolment: EnrolmentFacts, today: date) -> NextStep | None:
    if enrolment.state not in GOING_ON:
        return None
    for step in steps_of(enrolment, today):
        if step.milestone.state == "submitted":
            return NextStep(_("Relire « {name} »").format(name=step.milestone.name), _milestone_href(enrolment, step))
        if step.milestone.state == "waiver_asked":
            return NextStep(_("Répondre sur « {name} »").format(name=step.milestone.name), _milestone_href(enrolment, step))
    if missing := _missing_diagnosis(enrolment, "coach", today):
        return missing
    if _gate_is_near(enrolment, today) and enrolment.opinion is None:
        return NextStep(_("Donner votre avis sur le passage"), f"/enrolments/{enrolment.id}/gate")
    return NextStep(_("Noter une séance"), f"/projects/{enrolment.project}/sessions/new")


def _for_manager(enrolment: EnrolmentFacts) -> NextStep | None:
    if enrolment.state == "in_review" and not missing_for_gate(enrolment):
        return NextStep(_("Décider du passage"), f"/enrolments/{enrolment.id}/gate")
    return None


def _for_team(enrolment: EnrolmentFacts, today: date) -> NextStep | None:
    if enrolment.state not in GOING_ON:
        return None
    if enrolment.owes_entry_diagnosis("holder"):
        return NextStep(_("Situer votre projet : diagnostic d’entrée"), f"/enrolments/{enrolment.id}/diagnosis")
    steps = steps_of(enrolment, today)
    for step in sorted(steps, key=lambda step: (step.milestone.state != "sent_back", step.due)):
        if step.milestone.is_owed and step.milestone.is_mandatory:
            verb = _("Reprendre « {name} »") if step.milestone.state == "sent_back" else _("Remettre « {name} »")
            return NextStep(verb.format(name=step.milestone.name), _milestone_href(enrolment, step))
    return _missing_diagnosis(enrolment, "holder", today)


def _missing_diagnosis(enrolment: EnrolmentFacts, side: str, today: date) -> NextStep | None:
    if enrolment.owes_entry_diagnosis(side):
        return NextStep(_("Faire le diagnostic d’entrée"), f"/enrolments/{enrolment.id}/diagnosis")
    if _gate_is_near(enrolment, today) and not enrolment.has_diagnosis(side, "gate"):
        return NextStep(_("Faire le diagnostic de passage"), f"/enrolments/{enrolment.id}/diagnosis?moment=gate")
    return None


def _gate_is_near(enrolment: EnrolmentFacts, today: date) -> bool:
    """The phase ends within thirty days (R37), or every mandatory deliverable is settled."""
    if not enrolment.has_gate:
        return False
    settled = all(milestone.is_settled for milestone in enrolment.milestones if milestone.is_mandatory)
    return settled or phase_end(enrolment, today) - today <= GATE_NEAR


def _milestone_href(enrolment: EnrolmentFacts, step: Step) -> str:
    return f"/enrolments/{enrolment.id}/milestones/{step.milestone.id}"


class PhaseLine(msgspec.Struct, frozen=True):
    """A phase of the plan."""

    id: UUID
    code: str
    name: str
    position: int
    is_entry: bool


class PhaseStay(msgspec.Struct, frozen=True):
    """A project's stay in a phase."""

    phase: UUID
    state: str
    starts_on: date
    ended_on: date | None


class Knot(msgspec.Struct, frozen=True):
    """A step of the thread (kit/thread.html): done, now, late, next or stopped."""

    label: str
    state: str
    date: date | None
    note: str | None = None


def knots_of(phases: Sequence[PhaseLine], stays: Sequence[PhaseStay], *, is_late: bool, ends_on: date | None) -> list[Knot]:
    """The phases of a path from where the project entered: what is done, now, late, next, or where it stopped."""
    by_phase = {stay.phase: stay for stay in stays}
    positions = [phase.position for phase in phases if phase.id in by_phase]
    first = min(positions) if positions else min((phase.position for phase in phases if phase.is_entry), default=0)
    return [_knot(phase, by_phase.get(phase.id), is_late, ends_on) for phase in phases if phase.position >= first]


def _knot(phase: PhaseLine, stay: PhaseStay | None, is_late: bool, ends_on: date | None) -> Knot:
    if stay is None:
        return Knot(phase.name, "next", None)
    if stay.ended_on is not None:
        return Knot(phase.name, "done" if stay.state == "passed" else "stopped", stay.ended_on)
    if stay.state == "to_start":
        return Knot(phase.name, "next", stay.starts_on)
    return Knot(phase.name, "late" if is_late else "now", ends_on, _("fin prévue"))
