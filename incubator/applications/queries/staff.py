"""One application beside its rules, for the staff who pronounce."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.applications.queries.committee import document_names, kept_project
from incubator.applications.queries.dossiers import (
    FREE_OF_INTEREST,
    READABLE,
    Dossier,
    Receipt,
    dossier_of,
    facts_for,
    place_names,
    readers_of,
    receipts_for,
)
from incubator.applications.rules.dossier import Content, missing
from incubator.applications.rules.eligibility import CheckResult, Evidence, eligibility, guarded
from incubator.applications.rules.filed import FiledCard, FiledMember
from incubator.applications.rules.reading import ReadSection, communes_in, companies_in, places_in, read_sections
from incubator.core.database import row, rows
from incubator.core.errors import NotFound
from incubator.people.queries import Person

NAMES_ALIKE = 0.5


class RulingLine(msgspec.Struct, frozen=True):
    """Something that was pronounced."""

    outcome: str
    reason: str
    pronounced_at: datetime
    pronounced_by: str
    checks: list[CheckResult]


class ComplementLine(msgspec.Struct, frozen=True):
    """Something that was asked for; `sentences` by question. `follow_ups`: what depends on it, and may change with it."""

    questions: list[str]
    follow_ups: list[str]
    message: str
    asked_at: datetime
    asked_by: str
    due_at: datetime
    answered_at: datetime | None
    sentences: dict[str, str]


class Lookalike(msgspec.Struct, frozen=True):
    """Another application to the same call that may be the same (R7): flagged, never refused."""

    id: UUID
    project_name: str
    state: str
    is_same_depositor: bool


class Desk(msgspec.Struct, frozen=True):
    """One application beside its rules. `card` and `team` as deposited; `instructor`: the name of who handles it."""

    dossier: Dossier
    card: FiledCard
    team: tuple[FiledMember, ...]
    instructor: str | None
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
    content = dossier.filed or Content({}, project_name=facts.project_name)
    card, team = await kept_project(facts.project, content)
    return Desk(
        dossier=dossier,
        card=card,
        team=team,
        instructor=await instructor_name(facts.instructor),
        sections=await _sections(me, dossier, content),
        checks=await checks_of(dossier),
        lookalikes=await lookalikes_of(me, dossier),
        rulings=await rulings_of(application_id),
        complements=await complements_of(application_id),
        receipts=await receipts_for(me, dossier),
    )


async def _sections(me: Person, dossier: Dossier, content: Content) -> list[ReadSection]:
    names = await place_names(places_in(dossier.definition, dossier.answers)) | dossier.phase_names | document_names(content)
    return read_sections(dossier.definition, dossier.judged, names, readers=readers_of(me, dossier.facts))


class _Name(msgspec.Struct, frozen=True):
    name: str


async def instructor_name(account: UUID | None) -> str | None:
    """Who handles an application, by name."""
    found = await row(_Name, "SELECT name FROM account WHERE id = $1", account) if account else None
    return found.name if found else None


class _Place(msgspec.Struct, frozen=True):
    departement: str
    name: str


async def checks_of(dossier: Dossier) -> list[CheckResult]:
    """What the rules say of what was deposited; of an answer its reader may not read, only whether the rule is met (R12)."""
    facts, answers = dossier.facts, dossier.judged
    codes = communes_in(dossier.definition, answers)
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
        missing_count=len(missing(dossier.definition, answers)),
        derogation=facts.derogation_reason or "",
    )
    return [guarded(one, answers.keys() - dossier.answers.keys()) for one in eligibility(dossier.definition, evidence)]


# Three searches, each by its own index, so that the cost does not grow with the call: by who started or deposited it, by a
# near name, by the company named, be it by its SIREN or by an establishment's SIRET.
_ALIKE = (
    "SELECT b.id FROM application b WHERE b.call = $2 AND b.deposited_at IS NOT NULL AND b.started_by ="
    " (SELECT o.started_by FROM application o WHERE o.id = $3)"
    " UNION SELECT d.application FROM deposit d WHERE d.deposited_by = (SELECT k.deposited_by FROM deposit k"
    " WHERE k.application = $3 ORDER BY k.ordinal LIMIT 1)"
    " UNION SELECT b.id FROM application b WHERE b.call = $2 AND b.deposited_at IS NOT NULL"
    " AND lower(b.filed_name) % lower($4) AND similarity(lower(b.filed_name), lower($4)) >= $5"
    " UNION SELECT b.id FROM answer w JOIN application b ON b.id = w.application WHERE b.call = $2 AND b.deposited_at IS NOT NULL"
    " AND left(w.value #>> '{}', 9) = ANY($6::text[]) AND w.value #>> '{}' ~ '^[0-9]{9}([0-9]{5})?$'"
)
_SAME_PERSON = (
    "a.started_by = o.started_by OR EXISTS (SELECT FROM deposit d JOIN deposit k ON k.deposited_by = d.deposited_by"
    " WHERE d.application = a.id AND k.application = o.id)"
)


async def lookalikes_of(me: Person, dossier: Dossier) -> list[Lookalike]:
    """Deposits of the same call by the same person, under nearly the same name, or for the same company (R7).

    Of those this reader may open: none they have an interest in (R10), none that is limited (K06).
    """
    facts = dossier.facts
    return await rows(
        Lookalike,
        f"SELECT a.id, a.filed_name, a.state, {_SAME_PERSON} FROM application o JOIN application a ON a.id IN ({_ALIKE})"
        " JOIN call c ON c.id = a.call WHERE o.id = $3 AND a.id <> $3 AND a.call = $2 AND a.state <> 'withdrawn'"
        f" AND {FREE_OF_INTEREST} AND {READABLE} ORDER BY a.deposited_at, a.id LIMIT 10",
        me.id, facts.call, facts.id, facts.project_name, NAMES_ALIKE, companies_in(dossier.definition, dossier.answers),
    )  # fmt: skip


async def rulings_of(application_id: UUID) -> list[RulingLine]:
    """What was pronounced, latest first."""
    return await rows(
        RulingLine,
        "SELECT r.outcome, r.reason, r.pronounced_at, a.name, r.checks::text FROM ruling r"
        " JOIN account a ON a.id = r.pronounced_by WHERE r.application = $1 ORDER BY r.pronounced_at DESC, r.id DESC LIMIT 20",
        application_id,
    )


async def complements_of(application_id: UUID) -> list[ComplementLine]:
    """What was asked for, latest first."""
    return await rows(
        ComplementLine,
        "SELECT q.questions, q.follow_ups, q.message, q.asked_at, a.name, q.due_at, q.answered_at, q.sentences::text"
        " FROM complement_request q JOIN account a ON a.id = q.asked_by WHERE q.application = $1"
        " ORDER BY q.asked_at DESC, q.id DESC LIMIT 20",
        application_id,
    )
