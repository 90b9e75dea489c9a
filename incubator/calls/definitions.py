"""What an application form and a scoring grid are made of.

The value of an answer depends on the kind of its question: `line`, `text`: text · `number`: a decimal · `day`: a date ·
`choice`: an option's code · `choices`, `ranked`: a list of codes (`ranked`: exactly `ranks`, most important first) ·
`rows`: a list of objects, one text, decimal, date or code a column · `commune`: its INSEE code · `phase`: the code of an
entry phase of the call · `statement`: true when ticked.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

Code = Annotated[str, Meta(min_length=1, max_length=20, pattern="^[A-Za-z0-9][A-Za-z0-9._-]*$")]
OptionCode = Annotated[str, Meta(min_length=1, max_length=40, pattern="^[a-z0-9_]+$")]
Label = Annotated[str, Meta(min_length=1, max_length=300)]
Words = Annotated[str, Meta(max_length=1000)]
Limit = Annotated[int, Meta(ge=0, le=10_000)]
Bound = Annotated[int, Meta(ge=-1_000_000_000, le=1_000_000_000)]


class Kind(StrEnum):
    """How a question is answered."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    CHOICE = "choice"
    CHOICES = "choices"
    ROWS = "rows"
    RANKED = "ranked"
    COMMUNE = "commune"
    PHASE = "phase"
    STATEMENT = "statement"


TEXTUAL = frozenset({Kind.LINE, Kind.TEXT})
WITH_OPTIONS = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.RANKED})
COLUMN_KINDS = frozenset({Kind.LINE, Kind.NUMBER, Kind.DAY, Kind.CHOICE})
CONDITION_KINDS = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.PHASE, Kind.STATEMENT})


class Effect(StrEnum):
    """What an eligibility rule that is not met leads to (R5: staff pronounce)."""

    BLOCKING = "blocking"
    WARNING = "warning"
    DOCUMENT = "document"


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One of the answers proposed."""

    code: OptionCode
    label: Label
    help: Words = ""


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Holds when an earlier question was answered with one of these codes (a ticked statement: `true`)."""

    question: Code
    values: Annotated[tuple[OptionCode, ...], Meta(min_length=1, max_length=20)]


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A column of a question answered in rows: a line, a number, a day or a choice."""

    code: OptionCode
    label: Label
    kind: Kind
    limit: Limit = 0
    required: bool = False
    options: Annotated[tuple[Option, ...], Meta(max_length=60)] = ()
    least: Bound | None = None
    most: Bound | None = None
    decimals: Annotated[int, Meta(ge=0, le=4)] = 0
    unit: Annotated[str, Meta(max_length=40)] = ""


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A question. `limit` in characters (R3); `criteria`: those of the grid it informs.

    `is_reserved`: the programme's manager alone sees the answer (R12).
    """

    code: Code
    label: Label
    kind: Kind
    limit: Limit = 0
    required: bool = False
    required_when: Condition | None = None
    when: Condition | None = None
    help: Words = ""
    example: Words = ""
    options: Annotated[tuple[Option, ...], Meta(max_length=60)] = ()
    columns: Annotated[tuple[Column, ...], Meta(max_length=10)] = ()
    rows_max: Annotated[int, Meta(ge=0, le=50)] = 0
    ranks: Annotated[int, Meta(ge=0, le=20)] = 0
    least: Bound | None = None
    most: Bound | None = None
    decimals: Annotated[int, Meta(ge=0, le=4)] = 0
    unit: Annotated[str, Meta(max_length=40)] = ""
    criteria: Annotated[tuple[Code, ...], Meta(max_length=10)] = ()
    is_reserved: bool = False


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A page of the form."""

    code: Code
    title: Label
    questions: Annotated[tuple[Question, ...], Meta(min_length=1, max_length=60)]
    introduction: Words = ""


class EligibilityRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A rule of eligibility, the questions it looks at and its threshold; `is_human`: only a person can tell."""

    code: Code
    label: Label
    effect: Effect
    is_human: bool = False
    questions: Annotated[tuple[Code, ...], Meta(max_length=20)] = ()
    parameter: Decimal | None = None


class FormDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An application form: its sections in order, and the rules of eligibility its answers are held against."""

    title: Label
    sections: Annotated[tuple[Section, ...], Meta(min_length=1, max_length=30)]
    eligibility: Annotated[tuple[EligibilityRule, ...], Meta(max_length=40)] = ()

    def section(self, code: str) -> Section | None:
        """A section by its code."""
        return next((section for section in self.sections if section.code == code), None)

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in order."""
        return tuple(question for section in self.sections for question in section.questions)


class CriterionDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A criterion, its weight out of 100, and what 1, 3 and 5 mean (R16)."""

    code: Code
    label: Label
    weight: Annotated[int, Meta(ge=1, le=100)]
    anchor_1: Label
    anchor_3: Label
    anchor_5: Label
    is_knock_out: bool = False
    is_preselection: bool = False


class BlockDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Criteria that speak of the same thing."""

    code: Code
    title: Label
    criteria: Annotated[tuple[CriterionDefinition, ...], Meta(min_length=1, max_length=30)]


class GridDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A scoring grid."""

    title: Label
    blocks: Annotated[tuple[BlockDefinition, ...], Meta(min_length=1, max_length=12)]

    @property
    def criteria(self) -> tuple[CriterionDefinition, ...]:
        """Every criterion, in order."""
        return tuple(criterion for block in self.blocks for criterion in block.criteria)
