"""Loading a programme: once, again, changed."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import asyncpg
import msgspec
import pytest

from incubator.calls.actions import publish_form, publish_grid
from incubator.calls.reference import load, load_reference, reference
from incubator.core.database import column, execute, transaction, value
from incubator.core.errors import Conflict
from incubator.programmes.actions import publish_plan
from incubator.programmes.queries import last_plan, milestones_of, phases_of, plan, programme_view
from tests.world.people import a_manager
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")

AT = datetime(2025, 1, 6, 9, tzinfo=UTC)
LATER = datetime(2025, 9, 1, 9, tzinfo=UTC)


async def test_the_reference_programme_carries_out_axis_1_in_four_phases() -> None:
    await load_reference(at=AT)
    view = await programme_view("alter-incub-cvl")
    assert [(axis.number, axis.is_carried_out) for axis in view.axes] == [(1, True), (2, False), (3, False), (4, False)]
    assert all(axis.propositions for axis in view.axes)
    assert view.plan is not None
    assert [phase.code for phase in view.plan.phases] == ["diagnosis", "pre_incubation", "incubation", "follow_up"]
    assert [phase.is_entry for phase in view.plan.phases] == [False, True, True, False]
    incubation = view.plan.phases[2]
    assert (incubation.planned_months, incubation.months_min, incubation.months_max) == (12, 6, 15)
    assert len(view.plan.diagnosis_axes) == 8


async def test_milestones_come_in_order_with_their_month() -> None:
    world = await the_programme()
    milestones = await milestones_of(world.phases["pre_incubation"])
    assert [one.code for one in milestones] == ["L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8"]
    assert [one.due_months for one in milestones[:4]] == [Decimal("0.5"), 2, 3, 4]
    assert [one.code for one in milestones if not one.is_mandatory] == ["L7"]


async def test_loading_again_changes_nothing() -> None:
    first = await the_programme()
    tables = (
        "programme",
        "plan_version",
        "phase",
        "milestone",
        "form_version",
        "grid",
        "criterion",
        "journal_entry",
        "proposition",
    )
    before = [await value(f"SELECT count(*) FROM {table}") for table in tables]
    assert await the_programme(at=LATER) == first
    assert [await value(f"SELECT count(*) FROM {table}") for table in tables] == before


async def test_a_changed_plan_is_the_next_version_and_the_first_stays_as_it_was() -> None:
    world = await the_programme()
    wanted = reference()
    phases = list(wanted.plan.phases)
    phases[1] = msgspec.structs.replace(phases[1], planned_months=Decimal(5))
    changed = msgspec.structs.replace(wanted, plan=msgspec.structs.replace(wanted.plan, phases=tuple(phases)))
    await load(changed, at=LATER)
    current = await last_plan(world.programme)
    assert current is not None
    assert (current.number, current.phases[1].planned_months, current.published_at) == (2, 5, LATER)
    assert [phase.planned_months for phase in await phases_of(world.plan)][1] == 4
    assert await column("SELECT data->>'number' FROM journal_entry WHERE verb = 'plan.published' ORDER BY number") == [
        "1",
        "2",
    ]


async def test_what_the_team_published_stays_in_force_when_the_reference_is_loaded_again() -> None:
    """At each migration, and at the first of a new release: what comes with the product does not land over theirs."""
    world = await the_programme()
    manager = await a_manager(world.programme)
    wanted = reference()
    plan = msgspec.structs.replace(wanted.plan, phases=wanted.plan.phases[:-1])
    await publish_plan(world.programme, plan, by=manager, at=LATER)
    await publish_form(world.programme, msgspec.structs.replace(wanted.form, title="Le nôtre"), by=manager, at=LATER)
    await publish_grid(world.programme, msgspec.structs.replace(wanted.grid, title="La nôtre"), by=manager, at=LATER)
    await load_reference(at=LATER)
    newer = msgspec.structs.replace(wanted.plan, phases=wanted.plan.phases[:-2])
    await load(msgspec.structs.replace(wanted, plan=newer, form=msgspec.structs.replace(wanted.form, title="Neuf")), at=LATER)
    assert [await value(f"SELECT max(number) FROM {table}") for table in ("plan_version", "form_version", "grid")] == [2, 2, 2]


async def test_a_proposition_taken_away_goes_and_a_changed_axis_is_told() -> None:
    world = await the_programme()
    wanted = reference()
    axes = list(wanted.strategy.axes)
    axes[0] = msgspec.structs.replace(axes[0], propositions=axes[0].propositions[:1], description="Autrement.")
    await load(msgspec.structs.replace(wanted, strategy=msgspec.structs.replace(wanted.strategy, axes=tuple(axes))), at=LATER)
    view = await programme_view("alter-incub-cvl")
    assert (view.axes[0].description, len(view.axes[0].propositions)) == ("Autrement.", 1)
    assert (
        await value("SELECT count(*) FROM journal_entry WHERE subject = $1 AND verb = 'programme.loaded'", world.programme) == 2
    )


async def test_a_plan_without_entry_is_refused_and_nothing_is_written() -> None:
    wanted = reference()
    phases = tuple(msgspec.structs.replace(phase, is_entry=False) for phase in wanted.plan.phases)
    broken = msgspec.structs.replace(wanted, plan=msgspec.structs.replace(wanted.plan, phases=phases))
    with pytest.raises(Conflict, match="Aucune phase"):
        await load(broken, at=AT)
    assert await value("SELECT count(*) FROM programme") == 0


async def test_a_published_plan_is_frozen_by_the_database() -> None:
    world = await the_programme()
    with pytest.raises(asyncpg.CheckViolationError, match="never edited"):
        async with transaction():
            await execute("UPDATE phase SET name = 'x' WHERE id = $1", world.phases["incubation"])
    assert (await plan(world.plan)).number == 1
