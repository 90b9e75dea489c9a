"""Bringing a database up to date: migrations, the map of France, the reference programme."""

from __future__ import annotations

from incubator.calls.reference import load_reference
from incubator.core import database, migrations
from incubator.core.clock import now
from incubator.core.settings import Settings
from incubator.territory.actions import load_territory


async def prepare(settings: Settings) -> str:
    """Migrate as the owner, then load what the product ships; may be run again at any time. What was said."""
    await database.connect(settings.migration_database_url or settings.database_url, pool_size=2, role=None)
    try:
        said = await migrations.migrate()
        await load_territory(at=now())
        await load_reference(at=now())
    finally:
        await database.disconnect()
    return said.strip()
