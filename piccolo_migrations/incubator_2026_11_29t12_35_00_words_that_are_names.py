"""A name of a single word may be the code of an answer, or any word: it leaves the team of a deposit, not its answers."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from incubator.core.database import execute

ID = "2026-11-29T12:35:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Names of a single word in deposits"

FORGET = """
CREATE OR REPLACE FUNCTION forget_in_deposits(of_project uuid, gone text, instead text, forgotten_at timestamptz)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE forgotten integer; told text := to_json(gone)::text;
BEGIN
    UPDATE deposit d SET anonymised_at = COALESCE(d.anonymised_at, forgotten_at), content = d.content
        || jsonb_build_object('answers', {answers})
        || CASE WHEN d.content ? 'team' THEN jsonb_build_object('team', (SELECT jsonb_agg(CASE WHEN m ->> 'name' = gone
            THEN m || jsonb_build_object('name', instead, 'skills', '') ELSE m END ORDER BY place)
            FROM jsonb_array_elements(d.content -> 'team') WITH ORDINALITY AS t (m, place))) ELSE '{{}}'::jsonb END
        FROM application a WHERE a.id = d.application AND a.project = of_project AND {found};
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END $$
"""
ANSWERS = "replace((d.content -> 'answers')::text, told, to_json(instead)::text)::jsonb"
FOUND = "strpos(d.content::text, told) > 0"
IS_WHOLE = "position(' ' IN gone) > 0"
IN_TEAM = "COALESCE(d.content -> 'team' @> jsonb_build_array(jsonb_build_object('name', gone)), false)"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="incubator", description=DESCRIPTION)
    manager.add_raw(_forwards)
    manager.add_raw_backwards(_backwards)
    return manager


async def _forwards() -> None:
    answers = f"CASE WHEN {IS_WHOLE} THEN {ANSWERS} ELSE d.content -> 'answers' END"
    await execute(FORGET.format(answers=answers, found=f"(({IS_WHOLE} AND {FOUND}) OR {IN_TEAM})"))


async def _backwards() -> None:
    await execute(FORGET.format(answers=ANSWERS, found=FOUND))
