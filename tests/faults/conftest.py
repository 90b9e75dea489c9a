"""One house for all faults: each test leaves it whole."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from incubator.core.database import DB
from tests.faults.house import House, opened
from tests.files import clamd


@pytest.fixture(scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A database, a server of two processes, a worker, an antivirus and a mail server, each a process of its own."""
    if not clamd.PATH and not clamd.REQUIRED:
        pytest.skip(clamd.LEFT_OUT)
    async with opened(tmp_path_factory.mktemp("house")) as made:
        yield made


@pytest.fixture(autouse=True)
async def _in_the_house(house: House) -> AsyncIterator[None]:
    """During a test of this folder, this process reads the house's database too."""
    shared, DB.pool = DB.pool, house.pool
    yield
    DB.pool = shared
