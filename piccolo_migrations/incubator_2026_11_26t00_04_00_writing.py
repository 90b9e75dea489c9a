"""Every answer has its revisions: those written before revisions were kept begin with what they are now. Companies are found."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from incubator.core.database import execute

ID = "2026-11-26T00:04:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A first revision for each answer there is, answers that name a company"

FORWARDS = """
INSERT INTO answer_revision (id, application, question, version, value, started_at, written_at, written_by)
    SELECT gen_random_uuid(), application, question, version, value, written_at, written_at, written_by FROM answer;
CREATE INDEX answers_that_name_a_company ON answer ((left(value #>> '{}', 9)))
    WHERE value #>> '{}' ~ '^[0-9]{9}([0-9]{5})?$'
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="incubator", description=DESCRIPTION)
    manager.add_raw(_forwards)
    manager.add_raw_backwards(_backwards)
    return manager


async def _forwards() -> None:
    await execute(FORWARDS)


async def _backwards() -> None:
    """The revisions themselves go with their table, in the migration before this one."""
    await execute("DROP INDEX answers_that_name_a_company")
