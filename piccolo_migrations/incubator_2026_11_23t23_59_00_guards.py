"""What tables cannot say: partial and ordered indexes, the journal that only grows, versions that never change."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from incubator.core.database import execute

ID = "2026-11-23T23:59:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes, the append-only journal, frozen versions"

FORWARDS = """
ALTER TABLE role_assignment ADD CONSTRAINT role_is_held_in_a_programme
    FOREIGN KEY (programme) REFERENCES programme (id) ON DELETE RESTRICT;

CREATE INDEX commune_search_trigrams ON commune USING gin (search gin_trgm_ops);
CREATE INDEX letter_due ON letter (next_try_at) WHERE state = 'waiting';
CREATE INDEX letter_by_age ON letter (created_at DESC, id DESC);
CREATE INDEX session_of_account ON session (account) WHERE ended_at IS NULL;
CREATE INDEX journal_entry_of_project ON journal_entry (project, number DESC) WHERE project IS NOT NULL;
CREATE INDEX application_queue ON application (call, state, id);
CREATE INDEX application_by_age ON application (call, deposited_at, id) WHERE deposited_at IS NOT NULL;
CREATE INDEX application_by_state_and_age ON application (call, state, deposited_at, id) WHERE deposited_at IS NOT NULL;
CREATE INDEX team_member_by_email ON team_member (email) WHERE email <> '';
CREATE INDEX presentation_by_points ON presentation
    (committee, mean DESC, knock_out_mean DESC, first_block_mean DESC, id DESC);
CREATE INDEX deposit_latest ON deposit (application, ordinal DESC);
CREATE INDEX support_session_latest ON support_session (project, held_on DESC, id DESC);
CREATE INDEX once_by_age ON once (at);

CREATE UNIQUE INDEX one_lead_coach_a_project ON coach_assignment (project) WHERE is_lead AND until_on IS NULL;
CREATE UNIQUE INDEX one_open_suspension_an_enrolment ON suspension (enrolment) WHERE until_on IS NULL;
CREATE UNIQUE INDEX one_prolongation_an_enrolment ON gate_review (enrolment) WHERE outcome = 'prolong';
CREATE UNIQUE INDEX one_open_complement_an_application ON complement_request (application) WHERE answered_at IS NULL;
CREATE UNIQUE INDEX one_open_enrolment_a_project ON enrolment (project) WHERE ended_on IS NULL;

REVOKE UPDATE, DELETE, TRUNCATE ON journal_entry, journal_seal, journal_sealed_entry, deposit FROM incubator_app;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER seals_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_seal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER sealed_entries_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_sealed_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_change_of_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'a published version of % is never edited', TG_TABLE_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_version_is_frozen';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER published_version_is_frozen BEFORE UPDATE OR DELETE ON form_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published();
CREATE TRIGGER published_version_is_frozen BEFORE UPDATE OR DELETE ON grid
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published();
CREATE TRIGGER published_version_is_frozen BEFORE UPDATE OR DELETE ON plan_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published();

CREATE FUNCTION refuse_change_in_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE frozen boolean;
BEGIN
    IF TG_TABLE_NAME = 'criterion' THEN
        SELECT published_at IS NOT NULL INTO frozen FROM grid WHERE id = (to_jsonb(COALESCE(NEW, OLD)) ->> 'grid')::uuid;
    ELSIF TG_TABLE_NAME = 'phase' THEN
        SELECT published_at IS NOT NULL INTO frozen FROM plan_version WHERE id = (to_jsonb(COALESCE(NEW, OLD)) ->> 'plan')::uuid;
    ELSE
        SELECT p.published_at IS NOT NULL INTO frozen FROM phase f JOIN plan_version p ON p.id = f.plan
            WHERE f.id = (to_jsonb(COALESCE(NEW, OLD)) ->> 'phase')::uuid;
    END IF;
    IF frozen THEN
        RAISE EXCEPTION 'a published version is never edited'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_version_is_frozen';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER published_version_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON criterion
    FOR EACH ROW EXECUTE FUNCTION refuse_change_in_published();
CREATE TRIGGER published_version_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON phase
    FOR EACH ROW EXECUTE FUNCTION refuse_change_in_published();
CREATE TRIGGER published_version_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON milestone
    FOR EACH ROW EXECUTE FUNCTION refuse_change_in_published();

CREATE FUNCTION refuse_revision_of_presented() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM presentation WHERE application = OLD.id) THEN
        RAISE EXCEPTION 'an application before its committee stays admissible'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'presented_application_stays_admissible';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER presented_application_stays_admissible BEFORE UPDATE OF state ON application FOR EACH ROW
    WHEN (OLD.state = 'admissible' AND NEW.state NOT IN ('admissible', 'withdrawn')) EXECUTE FUNCTION refuse_revision_of_presented();

CREATE FUNCTION refuse_withdrawal_of_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM presentation p JOIN publication b ON b.committee = p.committee WHERE p.application = OLD.id) THEN
        RAISE EXCEPTION 'a published decision is answered, not withdrawn from'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'decided_application_is_not_withdrawn';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decided_application_is_not_withdrawn BEFORE UPDATE OF state ON application FOR EACH ROW
    WHEN (OLD.state = 'admissible' AND NEW.state = 'withdrawn') EXECUTE FUNCTION refuse_withdrawal_of_decided()
"""

BACKWARDS = """
DROP TRIGGER decided_application_is_not_withdrawn ON application;
DROP FUNCTION refuse_withdrawal_of_decided();
DROP TRIGGER presented_application_stays_admissible ON application;
DROP FUNCTION refuse_revision_of_presented();
DROP TRIGGER published_version_is_frozen ON milestone;
DROP TRIGGER published_version_is_frozen ON phase;
DROP TRIGGER published_version_is_frozen ON criterion;
DROP FUNCTION refuse_change_in_published();
DROP TRIGGER published_version_is_frozen ON plan_version;
DROP TRIGGER published_version_is_frozen ON grid;
DROP TRIGGER published_version_is_frozen ON form_version;
DROP FUNCTION refuse_change_of_published();
DROP TRIGGER sealed_entries_only_grow ON journal_sealed_entry;
DROP TRIGGER seals_only_grow ON journal_seal;
DROP TRIGGER journal_only_grows ON journal_entry;
DROP FUNCTION refuse_change();
DROP INDEX one_open_enrolment_a_project;
DROP INDEX one_open_complement_an_application;
DROP INDEX one_prolongation_an_enrolment;
DROP INDEX one_open_suspension_an_enrolment;
DROP INDEX one_lead_coach_a_project;
DROP INDEX once_by_age;
DROP INDEX support_session_latest;
DROP INDEX deposit_latest;
DROP INDEX team_member_by_email;
DROP INDEX application_by_state_and_age;
DROP INDEX application_by_age;
DROP INDEX presentation_by_points;
DROP INDEX application_queue;
DROP INDEX journal_entry_of_project;
DROP INDEX session_of_account;
DROP INDEX letter_by_age;
DROP INDEX letter_due;
DROP INDEX commune_search_trigrams;
ALTER TABLE role_assignment DROP CONSTRAINT role_is_held_in_a_programme
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
