"""A person erased leaves the deposits of the teams they were in: their name becomes nobody's, and only that."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from incubator.core.database import execute

ID = "2026-11-29T07:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Erased members in deposits"

EMPTY = """
CREATE OR REPLACE FUNCTION empty_deposits(of_application uuid, kept_codes text[], erased uuid, emptied_at timestamptz)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE emptied integer;
BEGIN
    UPDATE deposit SET deposited_by = erased, anonymised_at = emptied_at, content = jsonb_build_object(
        'answers', COALESCE((SELECT jsonb_object_agg(key, value) FROM jsonb_each(content -> 'answers') WHERE key = ANY(kept_codes)),
            '{{}}'::jsonb),
        'call', content -> 'call', 'ordinal', content -> 'ordinal', 'form', content -> 'form', 'project', content -> 'project',
        'project_name', 'Projet effacé', 'phase', content -> 'phase')
        WHERE application = of_application AND {not_yet};
    GET DIAGNOSTICS emptied = ROW_COUNT;
    RETURN emptied;
END $$
"""
FORGET = """
CREATE FUNCTION forget_in_deposits(of_project uuid, gone text, instead text, forgotten_at timestamptz)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE forgotten integer; told text := to_json(gone)::text;
BEGIN
    UPDATE deposit d SET anonymised_at = COALESCE(d.anonymised_at, forgotten_at), content = d.content
        || jsonb_build_object('answers', replace((d.content -> 'answers')::text, told, to_json(instead)::text)::jsonb)
        || CASE WHEN d.content ? 'team' THEN jsonb_build_object('team', (SELECT jsonb_agg(CASE WHEN m ->> 'name' = gone
            THEN m || jsonb_build_object('name', instead, 'skills', '') ELSE m END ORDER BY place)
            FROM jsonb_array_elements(d.content -> 'team') WITH ORDINALITY AS t (m, place))) ELSE '{}'::jsonb END
        FROM application a WHERE a.id = d.application AND a.project = of_project AND strpos(d.content::text, told) > 0;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END $$;
REVOKE ALL ON FUNCTION forget_in_deposits(uuid, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_in_deposits(uuid, text, text, timestamptz) TO incubator_app
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="incubator", description=DESCRIPTION)
    manager.add_raw(_forwards)
    manager.add_raw_backwards(_backwards)
    return manager


async def _forwards() -> None:
    await execute(EMPTY.format(not_yet="content ->> 'project_name' <> 'Projet effacé'"))
    await execute(FORGET)


async def _backwards() -> None:
    await execute("DROP FUNCTION forget_in_deposits(uuid, text, text, timestamptz)")
    await execute(EMPTY.format(not_yet="anonymised_at IS NULL"))
