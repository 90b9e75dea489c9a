"""A database of their own for hypothesis; each example is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from tests.database import TestServer
from tests.properties.dossiers import Scene, the_scene
from tests.stateful.house import House

Example = Callable[[Callable[[Scene], Coroutine[Any, Any, None]]], None]


@pytest.fixture(scope="module")
def example(server: TestServer) -> Iterator[Example]:
    """`example(story)` plays a story on the scene, and forgets what it wrote."""
    house = House(server)
    scene = house.run(the_scene())

    def play(story: Callable[[Scene], Coroutine[Any, Any, None]]) -> None:
        house.begin()
        try:
            house.run(story(scene))
        finally:
            house.forget()

    yield play
    house.close()
