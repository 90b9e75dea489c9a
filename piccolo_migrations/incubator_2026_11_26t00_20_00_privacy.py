"""Whose name is gone stands for one account; the application's role may empty a deposit, and only empty it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from incubator.core.database import execute

ID = "2026-11-26T00:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Erased people, emptied deposits, last contacts"

FORWARDS = """
INSERT INTO account (id, email, name, password_hash, language, created_at, disabled_at, erased_at, version)
    VALUES ('00000000-0000-7000-8000-000000000000', 'personne.effacee@effacee.invalid', 'Personne effacée', '', 'fr',
        '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 1);

CREATE INDEX journal_entry_by_person ON journal_entry ("by", at DESC) WHERE "by" IS NOT NULL;
CREATE UNIQUE INDEX one_waiting_line_a_subject ON retention_line (keep, subject) WHERE state IN ('proposed', 'confirmed');
CREATE UNIQUE INDEX one_open_request_a_kind ON data_request (account, kind) WHERE state = 'open';
CREATE UNIQUE INDEX one_standing_hold_a_subject ON hold (programme, subject) WHERE lifted_at IS NULL;

CREATE FUNCTION empty_deposits(of_application uuid, kept_codes text[], erased uuid, emptied_at timestamptz)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE emptied integer;
BEGIN
    UPDATE deposit SET deposited_by = erased, anonymised_at = emptied_at, content = jsonb_build_object(
        'answers', COALESCE((SELECT jsonb_object_agg(key, value) FROM jsonb_each(content -> 'answers') WHERE key = ANY(kept_codes)),
            '{}'::jsonb),
        'call', content -> 'call', 'ordinal', content -> 'ordinal', 'form', content -> 'form', 'project', content -> 'project',
        'project_name', 'Projet effacé', 'phase', content -> 'phase')
        WHERE application = of_application AND anonymised_at IS NULL;
    GET DIAGNOSTICS emptied = ROW_COUNT;
    RETURN emptied;
END $$;
REVOKE ALL ON FUNCTION empty_deposits(uuid, text[], uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION empty_deposits(uuid, text[], uuid, timestamptz) TO incubator_app
"""

BACKWARDS = """
DROP FUNCTION empty_deposits(uuid, text[], uuid, timestamptz);
DROP INDEX one_standing_hold_a_subject;
DROP INDEX one_open_request_a_kind;
DROP INDEX one_waiting_line_a_subject;
DROP INDEX journal_entry_by_person;
DELETE FROM account WHERE id = '00000000-0000-7000-8000-000000000000'
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
