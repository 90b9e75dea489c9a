"""How near two names must be to be told as look-alikes (R7): the same for the index and for the search."""

import asyncpg

from incubator.applications.queries.staff import NAMES_ALIKE
from incubator.core.database import DB

NEARNESS = "SELECT 'ab' % 'ab', current_setting('pg_trgm.similarity_threshold')::float"


async def test_what_the_index_passes_over_is_what_the_search_leaves_out_on_every_connection(committed_db):
    """Also on those that are opened once the server has closed the first ones."""
    for _turn in ("opened", "opened again"):
        async with DB.pool.acquire() as one, DB.pool.acquire() as other:
            found = [tuple(await held.fetchrow(NEARNESS)) for held in (one, other)]
        assert found == [(True, NAMES_ALIKE)] * 2
        owner = await asyncpg.connect(committed_db)
        await owner.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        )
        await owner.close()
