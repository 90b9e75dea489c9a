"""Suspending, diagnosing, giving an opinion, passing a gate (R35, R36)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from incubator.cohorts.rules import ENROLMENT_MOVES
from incubator.core.errors import Invalid
from incubator.core.language import N_, _, ngettext
from incubator.core.words import date_words
from incubator.progress.rules.facts import EnrolmentFacts
from incubator.progress.tables import GateOutcome, Moment, Side

OUTCOMES = {
    "pass": N_("Passage"),
    "prolong": N_("Prolongation"),
    "redirect": N_("Réorientation"),
    "stop": N_("Arrêt"),
}
LEVELS = {1: N_("À l’état d’idée"), 2: "", 3: N_("En construction, vérifié en partie"), 4: "", 5: N_("Solide et éprouvé")}


def missing_for_gate(enrolment: EnrolmentFacts) -> list[str]:
    """Exactly what a phase still needs to be passed: one sentence each (R35)."""
    missing = [
        _("Le livrable « {name} » n’est ni validé ni sans objet.").format(name=milestone.name)
        for milestone in enrolment.milestones
        if milestone.is_mandatory and not milestone.is_settled
    ]
    if not enrolment.has_gate:
        return missing
    if not enrolment.has_diagnosis("holder", "gate"):
        missing.append(_("L’équipe n’a pas fait son diagnostic de passage."))
    if not enrolment.has_diagnosis("coach", "gate"):
        missing.append(_("La personne qui accompagne n’a pas fait son diagnostic de passage."))
    if enrolment.opinion is None:
        missing.append(_("La personne qui accompagne n’a pas donné son avis."))
    return missing


def why_not_pass_gate(enrolment: EnrolmentFacts) -> str | None:
    """A gate is passed with everything it needs, nothing less (R35)."""
    if reason := _why_not_from(enrolment, "pass"):
        return reason
    return " ".join(missing_for_gate(enrolment)) or None


def why_not_prolong(enrolment: EnrolmentFacts, months: int | None = None) -> str | None:
    """A phase is prolonged at most once, within its own maximum (R36)."""
    if reason := _why_not_from(enrolment, "prolong"):
        return reason
    longest = enrolment.prolongation_months_max
    if longest < 1:
        return _("Cette phase ne se prolonge pas.")
    if enrolment.prolongation is not None:
        return _("Cette phase a déjà été prolongée une fois.")
    if months is not None and not 1 <= months <= longest:
        return ngettext(
            "Cette phase se prolonge de {n} mois au plus.", "Cette phase se prolonge de {n} mois au plus.", longest
        ).format(n=longest)
    return None


def why_not_end(enrolment: EnrolmentFacts, outcome: GateOutcome) -> str | None:
    """A path is redirected or stopped at any time once it has started."""
    return _why_not_from(enrolment, outcome.value)


def why_not_decide(enrolment: EnrolmentFacts, outcome: GateOutcome, months: int | None) -> str | None:
    """The reason against one outcome of a gate review."""
    if outcome == GateOutcome.PASS:
        return why_not_pass_gate(enrolment)
    if outcome == GateOutcome.PROLONG:
        return why_not_prolong(enrolment, months or 0)
    return why_not_end(enrolment, outcome)


def check_named(outcome: GateOutcome, typed: str, project_name: str) -> None:
    """What cannot be undone is asked for by name. Raises `Invalid`."""
    if outcome in (GateOutcome.REDIRECT, GateOutcome.STOP) and typed.casefold() != project_name.casefold():
        raise Invalid({"project_name": _("Recopiez le nom du projet pour confirmer : {name}.").format(name=project_name)})


def why_not_opine(enrolment: EnrolmentFacts) -> str | None:
    """An opinion is about a gate that lies ahead."""
    if not enrolment.has_gate:
        return _("Cette phase n’a pas de revue de passage.")
    return _why_not_from(enrolment, "review")


def why_not_diagnose(enrolment: EnrolmentFacts, side: Side, moment: Moment) -> str | None:
    """Each side makes one diagnosis at entry (even before the agreement, R30) and one for the gate."""
    if enrolment.has_diagnosis(side.value, moment.value):
        return _("Ce diagnostic est déjà fait.")
    if moment == Moment.GATE and not enrolment.has_gate:
        return _("Cette phase n’a pas de revue de passage.")
    if moment == Moment.ENTRY and enrolment.state == "to_start":
        return None
    return _why_not_from(enrolment, "review")


def why_not_suspend(enrolment: EnrolmentFacts, from_on: date, today: date) -> str | None:
    """The clock stops from a day that has come, after the phase and the last suspension."""
    if reason := _why_not_from(enrolment, "suspend"):
        return reason
    if from_on > today:
        return _("Une suspension commence aujourd’hui ou avant.")
    earliest = max([enrolment.starts_on, *(span.until_on for span in enrolment.suspensions if span.until_on)])
    if from_on < earliest:
        return _("La suspension ne peut pas commencer avant le {day}.").format(day=date_words(earliest))
    return None


def why_not_resume(enrolment: EnrolmentFacts) -> str | None:
    """Only a suspended path resumes."""
    return _why_not_from(enrolment, "resume")


def check_levels(levels: Mapping[str, int], axes: Sequence[str]) -> None:
    """A level on every axis of the plan, and on no other. Raises `Invalid`."""
    errors = {f"levels.{axis}": _("Choisissez un niveau de 1 à 5.") for axis in axes if axis not in levels}
    if strangers := sorted(set(levels) - set(axes)):
        errors["levels"] = _("Cet axe n’existe pas : {axis}").format(axis=strangers[0])
    if errors:
        raise Invalid(errors)


def _why_not_from(enrolment: EnrolmentFacts, verb: str) -> str | None:
    if enrolment.state in ENROLMENT_MOVES[verb][0]:
        return None
    return {
        "to_start": _("La phase commence quand la convention est signée par les deux parties."),
        "active": _("Le parcours n’est pas suspendu."),
        "in_review": _("Le parcours est en revue de passage."),
        "suspended": _("Le parcours est suspendu : il doit d’abord reprendre."),
        "passed": _("Cette phase est déjà validée."),
        "stopped": _("Ce parcours est arrêté."),
    }[enrolment.state]
