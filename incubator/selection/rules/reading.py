"""A deposited application as a committee reads it: each answer in words. Reserved answers are left out (R12)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from incubator.calls.definitions import Column, FormDefinition, Kind, Option, Question
from incubator.calls.rules import is_asked
from incubator.core.language import _
from incubator.core.words import date_words, number_words


class AnswerView(msgspec.Struct, frozen=True):
    """A question and what the team answered: paragraphs, or a table. `criteria`: the codes it informs."""

    code: str
    label: str
    criteria: tuple[str, ...]
    paragraphs: list[str]
    columns: list[str]
    rows: list[list[str]]


class SectionView(msgspec.Struct, frozen=True):
    """A section of the file."""

    code: str
    title: str
    answers: list[AnswerView]


def sections(form: FormDefinition, answers: Mapping[str, Any], names: Mapping[str, str]) -> list[SectionView]:
    """The file in the order of its form; `names` gives communes and phases by their code."""
    return [
        SectionView(section.code, section.title, shown)
        for section in form.sections
        if (
            shown := [
                _answer(question, answers.get(question.code), names)
                for question in section.questions
                if not question.is_reserved and is_asked(question, answers)
            ]
        )
    ]


def communes_in(form: FormDefinition, answers: Mapping[str, Any]) -> list[str]:
    """The INSEE codes that answers name."""
    return [str(answers[one.code]) for one in form.questions if one.kind is Kind.COMMUNE and answers.get(one.code)]


def _answer(question: Question, value: Any, names: Mapping[str, str]) -> AnswerView:
    if question.kind is Kind.ROWS:
        cells = [[_cell(column, row.get(column.code), names) for column in question.columns] for row in value or []]
        return AnswerView(
            question.code, question.label, question.criteria, [], [column.label for column in question.columns], cells
        )
    return AnswerView(question.code, question.label, question.criteria, _paragraphs(question, value, names), [], [])


def _paragraphs(question: Question, value: Any, names: Mapping[str, str]) -> list[str]:
    if value is None or value == "" or value == []:
        return []
    if question.kind is Kind.TEXT:
        return [part.strip() for part in str(value).split("\n") if part.strip()]
    if question.kind is Kind.RANKED:
        return [f"{rank}. {_option(question.options, code)}" for rank, code in enumerate(value, 1)]
    if question.kind is Kind.CHOICES:
        return [_option(question.options, code) for code in value]
    return [_cell(question, value, names)]


def _cell(asked: Question | Column, value: Any, names: Mapping[str, str]) -> str:
    if value is None or value == "":
        return ""
    if asked.kind is Kind.CHOICE:
        return _option(asked.options, value)
    if asked.kind is Kind.NUMBER:
        return f"{_number(value)} {asked.unit}".strip()
    if asked.kind is Kind.DAY:
        return _day(value)
    if asked.kind in (Kind.COMMUNE, Kind.PHASE):
        return names.get(str(value), str(value))
    if asked.kind is Kind.STATEMENT:
        return _("Oui") if value is True else _("Non")
    return str(value)


def _option(options: tuple[Option, ...], code: Any) -> str:
    return next((option.label for option in options if option.code == code), str(code))


def _number(value: Any) -> str:
    try:
        return number_words(Decimal(str(value)), 4)
    except InvalidOperation:
        return str(value)


def _day(value: Any) -> str:
    try:
        return date_words(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)
