"""One account an address, claims aside; what a claim made joins the account that proves the address (R1)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from incubator.core.database import execute

ID = "2026-11-26T00:08:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Claims of addresses and how they join, invitations to roles"

# Every reference to the claim becomes one to the owner, but for what signs in and for what only grows (the journal keeps who acted).
FORWARDS = """
CREATE UNIQUE INDEX one_account_an_email ON account (email) WHERE NOT is_claim;
CREATE INDEX account_claims ON account (email) WHERE is_claim;
ALTER TABLE account ADD CONSTRAINT merged_account_exists FOREIGN KEY (merged_into) REFERENCES account (id) ON DELETE RESTRICT;
ALTER TABLE account ADD CONSTRAINT merged_account_is_disabled
    CHECK (merged_into IS NULL OR (disabled_at IS NOT NULL AND is_claim AND merged_into <> id));
ALTER TABLE role_invitation ADD CONSTRAINT role_is_offered_in_a_programme
    FOREIGN KEY (programme) REFERENCES programme (id) ON DELETE RESTRICT;
CREATE UNIQUE INDEX one_open_invitation_a_role ON role_invitation (programme, email, role)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE UNIQUE INDEX one_open_email_change_an_account ON email_change (account) WHERE ended_at IS NULL;
UPDATE session SET proven_at = created_at WHERE proven_at IS NULL;

CREATE FUNCTION join_merged_account() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
    UPDATE team_member m SET account = NULL, left_at = COALESCE(m.left_at, NEW.disabled_at) WHERE m.account = NEW.id
        AND EXISTS (SELECT FROM team_member o WHERE o.project = m.project AND o.account = NEW.merged_into);
    FOR r IN SELECT c.conrelid::regclass AS place, a.attname AS name FROM pg_constraint c
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND c.confrelid = 'account'::regclass AND array_length(c.conkey, 1) = 1
            AND c.conrelid <> ALL (ARRAY['account', 'session', 'link_token', 'api_token', 'role_assignment', 'totp',
                'recovery_code', 'passkey', 'known_device', 'email_change']::regclass[])
            AND has_column_privilege(c.conrelid, a.attnum, 'UPDATE')
    LOOP
        BEGIN
            EXECUTE format('UPDATE %s SET %I = $1 WHERE %I = $2', r.place, r.name, r.name) USING NEW.merged_into, NEW.id;
        EXCEPTION WHEN unique_violation THEN NULL;
        END;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER merged_account_joins_its_owner AFTER UPDATE OF merged_into ON account FOR EACH ROW
    WHEN (NEW.merged_into IS NOT NULL AND OLD.merged_into IS NULL) EXECUTE FUNCTION join_merged_account()
"""

BACKWARDS = """
DROP TRIGGER merged_account_joins_its_owner ON account;
DROP FUNCTION join_merged_account();
DROP INDEX one_open_email_change_an_account;
DROP INDEX one_open_invitation_a_role;
ALTER TABLE role_invitation DROP CONSTRAINT role_is_offered_in_a_programme;
ALTER TABLE account DROP CONSTRAINT merged_account_is_disabled;
ALTER TABLE account DROP CONSTRAINT merged_account_exists;
DROP INDEX account_claims;
DROP INDEX one_account_an_email
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
