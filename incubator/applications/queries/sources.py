"""The applications one may take answers from: others of the same project, and of projects one deposits for (R8)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.applications.rules.moves import ApplicationFacts
from incubator.core.database import rows
from incubator.core.errors import NotFound
from incubator.people.queries import Person
from incubator.projects.queries import IS_ME

SOURCES_MAX = 20


class Source(msgspec.Struct, frozen=True):
    """Another application, and how many answers it holds."""

    id: UUID
    form: UUID
    call_title: str
    project_name: str
    started_at: datetime
    answers_count: int


_SOURCES = (
    "SELECT a.id, a.form, c.title, p.name, a.started_at,"
    " (SELECT count(*)::int FROM answer w WHERE w.application = a.id AND w.value <> 'null'::jsonb)"
    " FROM application a JOIN call c ON c.id = a.call JOIN project p ON p.id = a.project"
    " WHERE a.id <> $2 AND ($4::uuid IS NULL OR a.id = $4) AND EXISTS (SELECT FROM team_member m WHERE m.project = a.project"
    f" AND {IS_ME} AND (a.project = $3 OR m.role = 'depositor'))"
    " AND EXISTS (SELECT FROM answer w WHERE w.application = a.id) ORDER BY a.started_at DESC, a.id DESC LIMIT $5"
)


async def sources_for(me: Person, facts: ApplicationFacts) -> list[Source]:
    """Those with answers in them, latest first."""
    return await rows(Source, _SOURCES, me.id, facts.id, facts.project, None, SOURCES_MAX)


async def source_for(me: Person, source_id: UUID, facts: ApplicationFacts) -> Source:
    """One of them. Raises `NotFound`."""
    found = await rows(Source, _SOURCES, me.id, facts.id, facts.project, source_id, 1)
    if not found:
        raise NotFound
    return found[0]
