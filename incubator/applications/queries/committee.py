"""What the committee is given to read: the latest deposit, the project as it was that day, nothing reserved to others."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import UNSET

from incubator.applications.queries.dossiers import FOR_COMMITTEE, LIMITED, Dossier, latest_deposit, place_names
from incubator.applications.queries.filing import files_of, project_now
from incubator.applications.rules.dossier import Content, chosen_phase, kept_answers
from incubator.applications.rules.filed import FiledCard, FiledDocument, FiledMember
from incubator.applications.rules.moves import ApplicationFacts
from incubator.applications.rules.reading import ReadSection, places_in, read_sections
from incubator.calls.definitions import FormDefinition, Readers
from incubator.calls.queries import form_of
from incubator.core.database import row
from incubator.core.errors import NotFound


class CommitteeFile(msgspec.Struct, frozen=True):
    """What the committee reads: the latest deposit in words, without what is reserved to others (R12).

    `names`: of the team; `team`: the same with what each knows how to do. `number` and `received_at` are of the receipt, empty
    before the deposit. `derogation`: why it could be deposited after the closing; empty for the others.
    """

    application: UUID
    name: str
    summary: str
    commune: str | None
    epci: str | None
    departement: str | None
    phase: str
    number: str
    received_at: datetime | None
    names: list[str]
    team: list[str]
    files: tuple[FiledDocument, ...]
    derogation: str
    sections: list[ReadSection]


class _Filed(msgspec.Struct, frozen=True):
    application: UUID
    project: UUID
    form: UUID
    phase: str
    number: str
    received_at: datetime
    derogation: str
    content: Content


_OPEN = f" AND NOT {LIMITED} AND a.restricted_at IS NULL"


async def content_for_committee(application_id: UUID) -> CommitteeFile:
    """What was deposited last, while the committee may read it. Who is of it is judged in the room that calls.

    Raises `NotFound`.
    """
    return await _filed(application_id, _OPEN)


async def content_as_filed(application_id: UUID) -> CommitteeFile:
    """The same for its team and its manager, who go on reading it. No right is checked here. Raises `NotFound`."""
    return await _filed(application_id, "")


async def _filed(application_id: UUID, condition: str) -> CommitteeFile:
    filed = await row(
        _Filed,
        "SELECT a.id, a.project, a.form, h.name, d.number, d.received_at,"
        " COALESCE((SELECT g.reason FROM derogation g JOIN call c ON c.id = a.call WHERE g.application = a.id"
        " AND a.deposited_at >= c.closes_at), ''), d.content::text"
        " FROM application a JOIN phase h ON h.id = a.phase"
        " JOIN deposit d ON d.application = a.id WHERE a.id = $1"
        f"{condition} ORDER BY d.ordinal DESC LIMIT 1",
        application_id,
    )
    if filed is None:
        raise NotFound
    definition, content = await form_of(filed.form), filed.content
    card, team = await kept_project(filed.project, content)
    sections = await committee_sections(definition, content, {content.phase: filed.phase})
    receipt = (filed.phase, filed.number, filed.received_at)
    return filed_as(filed.application, card, team, receipt, readable_files(definition, content), sections, filed.derogation)


def filed_as(
    application: UUID,
    card: FiledCard,
    team: tuple[FiledMember, ...],
    receipt: tuple[str, str, datetime | None],
    files: tuple[FiledDocument, ...],
    sections: list[ReadSection],
    derogation: str,
) -> CommitteeFile:
    """The file of a project and its answers. `receipt`: phase asked for, number, instant of reception."""
    phase, number, received_at = receipt
    return CommitteeFile(
        application=application,
        name=card.name,
        summary=card.summary,
        commune=card.commune_name,
        epci=card.epci,
        departement=card.departement,
        phase=phase,
        number=number,
        received_at=received_at,
        names=[one.name for one in team],
        team=[one.words for one in team],
        files=files,
        derogation=derogation,
        sections=sections,
    )


async def draft_for_committee(dossier: Dossier) -> CommitteeFile:
    """A dossier of one's team as the committee will read it, if it is deposited as it stands: the same file, not yet numbered."""
    facts = dossier.facts
    answers = kept_answers(dossier.definition, dossier.answers)
    phases = {one.code: one.id for one in dossier.phases}
    phase = chosen_phase(dossier.definition, dossier.answers, phases) or ""
    files = await files_of(dossier.definition, answers, facts.id)
    kept = await latest_deposit(facts.id) if facts.deposits_count else None
    content = kept.content if kept else Content({}, project_name=facts.project_name)
    card, team = await kept_project(facts.project, content)
    content = Content(answers, phase=phase, files=files)
    sections = await committee_sections(dossier.definition, content, dossier.phase_names)
    receipt = (dossier.phase_names.get(phase, ""), facts.number or "", facts.deposited_at)
    readable = readable_files(dossier.definition, content)
    return filed_as(facts.id, card, team, receipt, readable, sections, late_reason(facts))


async def reserved_sections(dossier: Dossier, reader: Readers) -> list[ReadSection]:
    """The answers of one's team that only these read: what the committee will not see (R12). Unanswered ones are left out."""
    names = await place_names(places_in(dossier.definition, dossier.answers)) | dossier.phase_names
    found = read_sections(dossier.definition, dossier.answers, names, readers={reader})
    kept = [(one, [answer for answer in one.answers if answer.paragraphs or answer.rows]) for one in found]
    return [msgspec.structs.replace(one, answers=answers) for one, answers in kept if answers]


def late_reason(facts: ApplicationFacts) -> str:
    """Why it may be deposited after the closing, when it was or will be."""
    return facts.derogation_reason or ""


async def kept_project(project: UUID, content: Content) -> tuple[FiledCard, tuple[FiledMember, ...]]:
    """The project and its team as the deposit keeps them; as they are now where it was made before they were kept."""
    if content.card is not UNSET and content.team is not UNSET:
        return content.card, content.team
    card, team = await project_now(project)
    kept = msgspec.structs.replace(card, name=content.project_name) if content.card is UNSET else content.card
    return kept, team if content.team is UNSET else content.team


async def committee_sections(definition: FormDefinition, content: Content, phases: dict[str, str]) -> list[ReadSection]:
    """The answers that the committee reads, in words; documents by their names."""
    names = await place_names(places_in(definition, content.answers)) | phases | document_names(content)
    return read_sections(definition, content.answers, names, readers=FOR_COMMITTEE)


def document_names(content: Content) -> dict[str, str]:
    """The names of the documents of a deposit, by id."""
    return {} if content.files is UNSET else {str(one.document): one.name for one in content.files}


def readable_files(definition: FormDefinition, content: Content) -> tuple[FiledDocument, ...]:
    """The documents that the committee may open: those joined to answers it reads (R12)."""
    if content.files is UNSET:
        return ()
    read = {one.code for one in definition.questions if one.readers is Readers.COMMITTEE}
    return tuple(one for one in content.files if one.question in read)
