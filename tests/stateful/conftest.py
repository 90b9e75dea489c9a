"""A database and a loop of their own for hypothesis, which is not asynchronous; how long it may look for trouble."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.database import TestServer
from tests.stateful.house import House


@pytest.fixture(scope="module")
def house(server: TestServer) -> Iterator[House]:
    """Where a machine acts; the shared database is back afterwards."""
    opened = House(server)
    yield opened
    opened.close()
