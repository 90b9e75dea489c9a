"""A PostgreSQL of our own, with a database for each size."""

from __future__ import annotations

import random
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import msgspec

from benchmarks.filling.applications import fill_call, fill_projects
from benchmarks.filling.committee import fill_committee
from benchmarks.filling.journeys import fill_journeys
from benchmarks.filling.people import People, fill_people
from benchmarks.filling.rows import Filling, read_reference
from incubator.core.clock import now
from incubator.core.postgres import EmbeddedPostgres
from incubator.core.settings import Settings
from incubator.preparing import prepare

TEMPLATE = "bench_template"


class World(msgspec.Struct, frozen=True):
    """What the jobs need to know of a filled database. `files`: applications put before the committee, in order.

    `storage`: where its documents are kept, as STORAGE_URL says it.
    """

    size: int
    dsn: str
    storage: str
    call: str
    call_id: UUID
    committee: UUID
    people: People
    files: tuple[UUID, ...]
    journeys: tuple[UUID, ...]
    seconds: float


class Databases:
    """The server and its databases; durable settings, as in production."""

    def __init__(self, home: Path) -> None:
        self.postgres = EmbeddedPostgres(home / "postgres")
        self.home = home
        self.worlds: dict[int, World] = {}

    async def open(self) -> None:
        """Start the server and prepare what every database starts from: tables, France, the reference programme."""
        self.postgres.start()
        known = await self._run("SELECT datname FROM pg_database")
        if TEMPLATE not in {record[0] for record in known}:
            await self._run(f"CREATE DATABASE {TEMPLATE}")
            await prepare(Settings(database_url=self.postgres.dsn(TEMPLATE)))

    async def fill(self, size: int, name: str = "") -> World:
        """A fresh database of that size, named after it unless told otherwise."""
        name = name or f"bench_{size}"
        await self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await self._run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
        connection = await asyncpg.connect(self.postgres.dsn(name))
        try:
            return await self._fill(connection, size, self.postgres.dsn(name))
        finally:
            await connection.close()

    async def _fill(self, connection: asyncpg.Connection, size: int, dsn: str) -> World:
        started = time.perf_counter()
        await connection.execute("SET session_replication_role = replica")  # rows come whole: keys are not checked one by one
        filling = Filling(connection, await read_reference(connection), random.Random(size), now() - timedelta(days=30))
        people = await fill_people(filling, size)
        projects = await fill_projects(filling, people, size)
        call = await fill_call(filling, people, projects, code="AAC-BANC", opened_days_ago=60)
        committee = await fill_committee(filling, people, call)
        journeys = await fill_journeys(filling, people)
        await connection.execute("SET session_replication_role = origin")
        await connection.execute("VACUUM (ANALYZE)")
        await connection.execute("CHECKPOINT")
        return World(
            size=size,
            dsn=dsn,
            storage=(self.home / "files").as_uri(),
            call=call.code,
            call_id=call.id,
            committee=committee,
            people=people,
            files=tuple(call.applications),
            journeys=tuple(journeys),
            seconds=time.perf_counter() - started,
        )

    async def _run(self, sql: str) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.postgres.dsn("postgres"))
        try:
            return list(await connection.fetch(sql))
        finally:
            await connection.close()

    def close(self) -> None:
        """Stop the server."""
        self.postgres.stop()
