"""An application in words: each answer as it is read, whoever reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from incubator.applications.rules.dossier import Answers, kept_answers
from incubator.calls.definitions import TEXTUAL, Column, FormDefinition, Kind, Question, Readers
from incubator.calls.rules import is_asked
from incubator.core.language import _
from incubator.core.words import amount_words, date_words, number_words


class ReadAnswer(msgspec.Struct, frozen=True):
    """A question and its answer: paragraphs, or a table. Neither: nothing was answered.

    `documents`: the ids of those joined, whose names are the paragraphs.
    """

    code: str
    label: str
    criteria: tuple[str, ...]
    paragraphs: list[str]
    columns: list[str]
    rows: list[list[str]]
    documents: list[str] = []


class ReadSection(msgspec.Struct, frozen=True):
    """A section of the form."""

    code: str
    title: str
    answers: list[ReadAnswer]


def read_sections(
    definition: FormDefinition, answers: Answers, names: Mapping[str, str], *, readers: Collection[Readers]
) -> list[ReadSection]:
    """What is asked and what is answered, in the order of the form. `names`: places, phases and documents by code.

    `readers`: the classes of answers that whoever reads may see (R12).
    """
    kept = kept_answers(definition, answers)
    found = []
    for section in definition.sections:
        asked = [one for one in section.questions if is_read(one, kept, readers)]
        if asked:
            found.append(ReadSection(section.code, section.title, [read_answer(one, kept.get(one.code), names) for one in asked]))
    return found


def is_read(question: Question, kept: Answers, readers: Collection[Readers]) -> bool:
    """True for a question that was asked and whose answer these readers may see; there is nothing to read in a text to read."""
    return question.kind is not Kind.INFORMATION and question.readers in readers and is_asked(question, kept)


def communes_in(definition: FormDefinition, answers: Answers) -> list[str]:
    """The INSEE codes that are answers."""
    return [value for one in definition.questions if one.kind is Kind.COMMUNE and (value := answers.get(one.code))]


def places_in(definition: FormDefinition, answers: Answers) -> list[str]:
    """The INSEE codes and the SIREN of EPCI that are answers."""
    kinds = (Kind.COMMUNE, Kind.EPCI)
    return [value for one in definition.questions if one.kind in kinds and (value := answers.get(one.code))]


def companies_in(definition: FormDefinition, answers: Answers) -> list[str]:
    """The SIREN of the companies named, by themselves or by an establishment."""
    kinds = (Kind.SIREN, Kind.SIRET)
    return sorted({value[:9] for one in definition.questions if one.kind in kinds and (value := answers.get(one.code))})


def documents_in(definition: FormDefinition, answers: Answers) -> list[str]:
    """The ids of the documents that are answers."""
    return [document for one in definition.questions if one.kind is Kind.FILE for document in answers.get(one.code) or []]


def read_answer(question: Question, value: Any, names: Mapping[str, str]) -> ReadAnswer:
    """One answer in words."""
    if question.kind is Kind.ROWS:
        rows = [[_words(column, row.get(column.code), names) for column in question.columns] for row in value or []]
        columns = [column.label for column in question.columns] if rows else []
        return ReadAnswer(question.code, question.label, question.criteria, [], columns, rows)
    documents = list(value or []) if question.kind is Kind.FILE else []
    return ReadAnswer(question.code, question.label, question.criteria, _paragraphs(question, value, names), [], [], documents)


def text_in_words(question: Question, value: Any, names: Mapping[str, str]) -> str:
    """One answer as one text: as it was typed, when it was typed."""
    if question.kind in TEXTUAL and value is not None:
        return str(value)
    told = read_answer(question, value, names)
    return "\n".join([*told.paragraphs, *(" · ".join(row) for row in told.rows)])


def _paragraphs(question: Question, value: Any, names: Mapping[str, str]) -> list[str]:
    if value is None:
        return []
    match question.kind:
        case Kind.TEXT:
            return [part for part in str(value).split("\n") if part.strip()]
        case Kind.CHOICES:
            return [_option(question, code) for code in value]
        case Kind.RANKED:
            return [f"{rank}. {_option(question, code)}" for rank, code in enumerate(value, 1)]
        case Kind.FILE:
            return [names.get(document, document) for document in value]
        case Kind.STATEMENT:
            return [_("Oui")]
        case _:
            return [_words(question, value, names)]


def _words(asked: Question | Column, value: Any, names: Mapping[str, str]) -> str:
    if value is None:
        return ""
    match asked.kind:
        case Kind.NUMBER:
            return " ".join(part for part in (number_words(Decimal(value), asked.decimals), asked.unit) if part)
        case Kind.AMOUNT:
            return amount_words(Decimal(value))
        case Kind.SCALE:
            return _degree(asked, value)
        case Kind.YES_NO:
            return _("Oui") if value == "yes" else _("Non")
        case Kind.SIREN | Kind.SIRET:
            return " ".join(part for part in (value[:3], value[3:6], value[6:9], value[9:]) if part)
        case Kind.DAY:
            return date_words(date.fromisoformat(value))
        case Kind.CHOICE:
            return _option(asked, value)
        case Kind.COMMUNE | Kind.EPCI | Kind.PHASE:
            return names.get(value, value)
        case _:
            return str(value)


def _option(asked: Question | Column, code: str) -> str:
    return next((option.label for option in asked.options if option.code == code), code)


def _degree(asked: Question | Column, value: str) -> str:
    """3 sur une échelle de 1 (pas du tout) à 5 (tout à fait)"""
    ends = asked.scale_words if isinstance(asked, Question) else ()
    least, most = (f"{end} ({word})" for end, word in zip((asked.least, asked.most), ends, strict=True)) if ends else (
        str(asked.least), str(asked.most)
    )  # fmt: skip
    return _("{degree} sur une échelle de {least} à {most}").format(degree=value, least=least, most=most)
