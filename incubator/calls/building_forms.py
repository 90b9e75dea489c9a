"""What is sent to build a form: a section, a question, a rule of eligibility, a question of the self-test, a move."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from incubator.calls.definitions import Bound, Code, Effect, FormDefinition, GridDefinition, Kind, Limit, Prefill, Readers
from incubator.core.forms import ONE_LINE, Version

LabelText = Annotated[str, Meta(min_length=1, max_length=300, extra=ONE_LINE)]
MaybeLine = Annotated[str, Meta(max_length=300, extra=ONE_LINE)]
Words = Annotated[str, Meta(max_length=1000)]
Lines = Annotated[str, Meta(max_length=8000)]
Row = Annotated[str, Meta(min_length=1, max_length=40, extra=ONE_LINE)]
Short = Annotated[str, Meta(max_length=40, extra=ONE_LINE)]
Marked = Annotated[list[Annotated[str, Meta(max_length=80)]], Meta(max_length=200)]
Megabytes = Annotated[Decimal, Meta(extra={"low": Decimal("0.1"), "high": Decimal("100")})]


class Need(StrEnum):
    """Whether a question must be answered before depositing."""

    NO = "no"
    YES = "yes"
    WHEN = "when"


class Join(StrEnum):
    """How the rows of a condition hold together; `kept`: the condition that is stored, too deep for rows."""

    EVERY = "every"
    SOME = "some"
    KEPT = "kept"


class Thing(StrEnum):
    """What a form is made of."""

    SECTION = "section"
    QUESTION = "question"
    RULE = "rule"
    SELF_TEST = "self_test"


class NewDraftForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A draft to start: from a published version, or from nothing."""

    based_on: UUID | None = None


class VersionForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something done to the draft as it was read."""

    version: Version | None = None


class SettingsForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What concerns the whole form. `files_size_mb`: megabytes for all the files of an application; nothing: no limit."""

    title: LabelText
    files_size_mb: Annotated[Decimal, Meta(extra={"low": Decimal("0.1"), "high": Decimal("1000")})] | None = None
    version: Version | None = None


class SectionForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A section: a page of the form."""

    title: LabelText
    introduction: Words = ""
    version: Version | None = None


class NewQuestionForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question to add at the end of a section, or right after another."""

    section: Code
    label: LabelText
    kind: Kind
    after: Annotated[str, Meta(max_length=20)] = ""
    version: Version | None = None


class MoveForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`move` is `up`, `down` or `to`, then what, then its code: `up question 1.4`.

    With `to`, `place` is where it then stands among the others, counted from 0; for a question, after its section: `S2 0`.
    """

    move: Annotated[str, Meta(min_length=1, max_length=80)]
    place: Annotated[str, Meta(max_length=30)] = ""
    version: Version | None = None


class RemovalForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something to take out of the form."""

    what: Thing
    code: Code
    version: Version | None = None


Picked = Annotated[dict[Row, Annotated[str, Meta(max_length=20)]], Meta(max_length=8)]
Bounds = Annotated[dict[Row, Bound | None], Meta(max_length=8)]


class QuestionForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question as it should become; `was`: the digest of what its page showed.

    Rows are keyed by the code of what they change, or by their rank: `option_label.food`, `when_question.0`; the answers a
    condition waits for are `rank.code`.
    """

    was: Annotated[str, Meta(max_length=64)] = ""
    version: Version | None = None
    then: Annotated[str, Meta(max_length=80)] = ""
    kind: Kind
    label: LabelText
    help: Words = ""
    example: Words = ""
    need: Need | None = None
    need_join: Join | None = None
    need_question: Picked = {}
    need_answers: Marked = []
    need_least: Bounds = {}
    need_most: Bounds = {}
    when_join: Join | None = None
    when_question: Picked = {}
    when_answers: Marked = []
    when_least: Bounds = {}
    when_most: Bounds = {}
    limit: Limit | None = None
    unit: Short = ""
    decimals: Annotated[int, Meta(ge=0, le=4)] | None = None
    least: Bound | None = None
    most: Bound | None = None
    word_least: MaybeLine = ""
    word_most: MaybeLine = ""
    ranks: Annotated[int, Meta(ge=1, le=20)] | None = None
    option_label: Annotated[dict[Row, MaybeLine], Meta(max_length=60)] = {}
    option_help: Annotated[dict[Row, Words], Meta(max_length=60)] = {}
    more_options: Lines = ""
    rows_max: Annotated[int, Meta(ge=1, le=50)] | None = None
    column_label: Annotated[dict[Row, MaybeLine], Meta(max_length=10)] = {}
    column_kind: Annotated[dict[Row, Kind], Meta(max_length=10)] = {}
    column_limit: Annotated[dict[Row, Limit | None], Meta(max_length=10)] = {}
    column_unit: Annotated[dict[Row, Short], Meta(max_length=10)] = {}
    column_decimals: Annotated[dict[Row, Annotated[int, Meta(ge=0, le=4)] | None], Meta(max_length=10)] = {}
    column_options: Annotated[dict[Row, Lines], Meta(max_length=10)] = {}
    column_required: Marked = []
    more_columns: Lines = ""
    file_types: Marked = []
    files_max: Annotated[int, Meta(ge=1, le=20)] | None = None
    size_mb: Megabytes | None = None
    criteria: Marked = []
    readers: Readers | None = None
    prefill: Prefill | None = None


class RuleForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule of eligibility; without a condition, a person tells."""

    label: LabelText
    effect: Effect
    message: Words = ""
    is_human: bool = False
    questions: Marked = []
    parameter: Decimal | None = None
    met_join: Join | None = None
    met_question: Picked = {}
    met_answers: Marked = []
    met_least: Bounds = {}
    met_most: Bounds = {}
    version: Version | None = None


class QuickRuleForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule from a question's own page: these answers have this effect, and this is said."""

    question: Code
    effect: Effect
    answers: Marked = []
    message: Annotated[str, Meta(min_length=1, max_length=1000)]
    version: Version | None = None


class SelfTestForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question of the self-test, answered by yes or no."""

    label: LabelText
    wanted: Annotated[str, Meta(pattern="^(yes|no)$")]
    message: Annotated[str, Meta(min_length=1, max_length=1000)]
    effect: Effect | None = None
    help: Words = ""
    version: Version | None = None


class WholeForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A draft's whole definition as it should become; `version`, or `If-Match`, is the one that was read."""

    definition: FormDefinition
    version: Version | None = None


class WholeGrid(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A draft grid's whole definition as it should become; `version`, or `If-Match`, is the one that was read."""

    definition: GridDefinition
    version: Version | None = None


class GridForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A grid's figures: weights by code of criterion; `then` may also move one: `up criterion A1`."""

    title: LabelText
    knock_out_below: Annotated[Decimal, Meta(extra={"low": Decimal(1), "high": Decimal(5)})]
    weight: Annotated[dict[Row, Annotated[int, Meta(ge=1, le=100)]], Meta(max_length=100)] = {}
    knock_out: Marked = []
    preselection: Marked = []
    then: Annotated[str, Meta(max_length=80)] = ""
    version: Version | None = None


class BlockForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A block of criteria."""

    title: LabelText
    version: Version | None = None


class CriterionForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A criterion, and what 1, 3 and 5 mean (R16); `block`: the one it stands in."""

    label: LabelText
    block: Code
    weight: Annotated[int, Meta(ge=1, le=100)]
    anchor_1: MaybeLine = ""
    anchor_3: MaybeLine = ""
    anchor_5: MaybeLine = ""
    is_knock_out: bool = False
    is_preselection: bool = False
    version: Version | None = None


class GridPart(StrEnum):
    """What a grid is made of."""

    BLOCK = "block"
    CRITERION = "criterion"


class GridRemovalForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something to take out of the grid."""

    what: GridPart
    code: Code
    version: Version | None = None


class AdoptionForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A later published version for a call to take."""

    version: UUID
