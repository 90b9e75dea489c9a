"""The statements that a depositor accepts with the deposit itself. No database."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from incubator.applications.rules.dossier import Answers, Missing, kept_answers, missing
from incubator.calls.definitions import FormDefinition, Kind
from incubator.calls.rules import is_asked, is_required


class Statement(msgspec.Struct, frozen=True):
    """Something to accept."""

    section: str
    code: str
    label: str
    help: str
    is_required: bool
    is_accepted: bool


def statements_of(definition: FormDefinition, answers: Answers) -> list[Statement]:
    """The statements that are asked, in the order of the form."""
    kept = kept_answers(definition, answers)
    return [
        Statement(section.code, one.code, one.label, one.help, is_required(one, kept), kept.get(one.code) is True)
        for section in definition.sections
        for one in section.questions
        if one.kind is Kind.STATEMENT and is_asked(one, kept)
    ]


def accepted_now(definition: FormDefinition, answers: Answers, codes: Collection[str]) -> list[str]:
    """Those of these codes that are statements asked and not accepted yet."""
    return [one.code for one in statements_of(definition, answers) if one.code in codes and not one.is_accepted]


def missing_beside(definition: FormDefinition, answers: Answers) -> list[Missing]:
    """What is missing but statements, which are accepted with the deposit."""
    codes = {one.code for one in definition.questions if one.kind is Kind.STATEMENT}
    return [one for one in missing(definition, answers) if one.question not in codes]
