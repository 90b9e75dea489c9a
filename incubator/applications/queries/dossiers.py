"""One application: what is judged, what is written, what was deposited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from incubator.applications.rules.dossier import Content
from incubator.applications.rules.filed import FiledDocument
from incubator.applications.rules.moves import ApplicationFacts
from incubator.applications.rules.reading import ReadSection, documents_in, places_in, read_sections
from incubator.applications.tables import ApplicationState
from incubator.calls.definitions import FormDefinition, Readers
from incubator.calls.queries import form_of
from incubator.core.database import execute, row, rows, value
from incubator.core.errors import NotFound
from incubator.documents.queries import documents_of
from incubator.people.queries import Person
from incubator.programmes.queries import PhaseView, phases_of
from incubator.projects.queries import IS_ME, limited

ADMISSIBLE_MAX = 1000
FOR_COMMITTEE = frozenset({Readers.COMMITTEE})
FOR_STAFF = FOR_COMMITTEE | {Readers.STAFF}

# R10: what $1 declared an interest in does not exist for them, in whichever role they come. An array, read once from their
# own few seats: a join would be planned for every declaration there is.
FREE_OF_INTEREST = (
    "a.id <> ALL(ARRAY(SELECT o.application FROM seat s JOIN declaration i ON i.seat = s.id AND i.has_interest"
    " JOIN presentation o ON o.id = i.presentation WHERE s.account = $1))"
)
# K06: while someone of its team has limited the use of their data, a file is read by its team and by its manager alone.
LIMITED = limited("a.project")
_MANAGES = "EXISTS (SELECT FROM role_assignment r WHERE r.account = $1 AND r.programme = c.programme AND r.role = 'manager')"
# R55: some months after it was not kept, a file is read by its team and by its manager alone.
READABLE = f"((a.restricted_at IS NULL AND NOT {LIMITED}) OR {_MANAGES})"
# R2: those of the team who have not agreed to the deposit since they joined it. The depositor agrees by depositing.
UNCONFIRMED = (
    "CASE WHEN a.state = 'draft' THEN ARRAY(SELECT t.name FROM team_member t WHERE t.project = a.project AND t.left_at IS NULL"
    " AND t.account IS NOT NULL AND t.role <> 'depositor' AND NOT EXISTS (SELECT FROM confirmation k WHERE k.application = a.id"
    " AND k.account = t.account AND k.confirmed_at >= t.joined_at) ORDER BY t.joined_at, t.id) ELSE '{}' END"
)
# The team reads its project as it is, staff as it was deposited.
_NAME = "CASE WHEN m.id IS NULL AND a.filed_name <> '' THEN a.filed_name ELSE p.name END"
COLUMNS = (
    f"a.id, a.call, c.code, c.title, c.programme, c.plan, a.form, a.project, {_NAME}, a.state, a.version, a.deposited_at,"
    " a.phase, c.departements, c.published_at, c.opens_at, c.closes_at, c.notify_on, q.id, q.questions, q.message, q.due_at,"
    " q.asked_by, COALESCE(d.ordinal, 0), d.number, m.id IS NOT NULL, COALESCE(m.role = 'depositor', false),"
    " EXISTS (SELECT FROM presentation e JOIN publication b ON b.committee = e.committee WHERE e.application = a.id),"
    " ARRAY(SELECT l.phase FROM entry_places l WHERE l.call = a.call AND l.places_count > 0 ORDER BY l.phase),"
    " GREATEST(c.closes_at, g.until_at), g.reason, g.until_at, a.instructor, COALESCE(m.role <> 'reader', false), c.form,"
    " COALESCE(q.sentences, '{}')::text, EXISTS (SELECT FROM presentation e WHERE e.application = a.id),"
    f" {UNCONFIRMED}, COALESCE(q.follow_ups, '{{}}')"
)
FROM = (
    " FROM application a JOIN call c ON c.id = a.call JOIN project p ON p.id = a.project"
    " LEFT JOIN complement_request q ON q.application = a.id AND q.answered_at IS NULL"
    " LEFT JOIN derogation g ON g.application = a.id"
    " LEFT JOIN LATERAL (SELECT d.ordinal, d.number FROM deposit d WHERE d.application = a.id ORDER BY d.ordinal DESC LIMIT 1) d"
    f" ON true LEFT JOIN LATERAL (SELECT m.id, m.role FROM team_member m WHERE m.project = a.project AND {IS_ME}"
    f" ORDER BY m.role LIMIT 1) m ON true WHERE a.id = $2"
    f" AND (m.id IS NOT NULL OR ({FREE_OF_INTEREST} AND {READABLE}))"
)
_FACTS = f"SELECT {COLUMNS}{FROM}"


async def facts_for(me: Person, application_id: UUID) -> ApplicationFacts:
    """An application of one's team; or, once deposited, of a programme whose applications one handles. Raises `NotFound`."""
    found = await row(ApplicationFacts, _FACTS, me.id, application_id)
    if found is None or not (found.is_mine or (found.deposited_at is not None and me.handles(found.programme))):
        raise NotFound
    return msgspec.structs.replace(found, state=ApplicationState(found.state))


async def locked_facts(me: Person, application_id: UUID) -> ApplicationFacts:
    """The same, locked until the act ends; read after the lock is held, so that it is what the act before left."""
    await execute("SELECT FROM application WHERE id = $1 FOR UPDATE", application_id)
    return await facts_for(me, application_id)


class StoredAnswer(msgspec.Struct, frozen=True):
    """An answer as stored, and who wrote it; version 0 stands for one that was never written."""

    value: Any = None
    version: int = 0
    by: str = ""
    at: datetime | None = None
    account: UUID | None = None


class _Answer(msgspec.Struct, frozen=True):
    question: str
    json: str
    version: int
    by: str
    at: datetime
    account: UUID


async def answers_of(application_id: UUID) -> dict[str, StoredAnswer]:
    """Every answer of an application, whoever asks."""
    found = await rows(
        _Answer,
        "SELECT w.question, w.value::text, w.version, a.name, w.written_at, a.id FROM answer w"
        " JOIN account a ON a.id = w.written_by WHERE w.application = $1 ORDER BY w.question LIMIT 500",
        application_id,
    )
    return {one.question: StoredAnswer(msgspec.json.decode(one.json), one.version, one.by, one.at, one.account) for one in found}


class Receipt(msgspec.Struct, frozen=True):
    """The receipt of a deposit (R4)."""

    ordinal: int
    number: str
    received_at: datetime
    content_hash: str
    deposited_by: str
    files: tuple[FiledDocument, ...] = ()


async def receipts_of(application_id: UUID) -> list[Receipt]:
    """The receipts of an application, latest first, with every file: for its team, and for acts."""
    return await rows(
        Receipt,
        "SELECT d.ordinal, d.number, d.received_at, d.content_hash, a.name, COALESCE(d.content -> 'files', '[]')::text"
        " FROM deposit d JOIN account a ON a.id = d.deposited_by WHERE d.application = $1 ORDER BY d.ordinal DESC LIMIT 20",
        application_id,
    )


class Deposited(msgspec.Struct, frozen=True):
    """The latest deposit."""

    number: str
    received_at: datetime
    content_hash: str
    content: Content


async def latest_deposit(application_id: UUID) -> Deposited | None:
    """What was deposited last, or None."""
    return await row(
        Deposited,
        "SELECT number, received_at, content_hash, content::text FROM deposit WHERE application = $1"
        " ORDER BY ordinal DESC LIMIT 1",
        application_id,
    )


class Dossier(msgspec.Struct, frozen=True):
    """An application for someone who may see it: the team's own words, or what was deposited (`filed`)."""

    facts: ApplicationFacts
    definition: FormDefinition
    phases: tuple[PhaseView, ...]
    stored: dict[str, StoredAnswer]
    filed: Content | None = None

    @property
    def answers(self) -> dict[str, Any]:
        """Values by question code."""
        return {code: one.value for code, one in self.stored.items() if one.value is not None}

    @property
    def judged(self) -> dict[str, Any]:
        """Every answer, to tell what is asked and what is missing: whoever reads is shown `answers` alone (R12)."""
        return self.answers if self.filed is None else self.filed.answers

    @property
    def phase_names(self) -> dict[str, str]:
        """Entry phases by code."""
        return {phase.code: phase.name for phase in self.phases}


async def dossier_for(me: Person, application_id: UUID) -> Dossier:
    """The team reads and writes its answers; staff read what was deposited. Raises `NotFound`."""
    return await dossier_of(me, await facts_for(me, application_id))


async def dossier_of(me: Person, facts: ApplicationFacts) -> Dossier:
    """The dossier of facts that this person may see. Answers they may not read are left out (R12)."""
    definition = await form_of(facts.form)
    phases = await entry_phases_of(facts)
    if facts.is_mine:
        return Dossier(facts, definition, phases, await answers_of(facts.id))
    deposited = await latest_deposit(facts.id)
    answers = deposited.content.answers if deposited else {}
    allowed = readers_of(me, facts)
    hidden = {one.code for one in definition.questions if one.readers not in allowed}
    stored = {code: StoredAnswer(one) for code, one in answers.items() if code not in hidden}
    return Dossier(facts, definition, phases, stored, deposited.content if deposited else None)


async def entry_phases_of(facts: ApplicationFacts) -> tuple[PhaseView, ...]:
    """The phases one can ask for in the call."""
    return tuple(phase for phase in await phases_of(facts.plan) if phase.id in facts.entry_phases)


async def receipts_for(me: Person, dossier: Dossier) -> list[Receipt]:
    """The receipts of an application one may see, without the files that one does not read (R12)."""
    return readable_receipts(me, dossier, await receipts_of(dossier.facts.id))


def readable_receipts(me: Person, dossier: Dossier, found: Sequence[Receipt]) -> list[Receipt]:
    """Receipts without the files that this person does not read (R12)."""
    allowed = readers_of(me, dossier.facts)
    hidden = {one.code for one in dossier.definition.questions if one.readers not in allowed}
    return [msgspec.structs.replace(it, files=tuple(one for one in it.files if one.question not in hidden)) for it in found]


def readers_of(me: Person, facts: ApplicationFacts) -> frozenset[Readers]:
    """The classes of answers this person reads: the team and the manager all of them, other staff not the manager's (R12)."""
    return frozenset(Readers) if facts.is_mine or me.manages(facts.programme) else FOR_STAFF


class Place(msgspec.Struct, frozen=True):
    """A commune by INSEE code, or an EPCI by SIREN: `Tours (Indre-et-Loire)`, `Orléans Métropole`."""

    code: str
    name: str
    departement: str | None


async def places_of(codes: Sequence[str]) -> dict[str, Place]:
    """Communes and EPCI by code; a commune has its département."""
    if not codes:
        return {}
    found = await rows(
        Place,
        "SELECT c.insee_code AS code, c.name || ' (' || d.name || ')', d.code AS departement FROM commune c"
        " JOIN departement d ON d.code = c.departement WHERE c.insee_code = ANY($1)"
        " UNION ALL SELECT e.siren, e.name, NULL FROM epci e WHERE e.siren = ANY($1) ORDER BY code LIMIT 200",
        list(codes),
    )
    return {one.code: one for one in found}


async def place_names(codes: Sequence[str]) -> dict[str, str]:
    """The names of communes and EPCI by code."""
    return {code: one.name for code, one in (await places_of(codes)).items()}


async def known_places(codes: Sequence[str]) -> set[str]:
    """Those of these INSEE codes and SIREN of EPCI that exist."""
    return set(await place_names(codes))


async def read_dossier(me: Person, dossier: Dossier) -> list[ReadSection]:
    """A dossier in words, without the answers they may not read (R12)."""
    names = await place_names(places_in(dossier.definition, dossier.answers)) | dossier.phase_names
    if ids := documents_in(dossier.definition, dossier.answers):
        names |= {code: one.name for code, one in (await documents_of(dossier.facts.id, ids=ids)).items()}
    return read_sections(dossier.definition, dossier.judged, names, readers=readers_of(me, dossier.facts))


async def application_to(call: UUID, project: UUID) -> UUID | None:
    """The application of a project to a call, if there is one."""
    found: UUID | None = await value("SELECT id FROM application WHERE call = $1 AND project = $2", call, project)
    return found
