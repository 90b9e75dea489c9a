"""All pending migrations in one transaction, one process at a time; and whether tables and migrations are in step."""

from __future__ import annotations

import contextlib
import io
from itertools import chain

from piccolo.apps.migrations.commands.backwards import BackwardsMigrationManager
from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager
from piccolo.apps.migrations.commands.new import AutoMigrationManager
from piccolo.conf.apps import Finder

from incubator.core.database import execute, transaction

APP = "incubator"
LOCK = 0x1C0BA7E


async def migrate() -> str:
    """Apply what is pending; what was said. Needs `connect(…, role=None)` as the owner of the tables."""
    said = io.StringIO()
    async with transaction():
        await execute("SET LOCAL statement_timeout = '10min'")
        await execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        with contextlib.redirect_stdout(said):
            result = await ForwardsMigrationManager(app_name=APP).run()
        if not result.success:
            raise RuntimeError(result.message)
    return said.getvalue()


async def migrate_back(to: str = "all") -> None:
    """Undo every migration down to and including `to`."""
    async with transaction():
        await execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        with contextlib.redirect_stdout(io.StringIO()):
            result = await BackwardsMigrationManager(app_name=APP, migration_id=to, auto_agree=True).run()
        if not result.success:
            raise RuntimeError(result.message)


async def drift() -> list[str]:
    """What the tables say that the migrations do not; empty when in step."""
    with contextlib.redirect_stdout(io.StringIO()):
        alters = await AutoMigrationManager(auto_input="y").get_alter_statements(Finder().get_app_config(APP))
    return list(chain.from_iterable(alter.statements for alter in alters))
