"""The deposits of one person are found by an index (R7)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from incubator.core.database import execute

ID = "2026-11-29T07:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Deposits by depositor"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="incubator", description=DESCRIPTION)
    manager.add_raw(_forwards)
    manager.add_raw_backwards(_backwards)
    return manager


async def _forwards() -> None:
    await execute("CREATE INDEX deposit_by_depositor ON deposit (deposited_by, application)")


async def _backwards() -> None:
    await execute("DROP INDEX deposit_by_depositor")
