"""Putting answers down: the one statement that writes them, keeps what they were, and tells the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from incubator.applications.rules.dossier import goes_on
from incubator.core.database import rows
from incubator.core.ids import new_id
from incubator.people.queries import Person
from incubator.projects.queries import IS_ME


class Change(msgspec.Struct, frozen=True):
    """A value to write, the one that was there, and the version it was written over (0: none yet)."""

    value: Any
    version: int
    before: Any = None


class Told(StrEnum):
    """How the journal is told: a save is an act; of pauses in typing, those that open a revision; a larger act tells itself."""

    SAVE = "save"
    PAUSE = "pause"
    BY_THE_ACT = "by_the_act"


class Written(msgspec.Struct, frozen=True):
    """An answer that was written, and its version now."""

    question: str
    version: int


# The statement judges again what the act has judged, with the application's row held against a deposit, a withdrawal or a
# new version of the form: what was true when the facts were read is true of what is written. Nobody waits for a colleague
# who writes another answer: the row is shared.
_ALLOWED = (
    "allowed AS MATERIALIZED (SELECT a.id, q.questions || q.follow_ups AS questions"  # noqa: S608
    " FROM application a JOIN call c ON c.id = a.call"
    " LEFT JOIN derogation g ON g.application = a.id"
    " LEFT JOIN complement_request q ON q.application = a.id AND q.answered_at IS NULL AND q.due_at >= $4"
    " WHERE a.id = $2 AND a.form = $3 AND ((a.state = 'draft' AND c.published_at <= $4 AND c.opens_at <= $4"
    " AND GREATEST(c.closes_at, g.until_at) > $4) OR (a.state = 'complement_requested' AND q.id IS NOT NULL))"
    f" AND EXISTS (SELECT FROM team_member m WHERE m.project = a.project AND {IS_ME} AND m.role <> 'reader')"
    " FOR SHARE OF a)"
)
_WRITTEN = (
    "sent AS (SELECT s.id, s.revision, s.question, s.value::jsonb AS value, s.version"
    " FROM unnest($5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::int[]) AS s (id, revision, question, value, version)),"
    " written AS (INSERT INTO answer AS w (id, application, question, value, written_at, written_by, version)"
    " SELECT s.id, f.id, s.question, s.value, $4, $1, 1 FROM sent s CROSS JOIN allowed f"
    " WHERE (f.questions IS NULL OR s.question = ANY(f.questions)) AND (s.version = 0"
    " OR EXISTS (SELECT FROM answer o WHERE o.application = f.id AND o.question = s.question)) ORDER BY s.question"
    " ON CONFLICT (application, question) DO UPDATE SET value = EXCLUDED.value, written_at = EXCLUDED.written_at,"
    " written_by = EXCLUDED.written_by, version = w.version + 1"
    " WHERE w.version = (SELECT s.version FROM sent s WHERE s.question = EXCLUDED.question)"
    " RETURNING w.question, w.version, w.value)"
)
# What one person writes in a row is one revision; a pause, someone else, or another text opens another.
_KEPT = (
    "continued AS (UPDATE answer_revision r SET version = w.version, value = w.value, written_at = $4 FROM written w"
    " WHERE r.application = $2 AND r.question = w.question AND r.version = w.version - 1 AND r.written_by = $1"
    " AND r.started_at > $4::timestamptz - interval '5 minutes'"
    " AND w.question = ANY($11::text[]) RETURNING r.question),"
    " opened AS (INSERT INTO answer_revision (id, application, question, version, value, started_at, written_at, written_by)"
    " SELECT s.revision, $2, w.question, w.version, w.value, $4, $4, $1 FROM written w JOIN sent s ON s.question = w.question"
    " WHERE w.question NOT IN (SELECT c.question FROM continued c) RETURNING question),"
    ' told AS (INSERT INTO journal_entry (verb, subject, project, "by", at, reason, data)'
    " SELECT 'answers.saved', $2, NULL, $1, $4, '', jsonb_build_object('questions', jsonb_agg(w.question ORDER BY w.question))"
    " FROM written w WHERE $10 = 'save' OR ($10 = 'pause' AND w.question IN (SELECT o.question FROM opened o))"
    " HAVING count(*) > 0)"
)
_WRITE = f"WITH {_ALLOWED}, {_WRITTEN}, {_KEPT} SELECT w.question, w.version FROM written w ORDER BY w.question LIMIT 500"  # noqa: S608


async def write_answers(
    application: UUID, form: UUID, changes: Mapping[str, Change], told: Told = Told.BY_THE_ACT, *, by: Person, at: datetime
) -> dict[str, int]:
    """Write each answer whose version is still the one named; their new versions by question.

    Nothing at all is written when the application can no longer be written to by this person, or is on another form.
    `told`: how the journal is told.
    """
    found = await rows(
        Written, _WRITE, by.id, application, form, at, [new_id() for _one in changes], [new_id() for _one in changes],
        list(changes), [msgspec.json.encode(one.value).decode() for one in changes.values()],
        [one.version for one in changes.values()], told.value,
        [code for code, one in changes.items() if goes_on(one.before, one.value)],
    )  # fmt: skip
    return {one.question: one.version for one in found}
