"""An application as a program reads it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from incubator.applications.queries.dossiers import Dossier
from incubator.applications.rules.dossier import Missing, SectionProgress, missing, progress
from incubator.applications.rules.moves import ASKED, shown_state
from incubator.applications.rules.standing import Standing, stand_of, standing
from incubator.core.database import rows
from incubator.core.paging import SIZE, Page, cut, read_cursor
from incubator.people.queries import Person
from incubator.projects.queries import IS_ME


class ComplementView(msgspec.Struct, frozen=True):
    """What is asked for, with a sentence for each question or none, and until when (R6).

    `follow_ups`: the questions that depend on those, whose answers may change too.
    """

    questions: list[str]
    follow_ups: list[str]
    message: str
    due_at: datetime
    sentences: dict[str, str]


class ApplicationView(msgspec.Struct, frozen=True):
    """An application. `answers` by question code, `versions` what to name when changing one; the staff see the last deposit.

    `standing`: for its team, the state in words, who acts next and by when.
    """

    id: UUID
    call: str
    call_title: str
    closes_at: datetime
    project: UUID
    project_name: str
    state: str
    version: int
    number: str | None
    deposited_at: datetime | None
    complement: ComplementView | None
    answers: dict[str, Any]
    versions: dict[str, int]
    missing: list[Missing]
    sections: list[SectionProgress]
    standing: Standing | None


def view_of(dossier: Dossier, *, at: datetime) -> ApplicationView:
    """A dossier as a program reads it."""
    facts = dossier.facts
    complement = None
    if facts.state is ASKED and facts.complement_due_at is not None:
        complement = ComplementView(
            questions=facts.complement_questions or [],
            follow_ups=facts.complement_follow_ups,
            message=facts.complement_message or "",
            due_at=facts.complement_due_at,
            sentences=facts.complement_sentences,
        )
    return ApplicationView(
        id=facts.id,
        call=facts.call_code,
        call_title=facts.call_title,
        closes_at=facts.closes_at,
        project=facts.project,
        project_name=facts.project_name,
        state=shown_state(facts.state, facts.writes_until, at),
        version=facts.version,
        number=facts.number,
        deposited_at=facts.deposited_at,
        complement=complement,
        answers=dossier.answers,
        versions={code: one.version for code, one in dossier.stored.items()} if facts.is_mine else {},
        missing=missing(dossier.definition, dossier.answers) if facts.is_mine else [],
        sections=progress(dossier.definition, dossier.judged),
        standing=standing(stand_of(facts), at) if facts.is_mine else None,
    )


class ApplicationLine(msgspec.Struct, frozen=True):
    """One of one's own applications."""

    id: UUID
    call: str
    call_title: str
    closes_at: datetime
    project: UUID
    project_name: str
    state: str
    started_at: datetime


async def applications_of(
    me: Person, *, at: datetime, after: str | None = None, call: UUID | None = None
) -> Page[ApplicationLine]:
    """The applications of one's teams, latest started first, fifty a page; with `call`, those to that call."""
    key = read_cursor(after, tuple[datetime, UUID]) or (None, None)
    found = await rows(
        ApplicationLine,
        "SELECT a.id, c.code, c.title, c.closes_at, p.id, p.name,"
        " CASE WHEN a.state = 'draft' AND $6 >= GREATEST(c.closes_at, g.until_at) THEN 'lapsed' ELSE a.state END, a.started_at"
        " FROM application a JOIN call c ON c.id = a.call JOIN project p ON p.id = a.project"
        " LEFT JOIN derogation g ON g.application = a.id"
        f" WHERE a.project IN (SELECT m.project FROM team_member m WHERE {IS_ME}) AND ($2::uuid IS NULL OR a.call = $2)"
        " AND ($3::timestamptz IS NULL OR (a.started_at, a.id) < ($3, $4::uuid))"
        " ORDER BY a.started_at DESC, a.id DESC LIMIT $5",
        me.id, call, *key, SIZE + 1, at,
    )  # fmt: skip
    return cut(found, lambda line: (line.started_at, line.id))
