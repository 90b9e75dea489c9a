"""The database dies, freezes, comes back: a clear 503 meanwhile, and recovery without help. Nothing acknowledged is lost."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from incubator.core import database, migrations
from incubator.core.database import DB, column
from incubator.core.postgres import EmbeddedPostgres
from tests.conftest import SETTINGS
from tests.serving import free_port, until_ready


class House:
    """A server of the application and a database that may be hurt."""

    def __init__(self, postgres: EmbeddedPostgres, address: str) -> None:
        self.postgres = postgres
        self.address = address

    @property
    def postmaster(self) -> int:
        """The database's first process."""
        return int((self.postgres.data / "postmaster.pid").read_text().split()[0])

    @property
    def processes(self) -> list[int]:
        """The database's processes."""
        children = Path(f"/proc/{self.postmaster}/task/{self.postmaster}/children").read_text().split()
        return [self.postmaster, *map(int, children)]


@pytest.fixture
async def house(tmp_path: Path, _pool: str) -> AsyncIterator[House]:
    postgres = EmbeddedPostgres(tmp_path / "pg", fast=True)
    await asyncio.to_thread(postgres.start)
    shared, DB.pool = DB.pool, None
    dsn = postgres.dsn("postgres")
    await database.connect(dsn, role=None)
    await migrations.migrate()
    await database.disconnect()
    DB.pool = shared
    port = free_port()
    environment = os.environ | {"DATABASE_URL": dsn, "SECRET_KEY": SETTINGS.secret_key, "PORT": str(port)}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "incubator", "serve", env=environment)
    try:
        await until_ready(f"http://127.0.0.1:{port}")
        yield House(postgres, f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        await process.wait()
        await asyncio.to_thread(postgres.stop)


async def test_a_killed_database_is_503_and_comes_back(house: House) -> None:
    acknowledged: list[str] = []
    async with httpx.AsyncClient(base_url=house.address, timeout=15) as client:
        page = await client.get("/forgotten-password")
        token = page.text.split('name="csrf" value="')[1].split('"')[0]
        visit = {"cookie": f"visit={client.cookies['visit']}"}  # signing up opens a session: each comes from a visitor's page

        async def write(number: int) -> int:
            form = {"csrf": token, "name": "N", "email": f"p{number}@exemple.fr", "password": "quatre chevaux lents", "next": ""}
            answer = await client.post("/sign-up", data=form, headers=visit)
            if answer.status_code == 303:
                acknowledged.append(f"p{number}@exemple.fr")
            return answer.status_code

        assert {await write(number) for number in range(5)} == {303}
        os.kill(house.postmaster, signal.SIGKILL)
        started = time.monotonic()
        answers = await asyncio.gather(*(write(number) for number in range(5, 10)), client.get("/health/ready"))
        assert {a if isinstance(a, int) else a.status_code for a in answers} <= {503, 303}
        refused = await client.get("/health/ready")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert time.monotonic() - started < 10
        assert (await client.get("/health/live")).status_code == 200
        await asyncio.to_thread(house.postgres.start)
        await until_ready(house.address)
        assert await write(10) == 303
    shared, DB.pool = DB.pool, None
    await database.connect(house.postgres.dsn("postgres"), pool_size=1)
    assert set(acknowledged) <= set(await column("SELECT email FROM account"))
    await database.disconnect()
    DB.pool = shared


async def test_a_frozen_database_answers_503_in_time_and_thaws(house: House) -> None:
    async with httpx.AsyncClient(base_url=house.address, timeout=20) as client:
        frozen = house.processes
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        try:
            started = time.monotonic()
            answer = await client.get("/health/ready")
            assert answer.status_code == 503
            assert time.monotonic() - started < 12
            assert (await client.get("/health/live")).status_code == 200
        finally:
            for pid in frozen:
                os.kill(pid, signal.SIGCONT)
        await until_ready(house.address)
        assert (await client.get("/health/ready")).status_code == 200
