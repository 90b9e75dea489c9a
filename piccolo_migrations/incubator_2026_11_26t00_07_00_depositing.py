"""What lists read of a deposit stands beside it; look-alikes are found by an index."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from incubator.core.database import execute

ID = "2026-11-26T00:07:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Deposited names and communes, look-alikes, instructors, derogations"

FORWARDS = """
UPDATE application a SET filed_name = d.content ->> 'project_name', filed_commune = p.commune
    FROM project p, (SELECT DISTINCT ON (application) application, content FROM deposit ORDER BY application, ordinal DESC) d
    WHERE p.id = a.project AND d.application = a.id;
CREATE INDEX application_filed_name_trigrams ON application USING gin (lower(filed_name) gin_trgm_ops)
    WHERE deposited_at IS NOT NULL;
CREATE INDEX application_by_starter ON application (started_by, call) WHERE deposited_at IS NOT NULL;
CREATE INDEX application_by_instructor_and_age ON application (call, instructor, deposited_at, id)
    WHERE deposited_at IS NOT NULL;
CREATE INDEX complement_request_due ON complement_request (due_at) WHERE answered_at IS NULL
"""

BACKWARDS = """
DROP INDEX complement_request_due;
DROP INDEX application_by_instructor_and_age;
DROP INDEX application_by_starter;
DROP INDEX application_filed_name_trigrams
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
