"""Loading a programme from its definition; loading it again changes only what differs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import execute, transaction, value
from incubator.core.errors import Conflict
from incubator.core.ids import new_id
from incubator.journal.actions import record
from incubator.journal.queries import was_by_someone
from incubator.people.queries import Person
from incubator.programmes import rules
from incubator.programmes.forms import (
    AxisDefinition,
    MilestoneDefinition,
    PhaseDefinition,
    PlanDefinition,
    ProgrammeDefinition,
    ProgrammeIdentity,
    StrategyDefinition,
)
from incubator.programmes.queries import last_plan, plan_definition
from incubator.programmes.tables import Milestone, Phase, PlanVersion


class Loaded(msgspec.Struct, frozen=True):
    """A programme that was loaded and its plan in force."""

    programme: UUID
    plan: UUID


async def load_programme(definition: ProgrammeDefinition, *, by: Person | None, at: datetime) -> Loaded:
    """Bring strategy and programme up to date, and the plan unless someone published one of their own.

    Raises `Conflict` when the definition does not hold together.
    """
    async with transaction():
        await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"programme {definition.programme.code}")
        if reason := rules.why_not_programme(definition):
            raise Conflict(reason)
        changes, strategy = await _load_strategy(definition.strategy)
        touched, programme = await _load_identity(definition.programme, strategy)
        if changes + touched:
            await record("programme.loaded", programme, by=by.id if by else None, at=at, data={"code": definition.programme.code})
        current = await last_plan(programme)
        if by is None and current is not None and await was_by_someone(current.id, "plan.published"):
            return Loaded(programme, current.id)
        return Loaded(programme, await publish_plan(programme, definition.plan, by=by, at=at))


async def _load_strategy(definition: StrategyDefinition) -> tuple[int, UUID]:
    changes = await execute(
        "INSERT INTO strategy (id, code, title, region, years) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (code) DO UPDATE SET title = excluded.title, region = excluded.region, years = excluded.years"
        " WHERE (strategy.title, strategy.region, strategy.years)"
        " IS DISTINCT FROM (excluded.title, excluded.region, excluded.years)",
        new_id(), definition.code, definition.title, definition.region, definition.years,
    )  # fmt: skip
    strategy = await value("SELECT id FROM strategy WHERE code = $1", definition.code)
    for axis in definition.axes:
        changes += await _load_axis(strategy, axis)
    return changes, strategy


async def _load_axis(strategy: UUID, axis: AxisDefinition) -> int:
    changes = await execute(
        "INSERT INTO axis (id, strategy, number, title, description) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (strategy, number) DO UPDATE SET title = excluded.title, description = excluded.description"
        " WHERE (axis.title, axis.description) IS DISTINCT FROM (excluded.title, excluded.description)",
        new_id(), strategy, axis.number, axis.title, axis.description,
    )  # fmt: skip
    kept = await value("SELECT id FROM axis WHERE strategy = $1 AND number = $2", strategy, axis.number)
    for number, title in enumerate(axis.propositions, start=1):
        changes += await execute(
            "INSERT INTO proposition (id, axis, number, title) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (axis, number) DO UPDATE SET title = excluded.title WHERE proposition.title <> excluded.title",
            new_id(), kept, number, title,
        )  # fmt: skip
    return changes + await execute("DELETE FROM proposition WHERE axis = $1 AND number > $2", kept, len(axis.propositions))


async def _load_identity(identity: ProgrammeIdentity, strategy: UUID) -> tuple[int, UUID]:
    changes = await execute(
        "INSERT INTO programme AS g (id, code, name, carrier, description, contact_email, region, axis)"
        " SELECT $1, $2, $3, $4, $5, $6, $7, a.id FROM axis a WHERE a.strategy = $8 AND a.number = $9"
        " ON CONFLICT (code) DO UPDATE SET name = excluded.name, carrier = excluded.carrier, description = excluded.description,"
        " contact_email = excluded.contact_email, region = excluded.region, axis = excluded.axis"
        " WHERE (g.name, g.carrier, g.description, g.contact_email, g.region, g.axis) IS DISTINCT FROM (excluded.name,"
        " excluded.carrier, excluded.description, excluded.contact_email, excluded.region, excluded.axis)",
        new_id(), identity.code, identity.name, identity.carrier, identity.description, identity.contact_email, identity.region,
        strategy, identity.axis,
    )  # fmt: skip
    return changes, await value("SELECT id FROM programme WHERE code = $1", identity.code)


async def publish_plan(programme: UUID, definition: PlanDefinition, *, by: Person | None, at: datetime) -> UUID:
    """Publish this plan as the next version, unless it is the one in force; the plan in force after that."""
    async with transaction():
        await execute("SELECT 1 FROM programme WHERE id = $1 FOR UPDATE", programme)
        if reason := rules.why_not_plan(definition):
            raise Conflict(reason)
        current = await last_plan(programme)
        if current is not None and plan_definition(current) == definition:
            return current.id
        number = current.number + 1 if current else 1
        plan = await _write_plan(programme, number, definition)
        await execute("UPDATE plan_version SET published_at = $2 WHERE id = $1", plan, at)
        await record(
            "plan.published",
            plan,
            by=by.id if by else None,
            at=at,
            data={"programme": str(programme), "number": number},
        )
        return plan


async def _write_plan(programme: UUID, number: int, definition: PlanDefinition) -> UUID:
    axes = msgspec.json.encode(definition.diagnosis_axes).decode()
    plan = PlanVersion(programme=programme, number=number, diagnosis_axes=axes)
    await PlanVersion.insert(plan)
    phases = [_phase(plan.id, position, one) for position, one in enumerate(definition.phases)]
    await Phase.insert(*phases)
    milestones = [
        _milestone(phase.id, position, one)
        for phase, defined in zip(phases, definition.phases, strict=True)
        for position, one in enumerate(defined.milestones, start=1)
    ]
    if milestones:
        await Milestone.insert(*milestones)
    return plan.id


def _phase(plan: UUID, position: int, defined: PhaseDefinition) -> Phase:
    facts = {name: getattr(defined, name) for name in defined.__struct_fields__ if name not in ("milestones", "norms")}
    return Phase(plan=plan, position=position, norms=msgspec.json.encode(defined.norms).decode(), **facts)


def _milestone(phase: UUID, position: int, defined: MilestoneDefinition) -> Milestone:
    return Milestone(phase=phase, position=position, **msgspec.structs.asdict(defined))
