"""The documents of an application: those its answers name, those its deposits keep."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.applications.queries.dossiers import Dossier, facts_for, latest_deposit, readers_of
from incubator.applications.queries.handlers import MANAGERS, handlers_of
from incubator.applications.rules.dossier import Answers
from incubator.applications.rules.filed import FiledDocument
from incubator.applications.rules.files import accepted, file_question, limits_of, limits_words
from incubator.applications.rules.reading import documents_in
from incubator.calls.definitions import FormDefinition, Kind, Section
from incubator.calls.queries import form_of
from incubator.core.database import column, row, rows
from incubator.core.errors import NotFound
from incubator.documents.queries import DocumentView, documents_of
from incubator.documents.rules import waiting_words
from incubator.documents.tables import DocumentState
from incubator.people.queries import Person
from incubator.projects.queries import TeamAccount


async def sizes_of(definition: FormDefinition, answers: Answers, application: UUID) -> dict[str, int]:
    """The bytes of each document that is part of an answer."""
    ids = documents_in(definition, answers)
    return {code: one.size for code, one in (await documents_of(application, ids=ids)).items()} if ids else {}


class SectionFiles(msgspec.Struct, frozen=True):
    """What a section shows of files: its documents by id; for each question what it takes, in words and as file extensions."""

    documents: dict[str, DocumentView]
    words: dict[str, str]
    accepted: dict[str, str]


async def section_files(dossier: Dossier, section: Section) -> SectionFiles:
    """The files of a section of one's dossier; nothing is asked of the database when it has no such question."""
    questions = [one for one in section.questions if one.kind is Kind.FILE]
    limits = {one.code: limits_of(dossier.definition, one) for one in questions}
    ids = [document for one in questions for document in dossier.answers.get(one.code) or []]
    return SectionFiles(
        documents=await documents_of(dossier.facts.id, ids=ids) if ids else {},
        words={code: limits_words(one) for code, one in limits.items()},
        accepted={code: accepted(one) for code, one in limits.items()},
    )


async def infected_in(definition: FormDefinition, answers: Answers, application: UUID) -> list[str]:
    """The names of the documents that no one will ever open: they are replaced before the dossier is deposited."""
    ids = documents_in(definition, answers)
    found = await documents_of(application, ids=ids) if ids else {}
    return [one.name for one in found.values() if one.state is DocumentState.INFECTED]


async def frozen_documents(application: UUID) -> set[str]:
    """The ids of the documents that a deposit of the application keeps."""
    found = await column(
        "SELECT DISTINCT f ->> 'document' FROM deposit d CROSS JOIN LATERAL jsonb_array_elements(d.content -> 'files') f"
        " WHERE d.application = $1 AND jsonb_typeof(d.content -> 'files') = 'array' LIMIT 1000",
        application,
    )
    return set(found)


async def document_for(me: Person, application_id: UUID, document_id: UUID) -> DocumentView:
    """A document that one may open: the team those it sent, staff those that were deposited and they read (R12).

    Raises `NotFound`, for a document of another application as for one that does not exist.
    """
    facts = await facts_for(me, application_id)
    found = (await documents_of(facts.id, ids=[document_id])).get(str(document_id))
    if found is None:
        raise NotFound
    if facts.is_mine:
        return found
    deposited = await latest_deposit(facts.id)
    definition, allowed = await form_of(facts.form), readers_of(me, facts)
    question = file_question(definition, found.place)
    filed = deposited.content.files if deposited else ()
    if question is None or question.readers not in allowed or not _holds(filed, document_id):
        raise NotFound
    return found


def _holds(filed: tuple[FiledDocument, ...] | msgspec.UnsetType, document_id: UUID) -> bool:
    return filed is not msgspec.UNSET and any(one.document == document_id for one in filed)


async def committee_document(application_id: UUID, files: tuple[FiledDocument, ...], document_id: UUID) -> DocumentView:
    """A document among those the committee was given to read; whoever calls has checked the reader. Raises `NotFound`."""
    if not _holds(files, document_id):
        raise NotFound
    found = (await documents_of(application_id, ids=[document_id])).get(str(document_id))
    if found is None:
        raise NotFound
    return found


class LeftOut(msgspec.Struct, frozen=True):
    """A document of an application that nothing names."""

    about: UUID
    id: UUID


async def left_out(before: datetime) -> list[LeftOut]:
    """The documents received before an instant that nothing of their application names: no answer, no deposit, and, while it is
    a draft, no former answer either (a team may take back what a newer form had no place for)."""
    return await rows(
        LeftOut,
        "SELECT d.about, d.id FROM document d JOIN application a ON a.id = d.about WHERE d.removed_at IS NULL"
        " AND d.uploaded_at < $1 AND NOT EXISTS (SELECT FROM answer w WHERE w.application = a.id AND w.value ? d.id::text)"
        " AND NOT (a.state = 'draft' AND EXISTS (SELECT FROM answer_revision r WHERE r.application = a.id"
        " AND r.value ? d.id::text)) AND NOT EXISTS (SELECT FROM deposit p WHERE p.application = a.id"
        " AND p.content -> 'files' @> jsonb_build_array(jsonb_build_object('document', d.id::text)))"
        " ORDER BY d.uploaded_at, d.id LIMIT 200",
        before,
    )


class Waiting(msgspec.Struct, frozen=True):
    """How many files nobody may open yet, why (documents.rules), and since when."""

    reason: str
    count: int
    since: datetime

    @property
    def words(self) -> str:
        """A sentence for whoever runs the call."""
        return waiting_words(self.reason, self.count, self.since)


async def waiting_in(call: UUID) -> list[Waiting]:
    """What waits for the scanner in the applications of a call, so that its staff see that it is away."""
    return await rows(
        Waiting,
        "SELECT d.reason, count(*), min(d.uploaded_at) FROM document d JOIN application a ON a.id = d.about"
        " WHERE a.call = $1 AND d.state = 'held' AND d.removed_at IS NULL GROUP BY d.reason ORDER BY d.reason LIMIT 10",
        call,
    )


class _Told(msgspec.Struct, frozen=True):
    project_name: str
    call_title: str


class ToldOf(msgspec.Struct, frozen=True):
    """Who is told of what happens to a document of a deposited application."""

    project_name: str
    call_title: str
    staff: list[TeamAccount]


async def told_of(application: UUID) -> ToldOf | None:
    """The managers of its call, once it is deposited; None before, when its team alone knows of it."""
    found = await row(
        _Told,
        "SELECT p.name, c.title FROM application a JOIN project p ON p.id = a.project JOIN call c ON c.id = a.call"
        " WHERE a.id = $1 AND a.deposited_at IS NOT NULL",
        application,
    )
    if found is None:
        return None
    return ToldOf(found.project_name, found.call_title, await handlers_of(application, MANAGERS))
