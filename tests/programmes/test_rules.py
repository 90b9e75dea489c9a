"""What makes a programme sound; no database."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from incubator.calls.reference import reference
from incubator.programmes import rules
from incubator.programmes.forms import MilestoneDefinition, PhaseDefinition, PlanDefinition, ProgrammeDefinition, SupportNorms

PHASE = PhaseDefinition(
    "a", "A", "", Decimal(4), Decimal(2), Decimal(6), (MilestoneDefinition("L1", "Un", Decimal(3)),), is_entry=True
)
NORMS = SupportNorms(1, 60, 0, 0, Decimal(-1), 0)


def test_the_reference_programme_is_sound():
    wanted = reference()
    assert rules.why_not_programme(ProgrammeDefinition(wanted.strategy, wanted.programme, wanted.plan)) is None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"planned_months": Decimal(7)}, "durée prévue"),
        ({"months_min": Decimal(-1)}, "durée prévue"),
        ({"months_max": Decimal(121)}, "durée prévue"),
        ({"milestones": PHASE.milestones * 2}, "deux jalons"),
        ({"milestones": (MilestoneDefinition("L1", "Un", Decimal("6.5")),)}, "en dehors"),
        ({"milestones": (MilestoneDefinition("L1", "Un", Decimal("-0.5")),)}, "en dehors"),
        ({"norms": NORMS}, "hors de ses bornes"),
        ({"is_entry": False}, "Aucune phase ne permet"),
    ],
)
def test_a_phase_that_cannot_be_is_told(changed: dict[str, Any], words: str):
    reason = rules.why_not_plan(PlanDefinition((), (msgspec.structs.replace(PHASE, **changed),)))
    assert reason is not None
    assert words in reason


def test_codes_serve_once():
    assert rules.why_not_plan(PlanDefinition((), (PHASE, PHASE))) == "Deux phases portent le code a."
    axes = reference().plan.diagnosis_axes[:1] * 2
    assert rules.why_not_plan(PlanDefinition(axes, (PHASE,))) == "Deux axes du diagnostic portent le code need."


def test_the_programme_carries_out_an_axis_of_its_strategy():
    wanted = reference()
    elsewhere = msgspec.structs.replace(wanted.programme, axis=5)
    reason = rules.why_not_programme(ProgrammeDefinition(wanted.strategy, elsewhere, wanted.plan))
    assert reason == "Le programme réalise l’axe 5, que la stratégie n’a pas."
    doubled = msgspec.structs.replace(wanted.strategy, axes=wanted.strategy.axes[:1] * 2)
    reason = rules.why_not_programme(ProgrammeDefinition(doubled, wanted.programme, wanted.plan))
    assert reason == "Deux axes portent le numéro 1."
