"""What staff see of a call's applications: the queue, and one application beside its rules. Drafts are only counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from incubator.applications.queries.dossiers import (
    FREE_OF_INTEREST,
    Dossier,
    Receipt,
    dossier_of,
    facts_for,
    read_dossier,
    receipts_of,
)
from incubator.applications.rules.dossier import missing
from incubator.applications.rules.eligibility import CheckResult, Evidence, eligibility
from incubator.applications.rules.moves import ApplicationFacts
from incubator.applications.rules.reading import ReadSection, communes_in
from incubator.calls.definitions import Readers
from incubator.calls.queries import CallView, call_by_code
from incubator.core.database import row, rows
from incubator.core.errors import NotFound
from incubator.core.paging import SIZE, Page, cut, read_cursor
from incubator.people.queries import Person

NAMES_ALIKE = 0.5


class QueueLine(msgspec.Struct, frozen=True):
    """An application in the queue."""

    id: UUID
    project: UUID
    project_name: str
    commune: str | None
    departement: str | None
    phase: str | None
    state: str
    deposited_at: datetime
    complement_due_at: datetime | None


class Queue(msgspec.Struct, frozen=True):
    """The applications of a call, first deposited first, and how many are in each state."""

    call: CallView
    counts: dict[str, int]
    page: Page[QueueLine]


class _Count(msgspec.Struct, frozen=True):
    state: str
    count: int


async def queue_of(
    me: Person, call_code: str, *, at: datetime, state: str | None = None, days: int | None = None, after: str | None = None
) -> Queue:
    """Fifty a page; `state`: in that state alone; `days`: deposited at least so many days ago. Raises `NotFound`."""
    call = await call_by_code(call_code)
    if not me.works_for(call.programme):
        raise NotFound
    counts = await rows(
        _Count, "SELECT state, count(*)::int FROM application WHERE call = $1 GROUP BY state ORDER BY state LIMIT 20", call.id
    )
    key = read_cursor(after, tuple[datetime, UUID]) or (None, None)
    before = at - timedelta(days=days) if days else None
    found = await rows(
        QueueLine,
        "SELECT a.id, a.project, p.name, m.name, d.name, h.name, a.state, a.deposited_at, q.due_at FROM application a"
        " JOIN project p ON p.id = a.project LEFT JOIN commune m ON m.insee_code = p.commune"
        " LEFT JOIN departement d ON d.code = m.departement LEFT JOIN phase h ON h.id = a.phase"
        " LEFT JOIN complement_request q ON q.application = a.id AND q.answered_at IS NULL"
        f" WHERE a.call = $7 AND a.deposited_at IS NOT NULL AND {FREE_OF_INTEREST} AND ($2::text IS NULL OR a.state = $2)"
        " AND ($3::timestamptz IS NULL OR a.deposited_at <= $3)"
        " AND ($4::timestamptz IS NULL OR (a.deposited_at, a.id) > ($4, $5::uuid))"
        " ORDER BY a.deposited_at, a.id LIMIT $6",
        me.id, state or None, before, *key, SIZE + 1, call.id,
    )  # fmt: skip
    return Queue(call, {one.state: one.count for one in counts}, cut(found, lambda line: (line.deposited_at, line.id)))


class RulingLine(msgspec.Struct, frozen=True):
    """Something that was pronounced."""

    outcome: str
    reason: str
    pronounced_at: datetime
    pronounced_by: str
    checks: list[CheckResult]


class ComplementLine(msgspec.Struct, frozen=True):
    """Something that was asked for."""

    questions: list[str]
    message: str
    asked_at: datetime
    asked_by: str
    due_at: datetime
    answered_at: datetime | None


class Lookalike(msgspec.Struct, frozen=True):
    """Another application to the same call that may be the same (R7): flagged, never refused."""

    id: UUID
    project_name: str
    state: str
    is_same_depositor: bool


class Desk(msgspec.Struct, frozen=True):
    """One application beside its rules."""

    dossier: Dossier
    sections: list[ReadSection]
    checks: list[CheckResult]
    lookalikes: list[Lookalike]
    rulings: list[RulingLine]
    complements: list[ComplementLine]
    receipts: list[Receipt]


async def desk_for(me: Person, application_id: UUID) -> Desk:
    """Everything staff need to pronounce. Raises `NotFound`; someone of the team does not judge their own file."""
    facts = await facts_for(me, application_id)
    if not me.works_for(facts.programme) or facts.deposited_at is None or facts.is_mine:
        raise NotFound
    dossier = await dossier_of(me, facts)
    return Desk(
        dossier=dossier,
        sections=await read_dossier(me, dossier),
        checks=await checks_of(dossier),
        lookalikes=await lookalikes_of(facts),
        rulings=await _rulings(application_id),
        complements=await _complements(application_id),
        receipts=await receipts_of(application_id),
    )


class _Place(msgspec.Struct, frozen=True):
    departement: str
    name: str


async def checks_of(dossier: Dossier) -> list[CheckResult]:
    """What the rules say of what was deposited."""
    facts, answers = dossier.facts, dossier.answers
    codes = communes_in(dossier.definition, answers)
    hidden = {one.code for one in dossier.definition.questions if one.readers is Readers.MANAGER}
    place = await row(
        _Place,
        "SELECT c.departement, c.name || ' (' || d.name || ')' FROM commune c JOIN departement d ON d.code = c.departement"
        " WHERE c.insee_code = $1",
        codes[0] if codes else None,
    )
    evidence = Evidence(
        answers=answers,
        departement=place.departement if place else None,
        place=place.name if place else "",
        departements=facts.departements,
        deposited_at=facts.deposited_at or facts.closes_at,
        closes_at=facts.closes_at,
        missing_count=len([one for one in missing(dossier.definition, answers) if one.question not in hidden]),
    )
    return eligibility(dossier.definition, evidence)


async def lookalikes_of(facts: ApplicationFacts) -> list[Lookalike]:
    """Deposits of the same call by the same person, or under nearly the same name (R7)."""
    return await rows(
        Lookalike,
        "SELECT b.id, p.name, b.state, b.started_by = a.started_by FROM application a JOIN application b ON b.call = a.call"
        " JOIN project p ON p.id = b.project WHERE a.id = $1 AND b.id <> a.id AND b.deposited_at IS NOT NULL"
        " AND b.state <> 'withdrawn' AND (b.started_by = a.started_by OR similarity(lower(p.name), lower($2)) >= $3)"
        " ORDER BY b.deposited_at, b.id LIMIT 10",
        facts.id,
        facts.project_name,
        NAMES_ALIKE,
    )


async def _rulings(application_id: UUID) -> list[RulingLine]:
    return await rows(
        RulingLine,
        "SELECT r.outcome, r.reason, r.pronounced_at, a.name, r.checks::text FROM ruling r"
        " JOIN account a ON a.id = r.pronounced_by WHERE r.application = $1 ORDER BY r.pronounced_at DESC, r.id DESC LIMIT 20",
        application_id,
    )


async def _complements(application_id: UUID) -> list[ComplementLine]:
    return await rows(
        ComplementLine,
        "SELECT q.questions, q.message, q.asked_at, a.name, q.due_at, q.answered_at FROM complement_request q"
        " JOIN account a ON a.id = q.asked_by WHERE q.application = $1 ORDER BY q.asked_at DESC, q.id DESC LIMIT 20",
        application_id,
    )
