"""A member named by address is linked to the account that confirms it; nothing leaves a published version."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from incubator.core.database import execute

ID = "2026-11-24T00:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Members linked when they confirm their address, children of published versions"

# Whoever is of a team is known by their account alone: who may read, who may not score, who is written to.
FORWARDS = """
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
    WHEN (NEW.confirmed_at IS NOT NULL) EXECUTE FUNCTION join_awaiting_teams();
UPDATE team_member m SET account = a.id FROM account a WHERE m.account IS NULL AND m.email <> '' AND a.email = m.email
    AND a.confirmed_at IS NOT NULL AND NOT EXISTS (SELECT FROM team_member o WHERE o.project = m.project AND o.account = a.id)
    AND m.id = (SELECT n.id FROM team_member n WHERE n.project = m.project AND n.account IS NULL AND n.email = m.email
        ORDER BY n.left_at IS NULL DESC, n.joined_at, n.id LIMIT 1);

CREATE FUNCTION refuse_leaving_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE frozen boolean;
BEGIN
    IF TG_TABLE_NAME = 'criterion' THEN
        SELECT published_at IS NOT NULL INTO frozen FROM grid WHERE id = (to_jsonb(OLD) ->> 'grid')::uuid;
    ELSIF TG_TABLE_NAME = 'phase' THEN
        SELECT published_at IS NOT NULL INTO frozen FROM plan_version WHERE id = (to_jsonb(OLD) ->> 'plan')::uuid;
    ELSE
        SELECT p.published_at IS NOT NULL INTO frozen FROM phase f JOIN plan_version p ON p.id = f.plan
            WHERE f.id = (to_jsonb(OLD) ->> 'phase')::uuid;
    END IF;
    IF frozen THEN
        RAISE EXCEPTION 'a published version is never edited'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_version_is_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nothing_leaves_a_published_version BEFORE UPDATE ON criterion
    FOR EACH ROW EXECUTE FUNCTION refuse_leaving_published();
CREATE TRIGGER nothing_leaves_a_published_version BEFORE UPDATE ON phase
    FOR EACH ROW EXECUTE FUNCTION refuse_leaving_published();
CREATE TRIGGER nothing_leaves_a_published_version BEFORE UPDATE ON milestone
    FOR EACH ROW EXECUTE FUNCTION refuse_leaving_published()
"""

BACKWARDS = """
DROP TRIGGER nothing_leaves_a_published_version ON milestone;
DROP TRIGGER nothing_leaves_a_published_version ON phase;
DROP TRIGGER nothing_leaves_a_published_version ON criterion;
DROP FUNCTION refuse_leaving_published();
DROP TRIGGER confirming_account_joins_its_teams ON account;
DROP TRIGGER confirmed_account_joins_its_teams ON account;
DROP FUNCTION join_awaiting_teams()
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
