"""What a programme is defined by: read from a file, loaded whole."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from incubator.core.forms import Line, RequiredLine

Code = Annotated[str, Meta(min_length=1, max_length=40, pattern="^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Months = Decimal  # bounded by `rules.why_not_phase`
WholeMonths = Annotated[int, Meta(ge=0, le=60)]
Words = Annotated[str, Meta(max_length=1000)]
RequiredWords = Annotated[str, Meta(min_length=1, max_length=1000)]


class AxisDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An axis of the strategy and what it proposes, in order."""

    number: Annotated[int, Meta(ge=1, le=20)]
    title: RequiredLine
    description: Words = ""
    propositions: Annotated[tuple[RequiredLine, ...], Meta(max_length=50)] = ()


class StrategyDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A regional strategy."""

    code: Code
    title: RequiredLine
    region: Annotated[str, Meta(min_length=2, max_length=3)]
    years: Line
    axes: Annotated[tuple[AxisDefinition, ...], Meta(min_length=1, max_length=20)]


class ProgrammeIdentity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A programme and the axis it carries out."""

    code: Code
    name: RequiredLine
    carrier: RequiredLine
    description: Words
    contact_email: Line
    region: Annotated[str, Meta(min_length=2, max_length=3)]
    axis: int


class DiagnosisAxis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a project is situated on, from 1 to 5, by its holder and by its coach."""

    code: Code
    label: RequiredLine


class SupportNorms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a project may expect in a phase: individual sessions, visits and collective days, coach days, expertise in euros."""

    sessions: Annotated[int, Meta(ge=0, le=500)]
    session_minutes: Annotated[int, Meta(ge=0, le=600)]
    visits: Annotated[int, Meta(ge=0, le=100)]
    collective_days: Annotated[int, Meta(ge=0, le=200)]
    coach_days: Decimal
    expertise_euros: Annotated[int, Meta(ge=0, le=1_000_000)]


class MilestoneDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A deliverable, due so many months after the phase began."""

    code: Code
    name: RequiredLine
    due_months: Months
    help: Words = ""
    is_mandatory: bool = False


class PhaseDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A phase, its durations and its milestones, in order."""

    code: Code
    name: RequiredLine
    description: Words
    planned_months: Months
    months_min: Months
    months_max: Months
    milestones: Annotated[tuple[MilestoneDefinition, ...], Meta(max_length=60)] = ()
    prolongation_months_max: WholeMonths = 0
    alert_days: Annotated[int, Meta(ge=0, le=365)] = 0
    is_entry: bool = False
    has_gate: bool = False
    norms: SupportNorms | None = None


class PlanDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The phases of a programme, in order, and the axes of its diagnosis."""

    diagnosis_axes: Annotated[tuple[DiagnosisAxis, ...], Meta(max_length=20)]
    phases: Annotated[tuple[PhaseDefinition, ...], Meta(min_length=1, max_length=20)]


class ProgrammeDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A strategy, the programme that carries out one of its axes, and the programme's plan."""

    strategy: StrategyDefinition
    programme: ProgrammeIdentity
    plan: PlanDefinition
