"""What an application form and a scoring grid are made of. A draft may lack things; `rules` say what, before it is published.

The value of an answer depends on the kind of its question: `line`, `text`: text · `number`: a decimal · `amount`: euros, a
decimal with at most two places · `day`: a date · `choice`: an option's code · `yes_no`: `yes` or `no` · `choices`, `ranked`: a
list of codes (`ranked`: exactly `ranks`, most important first) · `scale`: a whole number from `least` to `most`, as text ·
`rows`: a list of objects, one text, decimal, date or code a column · `commune`: its INSEE code · `epci`: its SIREN · `siren`,
`siret`: their digits · `phase`: the code of an entry phase of the call · `file`: a list of ids of documents · `statement`: true
when ticked · `information`: never answered, its label and help are there to be read.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

QUESTIONS_MAX = 200  # what one application reads, sends and deposits at once

Code = Annotated[str, Meta(min_length=1, max_length=20, pattern="^[A-Za-z0-9][A-Za-z0-9._-]*$")]
OptionCode = Annotated[str, Meta(min_length=1, max_length=40, pattern="^[a-z0-9_]+$")]
Label = Annotated[str, Meta(min_length=1, max_length=300)]
Words = Annotated[str, Meta(max_length=1000)]
Anchor = Annotated[str, Meta(max_length=300)]
Limit = Annotated[int, Meta(ge=0, le=10_000)]
Bound = Annotated[int, Meta(ge=-1_000_000_000, le=1_000_000_000)]


class Kind(StrEnum):
    """How a question is answered."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    AMOUNT = "amount"
    DAY = "day"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    SCALE = "scale"
    ROWS = "rows"
    RANKED = "ranked"
    COMMUNE = "commune"
    EPCI = "epci"
    SIREN = "siren"
    SIRET = "siret"
    PHASE = "phase"
    FILE = "file"
    STATEMENT = "statement"
    INFORMATION = "information"


TEXTUAL = frozenset({Kind.LINE, Kind.TEXT})
NUMERIC = frozenset({Kind.NUMBER, Kind.AMOUNT, Kind.SCALE})
WITH_OPTIONS = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.RANKED})
COLUMN_KINDS = frozenset({Kind.LINE, Kind.NUMBER, Kind.AMOUNT, Kind.DAY, Kind.CHOICE})
CODED = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.YES_NO, Kind.PHASE, Kind.STATEMENT})
CONDITION_KINDS = CODED | NUMERIC


class Readers(StrEnum):
    """Who reads an answer besides the team: its class of confidentiality."""

    COMMITTEE = "committee"
    STAFF = "staff"
    MANAGER = "manager"


class Prefill(StrEnum):
    """What of the project's card an answer begins with, so that nobody types it twice."""

    NOTHING = ""
    NAME = "project_name"
    SUMMARY = "project_summary"
    COMMUNE = "project_commune"


PREFILL_KINDS = {Prefill.NAME: TEXTUAL, Prefill.SUMMARY: TEXTUAL, Prefill.COMMUNE: frozenset({Kind.COMMUNE})}


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
    """Holds when an earlier question was answered with one of these codes (a ticked statement: `true`; yes or no: `yes`, `no`).

    A number is held against `least` and `most`, both included, instead. Or it holds when every condition of `every` does,
    or one of `some`: exactly one of `question`, `every`, `some` is given.
    """

    question: Annotated[str, Meta(max_length=20)] = ""
    values: Annotated[tuple[OptionCode, ...], Meta(max_length=20)] = ()
    least: Bound | None = None
    most: Bound | None = None
    every: Annotated[tuple[Condition, ...], Meta(max_length=8)] = ()
    some: Annotated[tuple[Condition, ...], Meta(max_length=8)] = ()

    @property
    def leaves(self) -> tuple[Condition, ...]:
        """The conditions on one question that it is made of."""
        parts = self.every or self.some
        return tuple(leaf for part in parts for leaf in part.leaves) if parts else (self,)


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

    `readers`: who reads the answer besides the team (R12: the manager alone). `scale_words`: what the least and the most
    of a scale mean. `prefill`: what of the project’s card a new draft begins with.
    A file question: `file_types` are extensions, `size_max` in bytes for each of at most `files_max` files.
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
    scale_words: Annotated[tuple[Label, ...], Meta(max_length=2)] = ()
    file_types: Annotated[tuple[OptionCode, ...], Meta(max_length=20)] = ()
    files_max: Annotated[int, Meta(ge=0, le=20)] = 0
    size_max: Annotated[int, Meta(ge=0, le=100_000_000)] = 0
    criteria: Annotated[tuple[Code, ...], Meta(max_length=10)] = ()
    readers: Readers = Readers.COMMITTEE
    prefill: Prefill = Prefill.NOTHING


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A page of the form."""

    code: Code
    title: Label
    questions: Annotated[tuple[Question, ...], Meta(max_length=60)] = ()
    introduction: Words = ""


class EligibilityRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A rule of eligibility, the questions it looks at and its threshold; `is_human`: only a person can tell.

    `met_when`: what the answers must say for it to be met; `message`: what is said when they do not.
    """

    code: Code
    label: Label
    effect: Effect
    is_human: bool = False
    questions: Annotated[tuple[Code, ...], Meta(max_length=20)] = ()
    parameter: Decimal | None = None
    met_when: Condition | None = None
    message: Words = ""


class SelfTestQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A question one answers by yes or no before starting; `message` is for whoever does not answer `wanted`."""

    code: Code
    label: Label
    wanted: Literal["yes", "no"]
    message: Words
    effect: Effect = Effect.WARNING
    help: Words = ""


class FormDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An application form: its sections in order, the rules of eligibility its answers are held against, the self-test.

    `files_size_max`: bytes, for all the files of an application together; 0: no limit but those of each question.
    """

    title: Label
    sections: Annotated[tuple[Section, ...], Meta(max_length=30)] = ()
    eligibility: Annotated[tuple[EligibilityRule, ...], Meta(max_length=40)] = ()
    self_test: Annotated[tuple[SelfTestQuestion, ...], Meta(max_length=20)] = ()
    files_size_max: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0

    def section(self, code: str) -> Section | None:
        """A section by its code."""
        return next((section for section in self.sections if section.code == code), None)

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in order."""
        return tuple(question for section in self.sections for question in section.questions)


class CriterionDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A criterion, its weight out of 100, and what 1, 3 and 5 mean (R16)."""

    code: Code
    label: Label
    weight: Annotated[int, Meta(ge=1, le=100)]
    anchor_1: Anchor = ""
    anchor_3: Anchor = ""
    anchor_5: Anchor = ""
    is_knock_out: bool = False
    is_preselection: bool = False


class BlockDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Criteria that speak of the same thing."""

    code: Code
    title: Label
    criteria: Annotated[tuple[CriterionDefinition, ...], Meta(max_length=30)] = ()


class GridDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A scoring grid. A knock-out criterion whose mean is below `knock_out_below` is flagged, to be discussed (R20)."""

    title: Label
    blocks: Annotated[tuple[BlockDefinition, ...], Meta(max_length=12)] = ()
    knock_out_below: Decimal = Decimal("2.0")

    @property
    def criteria(self) -> tuple[CriterionDefinition, ...]:
        """Every criterion, in order."""
        return tuple(criterion for block in self.blocks for criterion in block.criteria)
