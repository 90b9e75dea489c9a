"""What the pages that build a form show: the frame they share, a question and its conditions as fields, a difference in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response

from incubator.calls.actions.drafts import faults_of
from incubator.calls.actions.managing import check_manages
from incubator.calls.definitions import NUMERIC, Condition, FormDefinition, Question
from incubator.calls.pages.building_words import kind_words
from incubator.calls.queries.building import BuiltForm, built_form, phase_names_of
from incubator.calls.rules.forms import Fault
from incubator.calls.rules.wording import MEGABYTE, answers_of, condition_words
from incubator.core.errors import Conflict
from incubator.core.language import _
from incubator.core.pages import Typed, filled, page
from incubator.core.words import number_words

AnyRequest = Request[Any, Any, Any]
CONDITION_ROWS = 8


class Frame(msgspec.Struct, frozen=True):
    """A form being built, what is to be mended in it, and whether who reads may change it."""

    form: BuiltForm
    faults: list[Fault]
    phases: dict[str, str]
    may_edit: bool

    @property
    def definition(self) -> FormDefinition:
        """The form as it stands."""
        return self.form.definition

    @property
    def questions(self) -> dict[str, Question]:
        """Every question by its code."""
        return {question.code: question for question in self.definition.questions}

    def at(self, kind: str, code: str) -> list[str]:
        """What is to be mended in one place."""
        return [fault.reason for fault in self.faults if (fault.kind, fault.code) == (kind, code)]

    def href(self, fault: Fault) -> str:
        """The page where a fault is mended."""
        return href_of(self.form.id, fault.kind, fault.code)


def href_of(form_id: UUID, kind: str, code: str) -> str:
    """The page of a part of a form."""
    folder = {"section": "sections", "question": "questions", "rule": "rules", "self_test": "self-test"}.get(kind)
    return f"/forms/{form_id}/{folder}/{code}" if folder else f"/forms/{form_id}"


async def framed(request: AnyRequest, form_id: UUID) -> Frame:
    """The frame of a form's pages. Raises `NotFound` for those who do not work for its programme."""
    form = await built_form(request.user, form_id)
    may_edit = form.published_at is None and request.user.manages(form.programme)
    faults = await faults_of(form) if form.published_at is None else []
    return Frame(form, faults, await phase_names_of(form.programme), may_edit)


async def editable(request: AnyRequest, form_id: UUID) -> Frame:
    """The same, for who may change it now. Raises `Refused`, or `Conflict` once it is published."""
    frame = await framed(request, form_id)
    check_manages(request.user, frame.form.programme)
    if not frame.may_edit:
        raise Conflict(_("Cette version est publiée : elle ne change plus. Préparez-en une nouvelle."))
    return frame


def built_page(request: AnyRequest, template: str, frame: Frame, **context: Any) -> Response[Any]:
    """A page of the builder."""
    return page(request, f"calls/build/{template}.html", frame=frame, form_version=frame.form, kinds=kind_words(), **context)


class ConditionRow(msgspec.Struct, frozen=True):
    """A row: a question, and the answers or the bounds it waits for."""

    rank: int
    question: str
    is_number: bool
    answers: list[tuple[str, str]]
    ticked: list[str]
    least: str
    most: str


class ConditionFields(msgspec.Struct, frozen=True):
    """A condition as fields named after `prefix`; `kept`: one too deep for rows, in words."""

    prefix: str
    join: str
    kept: str
    choices: list[tuple[str, str]]
    rows: list[ConditionRow]


def condition_fields(
    prefix: str, stored: Condition | None, earlier: Mapping[str, Question], phases: Mapping[str, str], values: Typed
) -> ConditionFields:
    """The rows of a condition that hold something, and a blank one."""
    is_deep = bool(stored) and any(part.every or part.some for part in (stored.every or stored.some if stored else ()))
    choices = [(code, f"{code} — {question.label}") for code, question in earlier.items() if _may_depend(question)]
    rows = []
    for rank in range(CONDITION_ROWS):
        code = values[f"{prefix}_question.{rank}"]
        rows.append(_row(prefix, rank, code, earlier.get(code), phases, values))
        if not code:
            break
        if code not in dict(choices):
            choices.append((code, code))
    kept = condition_words(stored, earlier, phases) if stored and is_deep else ""
    return ConditionFields(prefix, values[f"{prefix}_join"] or "every", kept, choices, rows)


def _may_depend(question: Question) -> bool:
    return question.kind in NUMERIC or bool(answers_of(question, {"": ""}) and question.kind != "ranked")


def _row(prefix: str, rank: int, code: str, asked: Question | None, phases: Mapping[str, str], values: Typed) -> ConditionRow:
    return ConditionRow(
        rank=rank,
        question=code,
        is_number=asked is not None and asked.kind in NUMERIC,
        answers=[(f"{rank}.{one}", words) for one, words in answers_of(asked, phases)] if asked else [],
        ticked=values.all(f"{prefix}_answers"),
        least=values[f"{prefix}_least.{rank}"],
        most=values[f"{prefix}_most.{rank}"],
    )


def condition_values(prefix: str, stored: Condition | None) -> dict[str, Any]:
    """The fields that show a stored condition: what `condition_of` reads back as the same."""
    if stored is None:
        return {f"{prefix}_join": "every"}
    parts = stored.every or stored.some
    if any(part.every or part.some for part in parts):
        return {f"{prefix}_join": "kept"}
    found: dict[str, Any] = {f"{prefix}_join": "some" if stored.some else "every", f"{prefix}_answers": []}
    for rank, leaf in enumerate(parts or (stored,)):
        found |= {
            f"{prefix}_question.{rank}": leaf.question,
            f"{prefix}_least.{rank}": leaf.least,
            f"{prefix}_most.{rank}": leaf.most,
        }
        found[f"{prefix}_answers"] += [f"{rank}.{value}" for value in leaf.values]
    return found


def question_values(question: Question) -> Typed:
    """The fields that show a stored question: what `typed_question` reads back as the same."""
    plain = ("kind", "label", "help", "example", "unit", "least", "most", "file_types", "criteria", "readers", "prefill")
    facts: dict[str, Any] = {name: getattr(question, name) for name in plain}
    facts |= {name: getattr(question, name) or None for name in ("limit", "decimals", "ranks", "rows_max", "files_max")}
    facts |= {name: list(facts[name]) for name in ("file_types", "criteria")}
    facts["need"] = "yes" if question.required else "when" if question.required_when else "no"
    facts["size_mb"] = number_words(Decimal(question.size_max) / MEGABYTE, 6) if question.size_max else ""
    facts["word_least"], facts["word_most"] = question.scale_words or ("", "")
    for option in question.options:
        facts |= {f"option_label.{option.code}": option.label, f"option_help.{option.code}": option.help}
    for column in question.columns:
        held = {name: getattr(column, name) for name in ("label", "kind", "unit")}
        held |= {"limit": column.limit or None, "decimals": column.decimals or None}
        held["options"] = "\n".join(option.label for option in column.options)
        facts |= {f"column_{name}.{column.code}": value for name, value in held.items()}
    facts["column_required"] = [column.code for column in question.columns if column.required]
    return filled(**facts, **condition_values("when", question.when), **condition_values("need", question.required_when))
