"""Writing together: being seen where one is, and seeing what the others have just written. One statement."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.applications.forms import PresenceForm
from incubator.core.database import row
from incubator.core.errors import NotFound
from incubator.core.ids import new_id
from incubator.people.queries import Person
from incubator.projects.queries import IS_ME


class Colleague(msgspec.Struct, frozen=True):
    """Someone of the team who is in the dossier now."""

    name: str
    section: str
    question: str


class ChangedAnswer(msgspec.Struct, frozen=True):
    """An answer that is no longer at the version one has before one's eyes."""

    question: str
    version: int
    by: str


class Together(msgspec.Struct, frozen=True):
    """Who else is there, and what they have changed."""

    people: list[Colleague]
    changed: list[ChangedAnswer]


# Presence is no act: it is not journaled, and a row only says where someone was last. Whoever has left the team is not shown.
_HERE = (
    "WITH here AS (SELECT a.id, a.project FROM application a WHERE a.id = $2"  # noqa: S608 - of our own constants
    f" AND EXISTS (SELECT FROM team_member m WHERE m.project = a.project AND {IS_ME})),"
    " mine AS (INSERT INTO presence (id, application, account, section, question, seen_at)"
    " SELECT $3, h.id, $1, $4, $5, $6 FROM here h ON CONFLICT (application, account)"
    " DO UPDATE SET section = EXCLUDED.section, question = EXCLUDED.question, seen_at = EXCLUDED.seen_at)"
)
_PEOPLE = (
    "COALESCE((SELECT json_agg(json_build_object('name', c.name, 'section', p.section, 'question', p.question)"
    " ORDER BY c.name, c.id) FROM presence p JOIN account c ON c.id = p.account WHERE p.application = h.id AND p.account <> $1"
    " AND p.seen_at > $6::timestamptz - interval '30 seconds'"
    " AND EXISTS (SELECT FROM team_member m WHERE m.project = h.project AND m.account = p.account AND m.left_at IS NULL)),"
    " '[]')::text"
)
_CHANGED = (
    "COALESCE((SELECT json_agg(json_build_object('question', w.question, 'version', w.version, 'by', c.name) ORDER BY w.question)"
    " FROM unnest($7::text[], $8::int[]) AS s (question, version) JOIN answer w ON w.question = s.question"
    " JOIN account c ON c.id = w.written_by WHERE w.application = h.id AND w.version <> s.version), '[]')::text"
)
_TOGETHER = f"{_HERE} SELECT {_PEOPLE}, {_CHANGED} FROM here h"  # noqa: S608


async def be_present(application_id: UUID, form: PresenceForm, *, by: Person, at: datetime) -> Together:
    """Say where one is, for half a minute; who else is there and what has changed since. Raises `NotFound` off the team (B21)."""
    found = await row(
        Together, _TOGETHER, by.id, application_id, new_id(), form.section, form.question, at,
        list(form.versions), list(form.versions.values()),
    )  # fmt: skip
    if found is None:
        raise NotFound
    return found
