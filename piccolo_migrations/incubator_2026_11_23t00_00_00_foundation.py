"""The role the application acts as, and the extension that makes searching by a part of a name fast."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from incubator.core.database import execute

ID = "2026-11-23T00:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Role of the application, trigram search"

FORWARDS = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'incubator_app') THEN
        CREATE ROLE incubator_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT incubator_app TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO incubator_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO incubator_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO incubator_app;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
GRANT SELECT ON migration TO incubator_app
"""

BACKWARDS = """
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLES FROM incubator_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE USAGE, SELECT ON SEQUENCES FROM incubator_app;
REVOKE SELECT ON migration FROM incubator_app;
REVOKE USAGE ON SCHEMA public FROM incubator_app;
DROP EXTENSION IF EXISTS pg_trgm
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
