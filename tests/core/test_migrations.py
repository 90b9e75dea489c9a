"""Migrations: in step with the tables, forwards, backwards and forwards again, one process at a time."""

import asyncio
import os

import pytest

from incubator.core import database, migrations
from incubator.core.database import DB, column, value
from incubator.core.readiness import pending
from tests.database import TestServer

CONSTRAINTS = (
    "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace ORDER BY 1"
)


@pytest.fixture
async def empty(server: TestServer, _pool: str):
    name = f"empty_{os.getpid()}"
    await server.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await server.run(f"CREATE DATABASE {name}")
    shared, DB.pool = DB.pool, None
    await database.connect(server.dsn(name), pool_size=4, role=None)
    yield server.dsn(name)
    await database.disconnect()
    DB.pool = shared
    await server.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def test_tables_and_migrations_are_in_step():
    assert await migrations.drift() == []


async def test_forwards_backwards_and_forwards_again(empty):
    await migrations.migrate()
    constraints = await column(CONSTRAINTS)
    indexes = await column("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
    assert not await pending()
    await migrations.migrate_back()
    assert await column("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration'") == []
    assert await pending()
    await migrations.migrate()
    assert await column(CONSTRAINTS) == constraints
    assert await column("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1") == indexes


async def test_two_that_migrate_at_once_do_it_once(empty):
    await asyncio.gather(migrations.migrate(), migrations.migrate())
    assert await value("SELECT count(*) = count(DISTINCT name) FROM migration") is True


async def test_every_constraint_has_a_name_that_is_a_sentence_or_a_key(db):
    """What the database refuses is said by name; the rest are keys, references and not-nulls made by the tables."""
    checks = await column(
        "SELECT conname FROM pg_constraint WHERE contype IN ('c', 'u') AND connamespace = 'public'::regnamespace"
    )
    unnamed = [name for name in checks if "_" not in name or name.endswith("_check")]
    assert unnamed == []
