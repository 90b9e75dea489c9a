"""What makes a definition sound: plain functions, no database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from incubator.core.language import _
from incubator.programmes.forms import PhaseDefinition, PlanDefinition, ProgrammeDefinition

MONTHS_MAX = 120
COACH_DAYS_MAX = 200


def why_not_programme(definition: ProgrammeDefinition) -> str | None:
    """What is wrong with a programme's definition, or None."""
    numbers = [axis.number for axis in definition.strategy.axes]
    if twice := first_twice(numbers):
        return _("Deux axes portent le numéro {number}.").format(number=twice)
    if definition.programme.axis not in numbers:
        return _("Le programme réalise l’axe {number}, que la stratégie n’a pas.").format(number=definition.programme.axis)
    return why_not_plan(definition.plan)


def why_not_plan(plan: PlanDefinition) -> str | None:
    """What is wrong with the phases, or None."""
    if twice := first_twice(phase.code for phase in plan.phases):
        return _("Deux phases portent le code {code}.").format(code=twice)
    if twice := first_twice(axis.code for axis in plan.diagnosis_axes):
        return _("Deux axes du diagnostic portent le code {code}.").format(code=twice)
    if not any(phase.is_entry for phase in plan.phases):
        return _("Aucune phase ne permet d’entrer dans le programme.")
    return next((reason for phase in plan.phases if (reason := why_not_phase(phase))), None)


def why_not_phase(phase: PhaseDefinition) -> str | None:
    """What is wrong with one phase, or None."""
    if not 0 <= phase.months_min <= phase.planned_months <= phase.months_max <= MONTHS_MAX:
        return _("Phase {code} : la durée prévue n’est pas entre la plus courte et la plus longue.").format(code=phase.code)
    if twice := first_twice(milestone.code for milestone in phase.milestones):
        return _("Phase {phase} : deux jalons portent le code {code}.").format(phase=phase.code, code=twice)
    outside = next((one for one in phase.milestones if not 0 <= one.due_months <= phase.months_max), None)
    if outside:
        return _("Phase {phase} : le jalon {code} tombe en dehors.").format(phase=phase.code, code=outside.code)
    if phase.norms and not 0 <= phase.norms.coach_days <= COACH_DAYS_MAX:
        return _("Phase {code} : le temps d’accompagnement prévu est hors de ses bornes.").format(code=phase.code)
    return None


def first_twice(values: Iterable[Any]) -> Any:
    """The first value seen twice, or None."""
    seen = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return None
