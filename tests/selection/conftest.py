"""The scene most tests of the room start from."""

from __future__ import annotations

import pytest

from tests.selection.world import Scene, a_candidate, a_closed_call
from tests.world.programmes import the_programme
from tests.world.selection import a_committee


@pytest.fixture
async def scene(db: None) -> Scene:
    """Two admissible applications before a committee of three who signed."""
    world = await the_programme()
    call = await a_closed_call(world)
    first, second = await a_candidate(world, call, "Roule Sologne"), await a_candidate(world, call, "Nuit’Abri")
    return Scene(world, call, first, second, await a_committee(call))
