"""What is published never changes, whoever writes to the database."""

from typing import Any

import asyncpg
import pytest

from incubator.core.database import execute, transaction, value
from tests.world.programmes import the_programme

TABLES = [("criterion", "grid", "grid"), ("phase", "plan", "plan_version")]


@pytest.mark.parametrize(("table", "parent", "version"), TABLES)
async def test_nothing_leaves_a_published_version(db: None, table: str, parent: str, version: str) -> None:
    """R23: nor by being moved to a version that is still a draft."""
    world = await the_programme()
    published: Any = getattr(world, parent)
    draft = await value(
        f"INSERT INTO {version} SELECT (jsonb_populate_record(v, jsonb_build_object('id', gen_random_uuid(), 'number', 99,"
        f" 'published_at', NULL))).* FROM {version} v WHERE id = $1 RETURNING id",
        published,
    )
    with pytest.raises(asyncpg.CheckViolationError, match="never edited"):
        async with transaction():
            await execute(f"UPDATE {table} SET {parent} = $2 WHERE {parent} = $1", published, draft)
    assert await value(f"SELECT count(*) FROM {table} WHERE {parent} = $1", draft) == 0
