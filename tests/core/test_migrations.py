"""Migrations: in step with the tables, forwards, backwards and forwards again, one process at a time."""

import asyncio
import json
import os

import asyncpg
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


async def test_reserved_answers_become_the_managers_to_read_and_back(empty):
    """Published forms keep what they mean under the new words, and are frozen again after (R12)."""
    await migrations.migrate()
    asked = {"code": "1", "label": '"is_reserved": true', "kind": "line", "limit": 9, "readers": "manager"}
    shared = asked | {"code": "2", "label": "Nom", "readers": "committee"}
    definition = {"title": "Dossier", "sections": [{"code": "S1", "title": "Une", "questions": [asked, shared]}]}
    read = "SELECT definition #>> '{sections,0,questions}' FROM form_version"
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")  # the form alone, without its programme
        await database.execute(
            "INSERT INTO form_version (id, programme, number, title, definition, published_at, codes_given, version)"
            " VALUES (gen_random_uuid(), gen_random_uuid(), 1, 'Dossier', $1, now(), '{}', 1)",
            json.dumps(definition),
        )
    await migrations.migrate_back(to="2026-11-26T00:02:00:000000")
    before = json.loads(await value(read))
    assert [one.get("is_reserved") for one in before] == [True, None]
    assert all("readers" not in one for one in before)
    await migrations.migrate()
    after = json.loads(await value(read))
    assert [one.get("readers") for one in after] == ["manager", None]
    assert [one["label"] for one in after] == ['"is_reserved": true', "Nom"]
    with pytest.raises(asyncpg.CheckViolationError, match="never edited"):
        await database.execute("UPDATE form_version SET title = 'Autre'")


async def test_self_tests_under_one_address_go_back_to_the_last(empty):
    await migrations.migrate()
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")  # the results alone, without their call
        for day, answer in enumerate(("yes", "no"), start=1):
            await database.execute(
                "INSERT INTO self_test_result (id, call, email, answers, consented_at, forget_after) VALUES (gen_random_uuid(),"
                " '00000000-0000-0000-0000-000000000000', 'a@exemple.fr', $1, '2026-03-01'::date + $2::int, '2026-12-01')",
                json.dumps({"T1": answer}), day,
            )  # fmt: skip
    await migrations.migrate_back(to="2026-11-29T11:40:00:000000")
    assert await column("SELECT answers ->> 'T1' FROM self_test_result") == ["no"]
    await migrations.migrate()
    assert await column("SELECT answers ->> 'T1' FROM self_test_result") == ["no"]
