"""What is in an application and what is missing from it; the canonical content a receipt speaks of. No database."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from incubator.applications.rules.filed import FiledCard, FiledDocument, FiledMember
from incubator.calls.definitions import FormDefinition, Kind, Question, Section
from incubator.calls.rules import is_asked, is_required

Answers = Mapping[str, Any]


class Content(msgspec.Struct, frozen=True):
    """What a deposit holds, for ever: answers by question code, without those to questions that were not asked.

    Deposits made before the last three were kept do not have them: unset, they are not written down, nor hashed.
    """

    answers: dict[str, Any]
    call: str = ""
    ordinal: int = 1
    form: UUID | None = None
    project: UUID | None = None
    project_name: str = ""
    phase: str = ""
    card: FiledCard | UnsetType = UNSET
    team: tuple[FiledMember, ...] | UnsetType = UNSET
    files: tuple[FiledDocument, ...] | UnsetType = UNSET


class Missing(msgspec.Struct, frozen=True):
    """Something that must be filled in before depositing."""

    section: str
    question: str
    label: str


class SetAside(msgspec.Struct, frozen=True):
    """An answer that is kept though its question is no longer asked: it comes back with the question, and is never deposited."""

    section: str
    question: str
    label: str


class SectionProgress(msgspec.Struct, frozen=True):
    """How far a section is; counts are of required questions."""

    code: str
    title: str
    required_count: int
    answered_count: int

    @property
    def is_complete(self) -> bool:
        """True when nothing required is missing."""
        return self.answered_count >= self.required_count


def kept_answers(definition: FormDefinition, answers: Answers) -> dict[str, Any]:
    """The answers to questions that are asked, given those before them; hidden ones are left out (never deposited)."""
    kept: dict[str, Any] = {}
    for question in definition.questions:
        value = answers.get(question.code)
        if value is not None and is_asked(question, kept):
            kept[question.code] = value
    return kept


def set_aside(definition: FormDefinition, answers: Answers) -> list[SetAside]:
    """The answers kept to questions that other answers hide, in the order of the form."""
    kept = kept_answers(definition, answers)
    return [
        SetAside(section.code, question.code, question.label)
        for section in definition.sections
        for question in section.questions
        if answers.get(question.code) is not None and question.code not in kept
    ]


def located(definition: FormDefinition, code: str) -> SetAside | None:
    """Where a question stands, or None for one that the form does not have."""
    return next(
        (
            SetAside(section.code, one.code, one.label)
            for section in definition.sections
            for one in section.questions
            if one.code == code
        ),
        None,
    )


def asked_codes(definition: FormDefinition, answers: Answers) -> set[str]:
    """The codes of the questions that are asked, given these answers."""
    kept = kept_answers(definition, answers)
    return {question.code for question in definition.questions if is_asked(question, kept)}


def asked_questions(section: Section, answers: Answers) -> list[Question]:
    """The questions of a section that are asked of this application."""
    return [question for question in section.questions if is_asked(question, answers)]


def is_complete(question: Question, value: Any) -> bool:
    """True for an answer with nothing left out: every rank, every required cell of every row."""
    if value is None:
        return False
    if question.kind is Kind.RANKED:
        return len(value) == question.ranks
    if question.kind is Kind.ROWS:
        return all(row.get(column.code) is not None for row in value for column in question.columns if column.required)
    return True


def missing(definition: FormDefinition, answers: Answers) -> list[Missing]:
    """What keeps the application from being deposited, in the order of the form."""
    kept = kept_answers(definition, answers)
    return [
        Missing(section.code, question.code, question.label)
        for section in definition.sections
        for question in section.questions
        if _is_missing(question, kept)
    ]


def _is_missing(question: Question, kept: Answers) -> bool:
    """Required and not complete; or begun, asked, and not finished."""
    if question.code in kept:
        return not is_complete(question, kept[question.code])
    return is_required(question, kept)


def named(definition: FormDefinition, codes: Collection[str]) -> list[Missing]:
    """Where these questions stand, in the order of the form."""
    return [
        Missing(section.code, question.code, question.label)
        for section in definition.sections
        for question in section.questions
        if question.code in codes
    ]


def progress(definition: FormDefinition, answers: Answers) -> list[SectionProgress]:
    """Each section and how far it is."""
    kept = kept_answers(definition, answers)
    found = []
    for section in definition.sections:
        wanted = [question for question in section.questions if is_required(question, kept) or question.code in kept]
        done = [question for question in wanted if not _is_missing(question, kept)]
        found.append(SectionProgress(section.code, section.title, len(wanted), len(done)))
    return found


def chosen_phase(definition: FormDefinition, answers: Answers, entry_phases: Mapping[str, UUID]) -> str | None:
    """The code of the phase applied for: what was answered to a question that is asked, else the only one there is."""
    kept = kept_answers(definition, answers)
    for question in definition.questions:
        if question.kind is Kind.PHASE and (code := kept.get(question.code)) is not None:
            return code if code in entry_phases else None
    return next(iter(entry_phases)) if len(entry_phases) == 1 else None


def canonical(content: Content) -> bytes:
    """The one way to write a content down: JSON in UTF-8, keys sorted, no space; numbers are already text."""
    return msgspec.json.encode(content, order="sorted")


def content_hash(content: Content) -> str:
    """SHA-256 over the canonical content, in hexadecimal (R4)."""
    return hashlib.sha256(canonical(content)).hexdigest()


def goes_on(before: Any, after: Any) -> bool:
    """True when a text is still the one it was, at work: at least four fifths of it stand at its two ends."""
    old, new = (msgspec.json.encode(value).decode() for value in (before, after))
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    return (head + tail) * 5 >= len(old) * 4


def _shared(one: str, other: str) -> int:
    """How many letters two texts begin with alike."""
    return next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def value_digest(value: Any) -> str:
    """A short digest of one answer, so that a page can tell what its reader left as it was."""
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()[:16]
