"""A server knows by itself when the database is older than its code."""

import asyncpg

from incubator.core import readiness
from incubator.core.migrations import APP, ForwardsMigrationManager
from incubator.core.readiness import pending


async def test_a_migrated_database_is_ready(db, client):
    assert await pending() is False
    assert (await client.get("/health/ready")).status_code == 200


async def test_an_older_database_is_not(committed_db, client):
    owner = await asyncpg.connect(committed_db)
    await owner.execute("DELETE FROM migration WHERE name LIKE '%23:59%'")
    await owner.close()
    assert await pending() is True
    assert (await client.get("/health/ready")).status_code == 503


def test_every_migration_is_known():
    manager = ForwardsMigrationManager(app_name=APP)
    modules = manager.get_migration_modules(str(readiness.MIGRATIONS))
    assert frozenset(manager.get_migration_ids(modules)) == readiness._known()
