"""Looking for someone in the whole database."""

from __future__ import annotations

from incubator.core.database import column, value


async def where_is(words: str) -> list[str]:
    """The tables in which any row holds these words."""
    tables = await column("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    found = []
    for table in tables:
        count = await value(f'SELECT count(*) FROM "{table}" t WHERE position(lower($1) IN lower(t::text)) > 0', words)
        if count:
            found.append(table)
    return found
