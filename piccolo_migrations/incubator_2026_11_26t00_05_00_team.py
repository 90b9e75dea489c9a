"""One joins a team by accepting, never by confirming an address that someone named."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from incubator.core.database import execute

ID = "2026-11-26T00:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Teams joined by invitation, one depositor a team, threads of questions"

FORWARDS = """
DROP TRIGGER confirming_account_joins_its_teams ON account;
DROP TRIGGER confirmed_account_joins_its_teams ON account;
DROP FUNCTION join_awaiting_teams();
DROP INDEX team_member_by_email;

CREATE UNIQUE INDEX one_depositor_a_team ON team_member (project) WHERE role = 'depositor' AND left_at IS NULL;
CREATE UNIQUE INDEX one_pending_invitation_an_address ON team_invitation (project, email)
    WHERE accepted_at IS NULL AND declined_at IS NULL AND revoked_at IS NULL;
CREATE INDEX team_invitation_pending_by_email ON team_invitation (email)
    WHERE accepted_at IS NULL AND declined_at IS NULL AND revoked_at IS NULL;
CREATE INDEX inquiry_open ON inquiry (call, asked_at, id) WHERE closed_at IS NULL;
CREATE INDEX inquiry_message_in_order ON inquiry_message (inquiry, written_at, id)
"""

BACKWARDS = """
DROP INDEX inquiry_message_in_order;
DROP INDEX inquiry_open;
DROP INDEX team_invitation_pending_by_email;
DROP INDEX one_pending_invitation_an_address;
DROP INDEX one_depositor_a_team;

ALTER TABLE team_member DROP CONSTRAINT team_role_is_depositor_editor_or_reader;
UPDATE team_member SET role = 'member' WHERE role IN ('editor', 'reader');
ALTER TABLE team_member ADD CONSTRAINT team_role_is_depositor_editor_or_reader CHECK (role IN ('depositor', 'member'));

CREATE INDEX team_member_by_email ON team_member (email) WHERE email <> '';
CREATE FUNCTION join_awaiting_teams() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE team_member m SET account = NEW.id WHERE m.account IS NULL AND m.email = NEW.email
        AND NOT EXISTS (SELECT FROM team_member o WHERE o.project = m.project AND o.account = NEW.id)
        AND m.id = (SELECT n.id FROM team_member n WHERE n.project = m.project AND n.account IS NULL AND n.email = NEW.email
            ORDER BY n.left_at IS NULL DESC, n.joined_at, n.id LIMIT 1);
    RETURN NULL;
END $$;
CREATE TRIGGER confirmed_account_joins_its_teams AFTER INSERT ON account FOR EACH ROW
    WHEN (NEW.confirmed_at IS NOT NULL) EXECUTE FUNCTION join_awaiting_teams();
CREATE TRIGGER confirming_account_joins_its_teams AFTER UPDATE OF confirmed_at, email ON account FOR EACH ROW
    WHEN (NEW.confirmed_at IS NOT NULL) EXECUTE FUNCTION join_awaiting_teams()
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
