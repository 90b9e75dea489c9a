"""The reference programme for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import msgspec

from incubator.calls.queries import last_form, last_grid
from incubator.calls.reference import load_reference
from incubator.programmes.queries import last_plan

LOADED_AT = datetime(2025, 1, 6, 9, tzinfo=UTC)


class World(msgspec.Struct, frozen=True):
    """Ids of the reference programme; phases and criteria by code."""

    programme: UUID
    plan: UUID
    form: UUID
    grid: UUID
    phases: dict[str, UUID]
    milestones: dict[str, UUID]
    criteria: dict[str, UUID]


async def the_programme(*, at: datetime = LOADED_AT) -> World:
    """Load the reference programme (again: nothing changes) and give its ids."""
    programme = await load_reference(at=at)
    plan, form, grid = await last_plan(programme), await last_form(programme), await last_grid(programme)
    assert plan
    assert form
    assert grid
    return World(
        programme=programme,
        plan=plan.id,
        form=form.id,
        grid=grid.id,
        phases={phase.code: phase.id for phase in plan.phases},
        milestones={milestone.code: milestone.id for phase in plan.phases for milestone in phase.milestones},
        criteria={criterion.code: criterion.id for criterion in grid.criteria},
    )
