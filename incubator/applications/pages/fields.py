"""A section of the form as fields of a page, filled with what is stored or with what was typed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec

from incubator.applications.forms.answers import PICKED, Fields, field_name, stored_fields
from incubator.applications.queries.dossiers import Dossier, StoredAnswer
from incubator.applications.rules.dossier import asked_questions, kept_answers, value_digest
from incubator.applications.rules.moves import why_not_answer
from incubator.applications.rules.reading import ReadAnswer, read_answer
from incubator.calls.definitions import Kind, Question, Section
from incubator.calls.rules import is_required
from incubator.core.language import _
from incubator.territory.queries import FoundCommune, FoundEpci

Option = tuple[str, str, str]


class CellField(msgspec.Struct, frozen=True):
    """A field of a row."""

    name: str
    label: str
    kind: str
    value: str
    error: str | None
    required: bool
    limit: int
    unit: str
    has_decimals: bool
    options: list[Option]


class QuestionField(msgspec.Struct, frozen=True):
    """A question as the template shows it. `was`: version and digest of what its reader was shown; `frozen`: only read (R6).

    `is_typed`: its fields hold what was sent, stored nowhere yet; `theirs`: what someone else saved meanwhile, in words (B07).
    """

    name: str
    question: Question
    is_required: bool
    values: list[str]
    ranks: list[str]
    rows: list[list[CellField]]
    text: str
    options: list[Option]
    places: Sequence[FoundCommune | FoundEpci]
    error: str | None
    was: str
    is_typed: bool
    stored: StoredAnswer
    theirs: str | None
    frozen: ReadAnswer | None

    @property
    def value(self) -> str:
        """The one value, "" for none."""
        return self.values[0] if self.values else ""

    @property
    def version(self) -> str:
        """The version its fields were read at, as a script names it."""
        read_at = self.was.partition(".")[0]
        return read_at if read_at.isascii() and read_at.isdigit() else "0"


class Shown(msgspec.Struct, frozen=True):
    """What a page shows instead of what is stored: fields as typed, errors by place, places to choose from, texts of others."""

    typed: Fields | None = None
    errors: Mapping[str, str] = {}
    places: Mapping[str, Sequence[FoundCommune | FoundEpci]] = {}
    theirs: Mapping[str, str] = {}


def question_fields(
    section: Section, dossier: Dossier, names: Mapping[str, str], shown: Shown, *, read_only: bool
) -> list[QuestionField]:
    """The questions of a section that are asked, as fields. With typed fields, the very questions that were on the page."""
    kept = kept_answers(dossier.definition, dossier.answers)
    questions = asked_questions(section, kept)
    if shown.typed is not None:
        on_page = shown.typed
        questions = [one for one in section.questions if one in questions or f"was.{field_name(one.code)}" in on_page]
    return [_field(one, dossier, names, shown, required=is_required(one, kept), read_only=read_only) for one in questions]


def was_shown(stored: StoredAnswer) -> str:
    """What a page says it showed, so that what its reader left untouched is not taken for an answer of theirs."""
    return f"{stored.version}.{value_digest(stored.value)}"


def _was(question: Question, stored: StoredAnswer, typed: Fields | None, shown: Shown) -> str:
    """What is typed keeps the version it was written over, unless what came since stands beside it on the page."""
    if typed is None or question.code in shown.theirs:
        return was_shown(stored)
    return _first(typed, f"was.{field_name(question.code)}")


def _field(
    question: Question, dossier: Dossier, names: Mapping[str, str], shown: Shown, *, required: bool, read_only: bool
) -> QuestionField:
    stored = dossier.stored.get(question.code, StoredAnswer())
    name = field_name(question.code)
    typed = shown.typed if shown.typed and f"was.{name}" in shown.typed else None
    fields = stored_fields(question, stored.value) if typed is None else typed
    frozen = read_only or why_not_answer(dossier.facts, question.code) is not None
    return QuestionField(
        name=name,
        question=question,
        is_required=required,
        values=list(fields.get(name, [])),
        ranks=[_first(fields, f"{name}_{rank}") for rank in range(question.ranks)],
        rows=_rows(question, name, fields, shown.errors),
        text=_place_text(question, name, fields, names),
        options=_options(question, dossier),
        places=shown.places.get(question.code, []),
        error=shown.errors.get(question.code),
        was=_was(question, stored, typed, shown),
        is_typed=typed is not None,
        stored=stored,
        theirs=shown.theirs.get(question.code),
        frozen=read_answer(question, stored.value, names) if frozen else None,
    )


def _first(fields: Fields, name: str) -> str:
    return fields.get(name, [""])[0]


def _place_text(question: Question, name: str, fields: Fields, names: Mapping[str, str]) -> str:
    """What stands in the text of a picker: what was typed, else the name of what is stored."""
    if question.kind not in PICKED:
        return ""
    if f"{name}_text" in fields:
        return _first(fields, f"{name}_text")
    return names.get(_first(fields, name), "").rsplit(" (", 1)[0]


def _options(question: Question, dossier: Dossier) -> list[Option]:
    if question.kind is Kind.PHASE:
        return [(phase.code, phase.name, phase.description) for phase in dossier.phases]
    if question.kind is Kind.YES_NO:
        return [("yes", _("Oui"), ""), ("no", _("Non"), "")]
    if question.kind is Kind.SCALE and question.least is not None and question.most is not None:
        return [
            (str(degree), str(degree), _degree_words(question, degree)) for degree in range(question.least, question.most + 1)
        ]
    return [(option.code, option.label, option.help) for option in question.options]


def _degree_words(question: Question, degree: int) -> str:
    """What the two ends of a scale mean."""
    if not question.scale_words:
        return ""
    return {question.least: question.scale_words[0], question.most: question.scale_words[1]}.get(degree, "")


def _rows(question: Question, name: str, fields: Fields, errors: Mapping[str, str]) -> list[list[CellField]]:
    """The rows that hold something, and a blank one to add to them."""
    if question.kind is not Kind.ROWS:
        return []
    filled = [row for row in range(question.rows_max) if _holds(question, name, row, fields)]
    count = min((filled[-1] + 2) if filled else 1, question.rows_max)
    return [_row(question, name, row, fields, errors) for row in range(count)]


def _holds(question: Question, name: str, row: int, fields: Fields) -> bool:
    return any(_first(fields, f"{name}_{row}_{column.code}") for column in question.columns)


def _row(question: Question, name: str, row: int, fields: Fields, errors: Mapping[str, str]) -> list[CellField]:
    return [
        CellField(
            name=f"{name}_{row}_{column.code}",
            label=column.label,
            kind=column.kind.value,
            value=_first(fields, f"{name}_{row}_{column.code}"),
            error=errors.get(f"{question.code}/{row}/{column.code}"),
            required=column.required,
            limit=column.limit,
            unit=column.unit,
            has_decimals=column.decimals > 0 or column.kind is Kind.AMOUNT,
            options=[(option.code, option.label, option.help) for option in column.options],
        )
        for column in question.columns
    ]


def field_errors(errors: Mapping[str, str], codes: Collection[str]) -> dict[str, str]:
    """Sentences by the field a link can lead to; what belongs to no question here keeps its name."""
    return {field_name(place) if place.split("/")[0] in codes else place: sentence for place, sentence in errors.items()}
