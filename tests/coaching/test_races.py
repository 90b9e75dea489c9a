"""One lead coach, however many hands assign at once (R31)."""

from __future__ import annotations

import asyncio

import pytest

from incubator.coaching.actions import assign_coach
from incubator.coaching.forms import AssignmentForm
from incubator.core.clock import now
from incubator.core.database import value
from tests.world.cohorts import an_active_enrolment
from tests.world.people import a_coach
from tests.world.programmes import the_programme


@pytest.mark.usefixtures("committed_db")
async def test_two_leads_assigned_at_once_leave_one() -> None:
    """R31."""
    world = await the_programme()
    enrolled = await an_active_enrolment(world)
    coaches = [await a_coach(world.programme, f"Coach {number}") for number in range(6)]
    await asyncio.gather(
        *(
            assign_coach(enrolled.project, AssignmentForm(coach=coach.id, is_lead=True), by=enrolled.manager, at=now())
            for coach in coaches
        )
    )
    assert await value("SELECT count(*) FROM coach_assignment WHERE is_lead AND until_on IS NULL") == 1
