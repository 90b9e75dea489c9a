"""A real server over the demo's story, and the token of its programme's manager."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from incubator.core import database
from incubator.core.clock import now
from incubator.core.database import DB, value
from incubator.core.settings import Settings
from incubator.demo.story import SIGN_INS, tell
from incubator.people.actions import create_api_token
from incubator.people.queries import person
from tests.database import TestServer
from tests.serving import free_port, until_ready

SECRET = "a secret that only tests know, 32+ characters"
THINGS = {
    "application_id": "SELECT id FROM application ORDER BY id LIMIT 1",
    "assignment_id": "SELECT id FROM coach_assignment ORDER BY id LIMIT 1",
    "cohort_id": "SELECT id FROM cohort ORDER BY id LIMIT 1",
    "committee_id": "SELECT id FROM committee ORDER BY id LIMIT 1",
    "enrolment_id": "SELECT id FROM enrolment ORDER BY id LIMIT 1",
    "grid_id": "SELECT id FROM grid ORDER BY id LIMIT 1",
    "milestone_id": "SELECT m.id FROM milestone m JOIN enrolment e ON e.phase = m.phase ORDER BY e.id, m.position LIMIT 1",
    "phase_id": "SELECT phase FROM enrolment ORDER BY id LIMIT 1",
    "project_id": "SELECT project FROM enrolment ORDER BY id LIMIT 1",
    "seat_id": "SELECT id FROM seat ORDER BY id LIMIT 1",
    "session_id": "SELECT id FROM support_session ORDER BY id LIMIT 1",
    "code": "SELECT code FROM call ORDER BY opens_at LIMIT 1",
}


class House(msgspec.Struct, frozen=True):
    """Where it answers, who may ask anything, and the names of things that exist."""

    address: str
    token: str
    ids: dict[str, Any]


@pytest.fixture(scope="module")
async def house(server: TestServer, _pool: str) -> AsyncIterator[House]:
    """Serves a database of its own, thrown away afterwards."""
    shared, port = DB.pool, free_port()
    address = f"http://127.0.0.1:{port}"
    async with server.clone(f"api_{os.getpid()}") as dsn:
        token, ids = await _told(dsn, address)
        DB.pool = shared
        environment = os.environ | {"DATABASE_URL": dsn, "SECRET_KEY": SECRET, "PUBLIC_URL": address, "PORT": str(port)}
        environment |= {"INCUBATOR_DEMO": "1", "POOL_SIZE": "5"}
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "incubator", "serve", env=environment)
        try:
            await until_ready(address)
            yield House(address, token, ids)
        finally:
            process.terminate()
            await process.wait()


async def _told(dsn: str, address: str) -> tuple[str, dict[str, Any]]:
    DB.pool = None
    await tell(Settings(dsn, secret_key=SECRET, public_url=address, storage_url=os.environ["STORAGE_URL"], demo=True))
    await database.connect(dsn, pool_size=2)
    try:
        manager = await person(await value("SELECT id FROM account WHERE email = $1", SIGN_INS["Responsable du programme"]))
        token = await create_api_token("schemathesis", by=manager, at=now())
        return token, {name: str(await value(sql)) for name, sql in THINGS.items()}
    finally:
        await database.disconnect()
