"""An application in words: each answer as it is read, whoever reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from incubator.applications.rules.dossier import Answers, kept_answers
from incubator.calls.definitions import Column, FormDefinition, Kind, Question, Readers
from incubator.calls.rules import is_asked
from incubator.core.language import _
from incubator.core.words import date_words, number_words


class ReadAnswer(msgspec.Struct, frozen=True):
    """A question and its answer: paragraphs, or a table. Neither: nothing was answered."""

    code: str
    label: str
    criteria: tuple[str, ...]
    paragraphs: list[str]
    columns: list[str]
    rows: list[list[str]]


class ReadSection(msgspec.Struct, frozen=True):
    """A section of the form."""

    code: str
    title: str
    answers: list[ReadAnswer]


def read_sections(
    definition: FormDefinition, answers: Answers, names: Mapping[str, str], *, readers: Collection[Readers]
) -> list[ReadSection]:
    """What is asked and what is answered, in the order of the form. `names`: communes and phases by code.

    `readers`: the classes of answers that whoever reads may see (R12).
    """
    kept = kept_answers(definition, answers)
    found = []
    for section in definition.sections:
        asked = [one for one in section.questions if is_asked(one, kept) and one.readers in readers]
        if asked:
            found.append(ReadSection(section.code, section.title, [read_answer(one, kept.get(one.code), names) for one in asked]))
    return found


def communes_in(definition: FormDefinition, answers: Answers) -> list[str]:
    """The INSEE codes that are answers."""
    return [value for one in definition.questions if one.kind is Kind.COMMUNE and (value := answers.get(one.code))]


def read_answer(question: Question, value: Any, names: Mapping[str, str]) -> ReadAnswer:
    """One answer in words."""
    if question.kind is Kind.ROWS:
        rows = [[_words(column, row.get(column.code), names) for column in question.columns] for row in value or []]
        columns = [column.label for column in question.columns] if rows else []
        return ReadAnswer(question.code, question.label, question.criteria, [], columns, rows)
    return ReadAnswer(question.code, question.label, question.criteria, _paragraphs(question, value, names), [], [])


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
        case Kind.DAY:
            return date_words(date.fromisoformat(value))
        case Kind.CHOICE:
            return _option(asked, value)
        case Kind.COMMUNE | Kind.PHASE:
            return names.get(value, value)
        case _:
            return str(value)


def _option(asked: Question | Column, code: str) -> str:
    return next((option.label for option in asked.options if option.code == code), code)
