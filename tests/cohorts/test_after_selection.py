"""The whole way by real acts: what selection publishes is what cohorts, coaching and progress take up."""

from __future__ import annotations

from uuid import UUID

import pytest

from incubator.cohorts.actions import accept_place, withdraw_place
from incubator.cohorts.forms import AnswerForm
from incubator.cohorts.queries import place_of
from incubator.core.clock import now
from incubator.core.database import value
from incubator.progress.queries.paths import path_of
from tests.world.applications import an_admissible_application
from tests.world.coaching import a_coached_project, a_session
from tests.world.cohorts import Enrolled, a_closed_call, a_cohort, sign
from tests.world.people import someone
from tests.world.programmes import the_programme
from tests.world.selection import a_committee, decided, published

pytestmark = pytest.mark.usefixtures("db")


async def _project(application: UUID) -> UUID:
    found: UUID = await value("SELECT project FROM application WHERE id = $1", application)
    return found


async def test_from_a_deposit_to_a_session_with_a_withdrawal_between() -> None:
    world = await the_programme()
    call = await a_closed_call(world, places={"pre_incubation": 1, "incubation": 1})
    ana, bo = await someone("Ana"), await someone("Bo")
    first = await an_admissible_application(world, call, ana, name="Premier")
    second = await an_admissible_application(world, call, bo, name="Second")
    sitting = await a_committee(call)
    await decided(first, by=sitting.manager)
    await decided(second, by=sitting.manager, rank=1)
    await published(sitting)
    gathered = await a_cohort(world, call, by=sitting.manager)
    leaving, promoted = await _project(first), await _project(second)
    await accept_place(leaving, by=ana, at=now())
    await withdraw_place(leaving, AnswerForm(reason="Un emploi."), by=ana, at=now())
    assert (await place_of(bo, promoted)).state == "offered"
    enrolment = await accept_place(promoted, by=bo, at=now())
    await sign(promoted, bo)
    await sign(promoted, sitting.manager)
    phase = world.phases["pre_incubation"]
    enrolled = Enrolled(promoted, bo, sitting.manager, call, gathered.cohort, enrolment, phase)
    await a_session(await a_coached_project(world, enrolled=enrolled))
    path = await path_of(bo, promoted)
    assert (path.current.phase_code, path.current.state) == ("pre_incubation", "active")
