"""Databases for tests: one template, migrated once for each state of the code, and cheap clones of it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

from incubator.core import database, migrations
from incubator.core.clock import now
from incubator.core.postgres import EmbeddedPostgres
from incubator.territory.actions import load_territory

ROOT = Path(__file__).parent.parent
HOME = Path(tempfile.gettempdir()) / f"incubator-tests-{os.getuid()}-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"


class Statement:
    """A statement that was sent, and how many rows came back."""

    def __init__(self, sql: str, rows: int) -> None:
        self.sql = sql
        self.rows = rows


sent: list[Statement] = []


class CountingConnection(asyncpg.Connection):
    """Remembers every statement it is given."""

    async def _execute(self, query: str, *args: Any, **options: Any) -> Any:
        result = await super()._execute(query, *args, **options)
        sent.append(Statement(query, len(result) if isinstance(result, list) else 0))
        return result

    async def execute(self, query: str, *args: Any, **options: Any) -> str:
        status = await super().execute(query, *args, **options)
        if not args and not query.upper().startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")):
            sent.append(Statement(query, 0))
        return str(status)


class TestServer:
    """The server of this checkout's tests. `TEST_DATABASE_URL` (a superuser's) names another one to use instead."""

    __test__ = False

    def __init__(self) -> None:
        self.url = os.environ.get("TEST_DATABASE_URL", "")
        self.embedded = None if self.url else EmbeddedPostgres(HOME, fast=True)
        HOME.mkdir(exist_ok=True)

    def start(self) -> None:
        if self.embedded:
            self.embedded.start()

    def stop(self) -> None:
        if self.embedded:
            self.embedded.stop()

    def dsn(self, name: str) -> str:
        if self.embedded:
            return self.embedded.dsn(name)
        head, _slash, tail = self.url.rpartition("/")
        _old, _mark, options = tail.partition("?")
        return f"{head}/{name}" + (f"?{options}" if options else "")

    async def run(self, sql: str) -> None:
        connection = await asyncpg.connect(self.dsn("postgres"))
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    async def template(self) -> str:
        """A migrated database with the territory in it; made once for each state of migrations and data."""
        name = f"template_{_state()}"
        with (HOME / "template.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            connection = await asyncpg.connect(self.dsn("postgres"))
            known = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name)
            await connection.close()
            if not known:
                await self._make_template(name)
        return name

    async def _make_template(self, name: str) -> None:
        draft = f"{name}_draft"
        await self.run(f"DROP DATABASE IF EXISTS {draft}")
        await self.run(f"CREATE DATABASE {draft}")
        await database.connect(self.dsn(draft), role=None)
        try:
            await migrations.migrate()
            await load_territory(at=now())
        finally:
            await database.disconnect()
        await self.run(f"ALTER DATABASE {draft} RENAME TO {name}")

    @asynccontextmanager
    async def clone(self, name: str) -> AsyncIterator[str]:
        """A database of one's own, dropped at the end; its DSN."""
        await self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await self.run(f"CREATE DATABASE {name} TEMPLATE {await self.template()} STRATEGY file_copy")
        try:
            yield self.dsn(name)
        finally:
            await self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _state() -> str:
    digest = hashlib.sha256()
    for folder in ("piccolo_migrations", "incubator/territory"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
