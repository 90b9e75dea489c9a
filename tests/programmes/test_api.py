"""A programme for programs."""

from __future__ import annotations

import pytest

from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")


async def test_a_programme_comes_whole(client):
    world = await the_programme()
    programme = (await client.get("/api/v1/programmes/alter-incub-cvl")).json()
    assert programme["id"] == str(world.programme)
    assert [axis["number"] for axis in programme["axes"] if axis["is_carried_out"]] == [1]
    assert [phase["code"] for phase in programme["plan"]["phases"]] == list(world.phases)
    assert [len(phase["milestones"]) for phase in programme["plan"]["phases"]] == [4, 8, 11, 5]
    assert programme["plan"]["phases"][1]["norms"]["sessions"] == 8


async def test_an_unknown_programme_does_not_exist(client):
    assert (await client.get("/api/v1/programmes/inconnu")).status_code == 404
