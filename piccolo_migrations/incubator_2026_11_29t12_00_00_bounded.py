"""What pages count and list is found by an index, so that a page costs the same however many files a call has.

None on `account`: it has a row on the first day, and an index made then would tell the planner that it is a table of one row.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from incubator.core.database import execute

ID = "2026-11-29T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes of what pages count: interests, what is left to handle, to assess and to decide"

FORWARDS = """
CREATE INDEX declaration_of_interest ON declaration (seat, presentation) WHERE has_interest;
CREATE INDEX application_unassigned ON application (call, state, id)
    WHERE instructor IS NULL AND state IN ('deposited', 'complement_requested');
CREATE INDEX ruling_by_person ON ruling (pronounced_by, application);
CREATE INDEX presentation_in_order ON presentation (committee, id);
CREATE INDEX presentation_by_voices ON presentation (committee, assessments_count, id);
CREATE INDEX assessment_draft ON assessment (seat, presentation) WHERE state = 'draft';
CREATE INDEX assessment_handed_in ON assessment (seat, presentation) WHERE state = 'handed_in';
CREATE INDEX assessment_without_total ON assessment (seat, presentation) WHERE state = 'handed_in' AND total IS NULL
"""

BACKWARDS = """
DROP INDEX assessment_without_total;
DROP INDEX assessment_handed_in;
DROP INDEX assessment_draft;
DROP INDEX presentation_by_voices;
DROP INDEX presentation_in_order;
DROP INDEX ruling_by_person;
DROP INDEX application_unassigned;
DROP INDEX declaration_of_interest
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
