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
    Place,
    Receipt,
    dossier_of,
    facts_for,
    places_of,
    readable_receipts,
    readers_of,
)
from incubator.applications.rules.dossier import Content, missing
from incubator.applications.rules.eligibility import CheckResult, Evidence, eligibility, guarded
from incubator.applications.rules.filed import FiledCard, FiledMember
from incubator.applications.rules.moves import ApplicationFacts
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


class Handler(msgspec.Struct, frozen=True):
    """Someone who may handle the applications of a programme."""

    id: UUID
    name: str


class Desk(msgspec.Struct, frozen=True):
    """One application beside its rules. `card` and `team` as deposited; `instructor`: the name of who handles it.

    `told`: the names of those who get letters about it. `handlers`: whom its manager can give it to, by name; for others nobody.
    """

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
    told: list[str]
    handlers: list[Handler]


async def desk_for(me: Person, application_id: UUID) -> Desk:
    """Everything staff need to pronounce. Raises `NotFound`; someone of the team does not judge their own file."""
    facts = await facts_for(me, application_id)
    if not me.works_for(facts.programme) or facts.deposited_at is None or facts.is_mine:
        raise NotFound
    dossier = await dossier_of(me, facts)
    content = dossier.filed or Content({}, project_name=facts.project_name)
    card, team = await kept_project(facts.project, content)
    places = await places_of(_codes_in(dossier))
    beside = await _beside(me, facts)
    return Desk(
        dossier=dossier,
        card=card,
        team=team,
        instructor=beside.instructor,
        sections=_sections(me, dossier, content, places),
        checks=_checks(dossier, places),
        lookalikes=await lookalikes_of(me, dossier),
        rulings=beside.rulings,
        complements=beside.complements,
        receipts=readable_receipts(me, dossier, beside.receipts),
        told=beside.told,
        handlers=beside.handlers,
    )


def _codes_in(dossier: Dossier) -> list[str]:
    """The places that are told, and the one by which the call's territory is judged."""
    told = places_in(dossier.definition, dossier.answers)
    return sorted({*told, *communes_in(dossier.definition, dossier.judged)[:1]})


def _sections(me: Person, dossier: Dossier, content: Content, places: dict[str, Place]) -> list[ReadSection]:
    told = places_in(dossier.definition, dossier.answers)
    names = {code: places[code].name for code in told if code in places} | dossier.phase_names | document_names(content)
    return read_sections(dossier.definition, dossier.judged, names, readers=readers_of(me, dossier.facts))


async def checks_of(dossier: Dossier) -> list[CheckResult]:
    """What the rules say of what was deposited; of an answer its reader may not read, only whether the rule is met (R12)."""
    return _checks(dossier, await places_of(communes_in(dossier.definition, dossier.judged)[:1]))


def _checks(dossier: Dossier, places: dict[str, Place]) -> list[CheckResult]:
    facts, answers = dossier.facts, dossier.judged
    codes = communes_in(dossier.definition, answers)
    place = places.get(codes[0]) if codes else None
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
# near name, by the company named, be it by its SIREN or by an establishment's SIRET. What they find is an array, so that it is
# looked up whatever the planner expects of it.
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
        f"SELECT a.id, a.filed_name, a.state, {_SAME_PERSON} FROM application o JOIN application a ON a.id = ANY(ARRAY({_ALIKE}))"
        " JOIN call c ON c.id = a.call WHERE o.id = $3 AND a.id <> $3 AND a.call = $2 AND a.state <> 'withdrawn'"
        f" AND {FREE_OF_INTEREST} AND {READABLE} ORDER BY a.deposited_at, a.id LIMIT 10",
        me.id, facts.call, facts.id, facts.project_name, NAMES_ALIKE, companies_in(dossier.definition, dossier.answers),
    )  # fmt: skip


_RULINGS = (
    "SELECT r.outcome, r.reason, r.pronounced_at, u.name AS pronounced_by, r.checks FROM ruling r"
    " JOIN account u ON u.id = r.pronounced_by WHERE r.application = a.id ORDER BY r.pronounced_at DESC, r.id DESC LIMIT 20"
)
_COMPLEMENTS = (
    "SELECT q.questions, q.follow_ups, q.message, q.asked_at, u.name AS asked_by, q.due_at, q.answered_at, q.sentences"
    " FROM complement_request q JOIN account u ON u.id = q.asked_by WHERE q.application = a.id"
    " ORDER BY q.asked_at DESC, q.id DESC LIMIT 20"
)
_RECEIPTS = (
    "SELECT d.ordinal, d.number, d.received_at, d.content_hash, u.name AS deposited_by, COALESCE(d.content -> 'files', '[]')"
    " AS files FROM deposit d JOIN account u ON u.id = d.deposited_by WHERE d.application = a.id ORDER BY d.ordinal DESC LIMIT 20"
)
_TOLD = (
    "SELECT u.name FROM team_member m JOIN account u ON u.id = m.account WHERE m.project = a.project AND m.left_at IS NULL"
    " AND u.disabled_at IS NULL ORDER BY m.role, m.joined_at, m.id LIMIT 50"
)
_HANDLERS = (
    "SELECT DISTINCT u.name, u.id FROM role_assignment r JOIN account u ON u.id = r.account WHERE r.programme = $2"
    " AND r.role IN ('manager', 'instructor') AND u.disabled_at IS NULL AND $3 ORDER BY u.name, u.id LIMIT 200"
)


class _Beside(msgspec.Struct, frozen=True):
    instructor: str | None
    rulings: list[RulingLine]
    complements: list[ComplementLine]
    receipts: list[Receipt]
    told: list[str]
    handlers: list[Handler]


async def _beside(me: Person, facts: ApplicationFacts) -> _Beside:
    """What was pronounced, asked for and received, latest first, and the people around it: one statement for all of it."""
    lists = ", ".join(
        f"COALESCE((SELECT json_agg(found) FROM ({one}) found), '[]')::text" for one in (_RULINGS, _COMPLEMENTS, _RECEIPTS)
    )
    found = await row(
        _Beside,
        f"SELECT (SELECT u.name FROM account u WHERE u.id = a.instructor), {lists}, ARRAY({_TOLD}),"
        f" COALESCE((SELECT json_agg(found) FROM ({_HANDLERS}) found), '[]')::text FROM application a WHERE a.id = $1",
        facts.id, facts.programme, me.manages(facts.programme),
    )  # fmt: skip
    if found is None:
        raise NotFound
    return found


async def rulings_of(application_id: UUID) -> list[RulingLine]:
    """What was pronounced, latest first."""
    return await rows(RulingLine, _RULINGS.replace("a.id", "$1"), application_id)
