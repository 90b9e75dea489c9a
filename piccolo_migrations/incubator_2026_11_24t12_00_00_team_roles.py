"""A member is an editor: the rows change before the tables say that there are three roles."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from incubator.core.database import execute

ID = "2026-11-24T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Members become editors"

FORWARDS = """
ALTER TABLE team_member DROP CONSTRAINT team_role_is_known;
UPDATE team_member SET role = 'editor' WHERE role = 'member';
ALTER TABLE team_member ADD CONSTRAINT team_role_is_known CHECK (role IN ('depositor', 'editor', 'reader'))
"""

BACKWARDS = """
ALTER TABLE team_member DROP CONSTRAINT team_role_is_known;
ALTER TABLE team_member ADD CONSTRAINT team_role_is_known CHECK (role IN ('depositor', 'member'))
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="incubator", description=DESCRIPTION)
    manager.add_raw(_forwards)
    manager.add_raw_backwards(_backwards)
    return manager


async def _forwards() -> None:
    await execute(FORWARDS)


async def _backwards() -> None:
    await execute(BACKWARDS)
