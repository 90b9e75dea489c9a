"""Forms say who reads an answer instead of reserving it; grids say what is blocking; a grid in use stays with its call."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from incubator.core.database import execute

ID = "2026-11-26T00:02:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Readers of answers, thresholds of grids, grids in use"

# Published versions keep what they mean under the new words: the trigger that freezes them steps aside for these statements.
FORWARDS = """
ALTER TABLE form_version DISABLE TRIGGER published_version_is_frozen;
UPDATE form_version SET definition = regexp_replace(
    replace(definition::text, '"is_reserved": true', '"readers": "manager"'),
    ', "is_reserved": false|"is_reserved": false, ', '', 'g')::jsonb
    WHERE definition::text LIKE '%"is_reserved": %';
ALTER TABLE form_version ENABLE TRIGGER published_version_is_frozen;
ALTER TABLE grid DISABLE TRIGGER published_version_is_frozen;
UPDATE grid SET knock_out_below = 2.0;
ALTER TABLE grid ENABLE TRIGGER published_version_is_frozen;

CREATE FUNCTION refuse_leaving_grid_in_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM committee WHERE call = OLD.id) THEN
        RAISE EXCEPTION 'a committee reads by the grid of its call'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'grid_in_use_is_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grid_in_use_is_kept BEFORE UPDATE OF grid ON call FOR EACH ROW
    WHEN (OLD.grid <> NEW.grid) EXECUTE FUNCTION refuse_leaving_grid_in_use()
"""

# An answer the staff alone reads becomes reserved to the manager: never to more people than before.
BACKWARDS = """
DROP TRIGGER grid_in_use_is_kept ON call;
DROP FUNCTION refuse_leaving_grid_in_use();
ALTER TABLE form_version DISABLE TRIGGER published_version_is_frozen;
UPDATE form_version SET definition = regexp_replace(
    regexp_replace(definition::text, '"readers": "(manager|staff)"', '"is_reserved": true', 'g'),
    ', "readers": "committee"|"readers": "committee", ', '', 'g')::jsonb
    WHERE definition::text LIKE '%"readers": %';
ALTER TABLE form_version ENABLE TRIGGER published_version_is_frozen
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
