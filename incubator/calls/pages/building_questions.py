"""The builder: one question at a time, with the fields of its kind."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from incubator.calls.actions import building
from incubator.calls.building_forms import NewQuestionForm, QuestionForm, VersionForm
from incubator.calls.definitions import Kind, Question
from incubator.calls.pages.building import outline
from incubator.calls.pages.building_fields import (
    AnyRequest,
    Frame,
    built_page,
    condition_fields,
    editable,
    framed,
    href_of,
    question_values,
)
from incubator.calls.pages.building_words import (
    column_kind_options,
    effect_options,
    kind_options,
    need_options,
    prefill_options,
    readers_options,
)
from incubator.calls.queries.building import grid_in_force
from incubator.calls.rules.editing import earlier_than, place_of, question_of, section_of
from incubator.calls.rules.questions import FILE_TYPES, digest_of
from incubator.calls.rules.telling import facts_in_words
from incubator.calls.rules.wording import answers_of
from incubator.core.clock import now
from incubator.core.errors import NotFound
from incubator.core.language import _
from incubator.core.pages import Typed, filled, submit
from incubator.core.policy import STAFF


@get("/forms/{form_id:uuid}/new-question", opt=STAFF)
async def new_question_page(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """The form that adds a question."""
    frame = await editable(request, form_id)
    wanted = {name: request.query_params.get(name, "") for name in ("section", "after")}
    return _new_question(request, frame, filled(version=frame.form.version, kind=Kind.TEXT, **wanted), {}, "")


@post("/forms/{form_id:uuid}/new-question", opt=STAFF)
async def new_question(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """Add a question, then say the rest on its page."""

    async def act(form: NewQuestionForm) -> str:
        return href_of(form_id, "question", await building.add_question(form_id, form, by=request.user, at=now()))

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return _new_question(request, await framed(request, form_id), values, errors, reason)

    return await submit(request, NewQuestionForm, act, shown, notice=_("La question est ajoutée. Précisez-la ici."))


def _new_question(request: AnyRequest, frame: Frame, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    section = frame.definition.section(values.section)
    if section is None:
        raise NotFound
    kinds = kind_options()
    return built_page(
        request, "new_question", frame, section=section, values=values, errors=errors, reason=reason, kind_options=kinds
    )


@get("/forms/{form_id:uuid}/questions/{code:str}", opt=STAFF)
async def question_page(request: AnyRequest, form_id: FromPath[UUID], code: FromPath[str]) -> Response[Any]:
    """A question, with the fields of its kind."""
    frame = await framed(request, form_id)
    return await _question(request, frame, code, question_values(question_of(frame.definition, code)), {}, "")


@post("/forms/{form_id:uuid}/questions/{code:str}", opt=STAFF)
async def edit_question(request: AnyRequest, form_id: FromPath[UUID], code: FromPath[str]) -> Response[Any]:
    """Change a question; its page again, with what its new kind asks."""

    async def act(form: QuestionForm) -> str:
        await building.edit_question(form_id, code, form, by=request.user, at=now())
        return href_of(form_id, "question", code) + _place(form.then)

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _question(request, await framed(request, form_id), code, values, errors, reason)

    return await submit(request, QuestionForm, act, shown, notice=_("C’est enregistré."))


def _place(then: str) -> str:
    """Where in the page to go on: to the part whose button was pressed."""
    part = then.split(" ")[0]
    return f"#{part}" if part in ("options", "columns", "when", "need", "kind") else ""


async def _question(
    request: AnyRequest, frame: Frame, code: str, values: Typed, errors: dict[str, str], reason: str
) -> Response[Any]:
    question = question_of(frame.definition, code)
    earlier = {one.code: one for one in earlier_than(frame.definition, code)}
    grid = await grid_in_force(frame.form.programme)
    section = section_of(frame.definition, code)
    shown = msgspec.structs.replace(question, kind=Kind(values.kind)) if values.kind in set(Kind) else question
    return built_page(
        request,
        "question" if frame.may_edit else "question_read",
        frame,
        question=shown,
        section=section,
        was=digest_of(question),
        values=values,
        errors=errors,
        reason=reason,
        when=condition_fields("when", question.when, earlier, frame.phases, values),
        need=condition_fields("need", question.required_when, earlier, frame.phases, values),
        criteria=[(one.code, f"{one.code} — {one.label}") for one in grid.criteria] if grid else [],
        rules=[rule for rule in frame.definition.eligibility if code in rule.questions],
        answers=answers_of(question, {}),
        places=_places(frame, question),
        place=f"{section.code} {place_of(section.questions, code)}",
        neighbours=_neighbours(frame, code),
        facts=facts_in_words(question, frame.questions),
        kind_options=kind_options(),
        column_kinds=column_kind_options(),
        readers=readers_options(),
        prefills=prefill_options(shown.kind),
        effects=effect_options(),
        needs=need_options(),
        file_types=[(one, one) for one in dict.fromkeys((*FILE_TYPES, *question.file_types))],
    )


def _places(frame: Frame, question: Question) -> list[tuple[str, str]]:
    """Where a question may be moved to: `S2 3`, in words."""
    found = []
    for section in frame.definition.sections:
        found.append((f"{section.code} 0", _("Au début de « {section} »").format(section=section.title)))
        others = [one for one in section.questions if one.code != question.code]
        found += [
            (f"{section.code} {rank}", _("Après {code} — {label}").format(code=one.code, label=one.label))
            for rank, one in enumerate(others, start=1)
        ]
    return found


def _neighbours(frame: Frame, code: str) -> tuple[Question | None, Question | None]:
    """The questions before and after."""
    questions = frame.definition.questions
    place = place_of(questions, code)
    return (questions[place - 1] if place else None), (questions[place + 1] if place + 1 < len(questions) else None)


@post("/forms/{form_id:uuid}/questions/{code:str}/copy", opt=STAFF)
async def copy_question(request: AnyRequest, form_id: FromPath[UUID], code: FromPath[str]) -> Response[Any]:
    """Put a copy of a question right after it."""

    async def act(form: VersionForm) -> str:
        return href_of(form_id, "question", await building.copy_question(form_id, code, form.version, by=request.user, at=now()))

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await outline(request, form_id, reason)

    return await submit(request, VersionForm, act, shown, notice=_("Voici la copie. Changez ce qui diffère."))


HANDLERS: list[Any] = [new_question_page, new_question, question_page, edit_question, copy_question]
