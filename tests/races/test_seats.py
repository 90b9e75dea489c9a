"""The same seat given from several tabs."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from incubator.core.clock import now
from incubator.core.database import column, detached, value
from incubator.core.errors import Conflict
from incubator.selection.actions import give_seat
from incubator.selection.forms import SeatForm
from incubator.selection.tables import College
from tests.world.calls import a_call
from tests.world.programmes import the_programme
from tests.world.selection import a_committee


@pytest.mark.usefixtures("committed_db")
async def test_one_person_given_a_seat_from_ten_tabs_has_one_seat_one_account_and_one_invitation() -> None:
    world = await the_programme()
    call = await a_call(world, opens_at=now() - timedelta(days=9), closes_at=now() + timedelta(days=9))
    sitting = await a_committee(call, members=0)
    form = SeatForm(name="Nora Siège", email="nora@exemple.fr", college=College.FUNDERS)
    tries = [detached(give_seat(sitting.id, form, by=sitting.manager, at=now())) for _tab in range(10)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(answer, Conflict) for answer in answers) == 9
    assert await value("SELECT count(*) FROM seat") == 1
    assert await value("SELECT count(*) FROM account WHERE email = 'nora@exemple.fr'") == 1
    assert await column("SELECT count(*) FROM letter WHERE to_email = 'nora@exemple.fr' GROUP BY kind") == [1]
