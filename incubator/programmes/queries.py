"""Reading programmes, their strategy and their phases. All of it is public."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from incubator.core.database import row, rows, value
from incubator.core.errors import NotFound
from incubator.programmes.forms import DiagnosisAxis, MilestoneDefinition, PhaseDefinition, PlanDefinition, SupportNorms

KEPT_MAX = 200


class MilestoneView(msgspec.Struct, frozen=True):
    """A milestone of a phase; `due_months` counts from the day the project entered the phase."""

    id: UUID
    position: int
    code: str
    name: str
    help: str
    due_months: Decimal
    is_mandatory: bool


class PhaseView(msgspec.Struct, frozen=True):
    """A phase of a plan, with its milestones in order."""

    id: UUID
    position: int
    code: str
    name: str
    description: str
    planned_months: Decimal
    months_min: Decimal
    months_max: Decimal
    prolongation_months_max: int
    alert_days: int
    is_entry: bool
    has_gate: bool
    norms: SupportNorms | None
    milestones: tuple[MilestoneView, ...]


class PlanView(msgspec.Struct, frozen=True):
    """A version of a programme's plan."""

    id: UUID
    programme: UUID
    number: int
    published_at: datetime | None
    diagnosis_axes: tuple[DiagnosisAxis, ...]
    phases: tuple[PhaseView, ...]

    def phase(self, code: str) -> PhaseView | None:
        """A phase by its code."""
        return next((phase for phase in self.phases if phase.code == code), None)


class ProgrammeFacts(msgspec.Struct, frozen=True):
    """A programme, in short."""

    id: UUID
    code: str
    name: str
    carrier: str
    contact_email: str


class PropositionView(msgspec.Struct, frozen=True):
    """What an axis proposes."""

    id: UUID
    number: int
    title: str


class AxisView(msgspec.Struct, frozen=True):
    """An axis of the strategy; `is_carried_out`: this programme and its phases carry it out."""

    id: UUID
    number: int
    title: str
    description: str
    is_carried_out: bool
    propositions: tuple[PropositionView, ...]


class VersionLine(msgspec.Struct, frozen=True):
    """A published version of something."""

    id: UUID
    number: int
    published_at: datetime


class ProgrammeHead(msgspec.Struct, frozen=True):
    """A programme and the strategy it carries out an axis of."""

    id: UUID
    code: str
    name: str
    carrier: str
    description: str
    contact_email: str
    region: str
    strategy_title: str
    strategy_years: str
    axes: tuple[AxisView, ...]
    plan_versions: tuple[VersionLine, ...]


class ProgrammeView(ProgrammeHead, frozen=True, kw_only=True):
    """A programme and its plan in force, if any was published."""

    plan: PlanView | None


_MILESTONES = (
    "SELECT COALESCE(json_agg(json_build_object('id', m.id, 'position', m.position, 'code', m.code, 'name', m.name,"
    " 'help', m.help, 'due_months', m.due_months, 'is_mandatory', m.is_mandatory) ORDER BY m.position), '[]')"
    " FROM milestone m WHERE m.phase = f.id"
)
_PHASES = (
    "SELECT COALESCE(json_agg(json_build_object('id', f.id, 'position', f.position, 'code', f.code, 'name', f.name,"
    " 'description', f.description, 'planned_months', f.planned_months, 'months_min', f.months_min,"
    " 'months_max', f.months_max, 'prolongation_months_max', f.prolongation_months_max, 'alert_days', f.alert_days,"
    f" 'is_entry', f.is_entry, 'has_gate', f.has_gate, 'norms', f.norms, 'milestones', ({_MILESTONES}))"
    " ORDER BY f.position), '[]') FROM phase f WHERE f.plan = p.id"
)
_PLAN = f"SELECT p.id, p.programme, p.number, p.published_at, p.diagnosis_axes::text, ({_PHASES})::text FROM plan_version p"

_kept: dict[UUID, PlanView] = {}


async def plan(plan_id: UUID) -> PlanView:
    """A version of a plan. A published one never changes, so it is kept in memory."""
    kept = _kept.get(plan_id)
    if kept is not None:
        return kept
    found = await row(PlanView, f"{_PLAN} WHERE p.id = $1", plan_id)
    if found is None:
        raise NotFound
    _keep(found)
    return found


async def last_plan(programme: UUID) -> PlanView | None:
    """The plan in force, or None: its latest published version."""
    return await row(
        PlanView,
        f"{_PLAN} WHERE p.programme = $1 AND p.published_at IS NOT NULL ORDER BY p.number DESC LIMIT 1",
        programme,
    )


def _keep(found: PlanView) -> None:
    if found.published_at is not None:
        if len(_kept) >= KEPT_MAX:
            _kept.clear()
        _kept[found.id] = found


def plan_definition(plan: PlanView) -> PlanDefinition:
    """A version of a plan as it was defined."""
    return PlanDefinition(plan.diagnosis_axes, tuple(_phase_definition(phase) for phase in plan.phases))


def _phase_definition(phase: PhaseView) -> PhaseDefinition:
    facts = {name: getattr(phase, name) for name in PhaseDefinition.__struct_fields__ if name != "milestones"}
    milestones = tuple(
        MilestoneDefinition(**{name: getattr(one, name) for name in MilestoneDefinition.__struct_fields__})
        for one in phase.milestones
    )
    return PhaseDefinition(milestones=milestones, **facts)


async def published_plans(programme: UUID) -> list[PlanView]:
    """Every published plan of a programme, latest first."""
    return await rows(
        PlanView,
        f"{_PLAN} WHERE p.programme = $1 AND p.published_at IS NOT NULL ORDER BY p.number DESC LIMIT 50",
        programme,
    )


async def phases_of(plan_id: UUID) -> tuple[PhaseView, ...]:
    """The phases of a plan, in order, each with its milestones."""
    return (await plan(plan_id)).phases


class _OfPlan(msgspec.Struct, frozen=True):
    plan: UUID


async def phase(phase_id: UUID) -> PhaseView:
    """A phase by id, with its milestones. Raises `NotFound`."""
    for kept in _kept.values():
        for one in kept.phases:
            if one.id == phase_id:
                return one
    found = await row(_OfPlan, "SELECT plan FROM phase WHERE id = $1", phase_id)
    if found is None:
        raise NotFound
    return next(one for one in await phases_of(found.plan) if one.id == phase_id)


async def milestones_of(phase_id: UUID) -> tuple[MilestoneView, ...]:
    """The milestones of a phase, in order."""
    return (await phase(phase_id)).milestones


async def programme_by_code(code: str) -> ProgrammeFacts:
    """A programme by its code. Raises `NotFound`."""
    found = await row(ProgrammeFacts, "SELECT id, code, name, carrier, contact_email FROM programme WHERE code = $1", code)
    if found is None:
        raise NotFound
    return found


async def programme_name(programme: UUID) -> str:
    """What a programme is called. Raises `NotFound`."""
    found: str | None = await value("SELECT name FROM programme WHERE id = $1", programme)
    if found is None:
        raise NotFound
    return found


async def all_programmes() -> list[ProgrammeFacts]:
    """Every programme, by name."""
    return await rows(ProgrammeFacts, "SELECT id, code, name, carrier, contact_email FROM programme ORDER BY name, id LIMIT 100")


_AXES = (
    "SELECT COALESCE(json_agg(json_build_object('id', a.id, 'number', a.number, 'title', a.title,"
    " 'description', a.description, 'is_carried_out', a.id = g.axis, 'propositions',"
    " (SELECT COALESCE(json_agg(json_build_object('id', o.id, 'number', o.number, 'title', o.title) ORDER BY o.number), '[]')"
    " FROM proposition o WHERE o.axis = a.id)) ORDER BY a.number), '[]') FROM axis a WHERE a.strategy = s.id"
)
_VERSIONS = (
    "SELECT COALESCE(json_agg(json_build_object('id', v.id, 'number', v.number, 'published_at', v.published_at)"
    " ORDER BY v.number DESC), '[]') FROM plan_version v WHERE v.programme = g.id AND v.published_at IS NOT NULL"
)


async def programme_view(code: str) -> ProgrammeView:
    """Everything public about a programme, in two statements. Raises `NotFound`."""
    found = await row(
        ProgrammeHead,
        "SELECT g.id, g.code, g.name, g.carrier, g.description, g.contact_email, r.name, s.title, s.years,"
        f" ({_AXES})::text, ({_VERSIONS})::text"
        " FROM programme g JOIN axis x ON x.id = g.axis JOIN strategy s ON s.id = x.strategy JOIN region r ON r.code = g.region"
        " WHERE g.code = $1",
        code,
    )
    if found is None:
        raise NotFound
    facts = {name: getattr(found, name) for name in ProgrammeHead.__struct_fields__}
    return ProgrammeView(**facts, plan=await last_plan(found.id))
