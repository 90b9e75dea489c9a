"""Le fil: where a project is between its first contact and its follow-up, computed from facts alone."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from incubator.cohorts.rules import answer_deadline
from incubator.core.clock import local_date
from incubator.core.language import _, ngettext
from incubator.home.rules.calendar import ends_on, milestone_due
from incubator.home.rules.facts import Candidacy, EnrolmentFacts, PhaseFacts, Seating, ThreadFacts, Verdict


class Step(msgspec.Struct, frozen=True):
    """A knot of the thread. `state`: done, now, next, late or stopped."""

    label: str
    state: str
    date: date | None = None
    note: str | None = None


def thread_steps(facts: ThreadFacts, at: datetime) -> list[Step]:
    """The steps in order. A direct entry has no step for the phases it skips; after `stopped` nothing has a date."""
    today = local_date(at)
    steps = [
        Step(_("Contact"), "done", local_date(facts.created_at)),
        _candidacy(facts.application, at),
        _selection(facts.application, facts.verdict, facts.seating, at),
        *_phases(facts, at, today),
    ]
    return _cut(steps)


def current_step(steps: list[Step]) -> Step:
    """Where the project is: what is late, else now, else stopped, else done last."""
    for state in ("late", "now", "stopped"):
        for step in steps:
            if step.state == state:
                return step
    return [step for step in steps if step.state == "done"][-1]


def _cut(steps: list[Step]) -> list[Step]:
    states = [step.state for step in steps]
    if "stopped" not in states:
        return steps
    end = states.index("stopped") + 1
    return steps[:end] + [Step(step.label, "next") for step in steps[end:]]


def _candidacy(application: Candidacy | None, at: datetime) -> Step:
    label = _("Candidature")
    if application is None:
        return Step(label, "next", None, _("Aucune candidature pour l’instant"))
    closes_on = local_date(application.writes_until)
    if application.state == "withdrawn":
        return Step(label, "stopped", None, _("Retirée par l’équipe"))
    if application.state == "draft":
        if at < application.writes_until:
            return Step(label, "now", closes_on, _("Brouillon à déposer avant la clôture"))
        return Step(label, "stopped", closes_on, _("Brouillon non déposé à la clôture"))
    if application.state == "complement_requested" and application.complement_due_at:
        late = application.complement_due_at < at
        return Step(label, "late" if late else "now", local_date(application.complement_due_at), _("Complément demandé"))
    return Step(label, "done", local_date(application.deposited_at) if application.deposited_at else None)


def _selection(application: Candidacy | None, verdict: Verdict | None, seating: Seating | None, at: datetime) -> Step:
    label = _("Sélection")
    if application is None or application.state in ("draft", "withdrawn"):
        return Step(label, "next", application.notify_on if application and application.state == "draft" else None)
    if application.state == "inadmissible":
        return Step(label, "stopped", _day(application.ruled_at), _("Dossier non recevable"))
    if verdict is None:
        return _awaited(label, application, at)
    published_on = local_date(verdict.published_at)
    if verdict.outcome == "retained":
        return Step(label, "done", published_on, _("Projet retenu"))
    if verdict.outcome == "waiting_list":
        return _waiting(label, verdict, seating, at)
    note = _("Projet réorienté") if verdict.outcome == "redirected" else _("Projet non retenu")
    return Step(label, "stopped", published_on, note)


def _awaited(label: str, application: Candidacy, at: datetime) -> Step:
    note = _("Réponse attendue") if application.state == "admissible" else _("Recevabilité à prononcer")
    if application.state == "complement_requested":
        return Step(label, "next", application.notify_on)
    late = application.notify_on < local_date(at)
    return Step(label, "late" if late else "now", application.notify_on, note)


def _waiting(label: str, verdict: Verdict, seating: Seating | None, at: datetime) -> Step:
    published_on = local_date(verdict.published_at)
    if seating is None or seating.state is None:
        return Step(label, "now", published_on, _("Liste d’attente, rang {rank}").format(rank=verdict.waiting_rank))
    if seating.state == "offered" and seating.answer_by:
        late = seating.answer_by < at
        return Step(label, "late" if late else "now", local_date(seating.answer_by), _("Place proposée, réponse attendue"))
    return Step(label, "done", published_on, _("Liste d’attente"))


def _phases(facts: ThreadFacts, at: datetime, today: date) -> list[Step]:
    entry = entry_position(facts)
    steps: list[Step] = []
    starts_on: date | None = None
    for phase in facts.phases:
        if phase.position < entry:
            continue
        enrolment = next((one for one in facts.enrolments if one.phase_position == phase.position), None)
        if enrolment is not None:
            steps.append(
                _enrolled(phase.name, enrolment, today) if enrolment.state != "to_start" else _to_start(phase, facts, enrolment)
            )
            starts_on = enrolment.ended_on or ends_on(enrolment, today)
        elif phase.position == entry and facts.verdict and facts.verdict.outcome in ("retained", "waiting_list"):
            steps.append(_entering(phase, facts.verdict, facts.seating, at))
        else:
            steps.append(Step(phase.name, "next", starts_on))
            starts_on = None
    return steps


def entry_position(facts: ThreadFacts) -> int:
    """The position of the phase the project enters by: enrolled, decided, asked for, or the first one can enter by."""
    enrolled = [one.phase_position for one in facts.enrolments]
    if enrolled:
        return min(enrolled)
    if facts.verdict and facts.verdict.phase_position is not None:
        return facts.verdict.phase_position
    if facts.application and facts.application.phase_position is not None:
        return facts.application.phase_position
    return min((phase.position for phase in facts.phases if phase.is_entry), default=0)


def _entering(phase: PhaseFacts, verdict: Verdict, seating: Seating | None, at: datetime) -> Step:
    """The entry phase before anyone is enrolled: a place to answer for."""
    if seating is not None and seating.state == "declined":
        return Step(phase.name, "stopped", _day(seating.answered_at), _("Place rendue"))
    if verdict.outcome == "waiting_list":
        return Step(phase.name, "next", seating.starts_on if seating else None)
    until = place_deadline(verdict, seating)
    if until is None:
        return Step(phase.name, "next", None, _("Promotion en préparation"))
    return Step(phase.name, "late" if until < at else "now", local_date(until), _("Place à accepter"))


def place_deadline(verdict: Verdict, seating: Seating | None) -> datetime | None:
    """Until when the place may be accepted; None while nothing can be answered."""
    if seating is None or seating.cohort_created_at is None:
        return None
    if seating.answer_by is not None:
        return seating.answer_by
    if verdict.outcome != "retained":
        return None
    return answer_deadline(max(verdict.published_at, seating.cohort_created_at))


def _to_start(phase: PhaseFacts, facts: ThreadFacts, enrolment: EnrolmentFacts) -> Step:
    seating = facts.seating
    team_signed = seating is not None and seating.project_signed_at is not None
    note = _("Convention à signer par le programme") if team_signed else _("Convention à signer")
    return Step(phase.name, "now", enrolment.starts_on, note)


def _enrolled(label: str, enrolment: EnrolmentFacts, today: date) -> Step:
    if enrolment.state == "passed":
        return Step(label, "done", enrolment.ended_on)
    if enrolment.state == "stopped":
        return Step(label, "stopped", enrolment.ended_on, _why_stopped(enrolment))
    if enrolment.state == "suspended":
        since = max((stop.from_on for stop in enrolment.stops if stop.until_on is None), default=None)
        return Step(label, "now", since, _("Parcours suspendu : le temps est arrêté"))
    if enrolment.state == "in_review":
        return Step(label, "now", ends_on(enrolment, today), _("Revue de passage"))
    return _under_way(label, enrolment, today)


def _under_way(label: str, enrolment: EnrolmentFacts, today: date) -> Step:
    end = ends_on(enrolment, today)
    late = late_on(enrolment, today)
    if late:
        note = ngettext("{n} jalon en retard", "{n} jalons en retard", len(late)).format(n=len(late))
        return Step(label, "late", min(late), note)
    if end < today:
        return Step(label, "late", end, _("Fin prévue dépassée : passage à décider"))
    return Step(label, "now", end, _("Fin prévue, prolongation comprise") if enrolment.prolonged_months else _("Fin prévue"))


def late_on(enrolment: EnrolmentFacts, today: date) -> list[date]:
    """The days the mandatory milestones that are late were due."""
    if enrolment.state != "active":
        return []
    due = [milestone_due(enrolment, one, today) for one in enrolment.milestones if one.is_mandatory and one.is_awaited]
    return [day for day in due if day < today]


def _why_stopped(enrolment: EnrolmentFacts) -> str:
    if enrolment.gate_outcome == "redirect":
        return _("Réorienté à la revue de passage")
    if enrolment.gate_outcome == "stop":
        return _("Arrêté à la revue de passage")
    return _("Parcours interrompu")


def _day(at: datetime | None) -> date | None:
    return local_date(at) if at else None
