"""A form as a team meets it, before it is published: its staff fill it in, conditions react, nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.applications.forms.answers import Fields, field_name, read_answers, sent_answer
from incubator.applications.forms.values import Wrong
from incubator.applications.pages.fields import QuestionField, Shown, field_errors, question_fields
from incubator.applications.queries.dossiers import Dossier, StoredAnswer, place_names
from incubator.applications.rules.dossier import missing, progress
from incubator.applications.rules.moves import ApplicationFacts
from incubator.applications.rules.reading import places_in
from incubator.applications.tables import ApplicationState
from incubator.calls.definitions import FormDefinition, Section
from incubator.calls.queries.building import BuiltForm, built_form
from incubator.core.clock import now
from incubator.core.errors import NotFound
from incubator.core.language import _
from incubator.core.pages import page, sent_form
from incubator.core.policy import STAFF
from incubator.core.text import Unreadable, clean
from incubator.programmes.queries import PhaseView, last_plan

AnyRequest = Request[Any, Any, Any]
NOBODY = UUID(int=0)
OURS = frozenset({"csrf", "then", "section", "width"})


class Preview(msgspec.Struct, frozen=True):
    """What is shown: a section as fields, and what was typed in the others, which travels with the page."""

    section: Section
    fields: list[QuestionField]
    carried: list[tuple[str, str]]
    errors: dict[str, str]


@get("/forms/{form_id:uuid}/preview", opt=STAFF)
async def preview_page(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """The first section, blank."""
    return await _shown(request, form_id, {name: [text] for name, text in request.query_params.items()})


@post("/forms/{form_id:uuid}/preview", opt=STAFF)
async def preview(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """The section asked for, with what was typed so far; nothing is stored."""
    return await _shown(request, form_id, await sent_form(request))


async def _shown(request: AnyRequest, form_id: UUID, sent: Fields) -> Response[Any]:
    form = await built_form(request.user, form_id)
    if not form.definition.sections:
        raise NotFound
    plan = await last_plan(form.programme)
    phases = tuple(phase for phase in plan.phases if phase.is_entry) if plan else ()
    values, errors = _read(form.definition, sent, {phase.code: phase.name for phase in phases})
    dossier = _dossier(form, phases, values)
    made = await _preview(dossier, sent, errors)
    return page(
        request,
        "applications/preview.html",
        status_code=422 if made.errors else 200,
        form_version=form,
        preview=made,
        sections=progress(form.definition, dossier.answers),
        missing_count=len(missing(form.definition, dossier.answers)),
        width="phone" if sent.get("width") == ["phone"] else "",
    )


def _read(definition: FormDefinition, sent: Fields, phases: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed, as answers, and one sentence for each place that cannot be taken."""
    raw, errors = {}, {}
    for question in definition.questions:
        try:
            raw[question.code] = sent_answer(question, sent)
            clean((sent.get(f"{field_name(question.code)}_text") or [""])[0])
        except Wrong as wrong:
            errors[question.code] = wrong.errors[""]
        except Unreadable:
            errors[question.code] = _("Ce texte contient un caractère illisible. Retapez-le.")
    values, wrongs = read_answers({one.code: one for one in definition.questions}, raw, phases)
    return values, wrongs | errors


def _dossier(form: BuiltForm, phases: tuple[PhaseView, ...], values: Mapping[str, Any]) -> Dossier:
    """An application that does not exist."""
    at = now()
    facts = ApplicationFacts(
        id=NOBODY, call=NOBODY, call_code="", call_title="", programme=form.programme, plan=NOBODY, form=form.id, project=NOBODY,
        project_name="", state=ApplicationState.DRAFT, version=1, deposited_at=None, phase=None, departements=[], published_at=at,
        opens_at=at, closes_at=at, notify_on=at.date(), complement=None, complement_questions=None, complement_message=None,
        complement_due_at=None, complement_by=None, deposits_count=0, number=None, is_mine=True, is_depositor=True,
    )  # fmt: skip
    stored = {code: StoredAnswer(value) for code, value in values.items()}
    return Dossier(facts, form.definition, phases, stored)


async def _preview(dossier: Dossier, sent: Fields, errors: Mapping[str, str]) -> Preview:
    section = _wanted(dossier.definition, sent, errors)
    codes = {question.code for question in section.questions}
    here = {place: sentence for place, sentence in errors.items() if place.split("/")[0] in codes}
    names = await place_names(places_in(dossier.definition, dossier.answers)) | dossier.phase_names
    fields = question_fields(section, dossier, names, Shown(sent if here else None, here), read_only=False)
    shown = {field.name for field in fields}
    carried = [
        (name, text)
        for name, texts in sent.items()
        for text in texts
        if name not in OURS and not name.startswith("was.") and name.split("_")[0] not in shown
    ]
    return Preview(section, fields, carried, field_errors(here, codes))


def _wanted(definition: FormDefinition, sent: Fields, errors: Mapping[str, str]) -> Section:
    """The section asked for; the one just left, when something in it cannot be taken."""
    here, _space, there = sent.get("section", [""])[0].partition(" ")
    left = definition.section(here)
    if left and any(field_name(one.code) in {field_name(place.split("/")[0]) for place in errors} for one in left.questions):
        return left
    return definition.section(there or here) or definition.sections[0]


HANDLERS: list[Any] = [preview_page, preview]
