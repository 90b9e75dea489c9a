"""The builder: the outline of a form, its sections and its questions, one at a time."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from incubator.calls.actions import building
from incubator.calls.building_forms import MoveForm, RemovalForm, SectionForm, SettingsForm
from incubator.calls.definitions import Section
from incubator.calls.pages.building_fields import AnyRequest, Frame, built_page, editable, framed
from incubator.calls.pages.building_words import effect_options
from incubator.calls.rules.editing import place_of
from incubator.calls.rules.wording import MEGABYTE, condition_words
from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, submit
from incubator.core.policy import STAFF
from incubator.core.words import number_words


@get("/forms/{form_id:uuid}", opt=STAFF)
async def form_page(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """The outline of a form: sections, questions, rules, self-test, and what is to be mended."""
    return await outline(request, form_id, "")


async def outline(request: AnyRequest, form_id: UUID, reason: str) -> Response[Any]:
    """The outline, with why the last change was not made."""
    frame = await framed(request, form_id)

    def words(condition: Any) -> str:
        return condition_words(condition, frame.questions, frame.phases)

    return built_page(request, "form", frame, reason=reason, condition_words=words, effects=dict(effect_options()))


@post("/forms/{form_id:uuid}/order", opt=STAFF)
async def order(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """Move a part of the form."""

    async def act(form: MoveForm) -> str:
        await building.move(form_id, form, by=request.user, at=now())
        return f"/forms/{form_id}#" + form.move.partition(" ")[2].replace(" ", "-")

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await outline(request, form_id, reason or _("Dites quoi déplacer, et où."))

    return await submit(request, MoveForm, act, shown)


@post("/forms/{form_id:uuid}/removal", opt=STAFF)
async def removal(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """Take a part of the form out."""

    async def act(form: RemovalForm) -> str:
        await building.remove(form_id, form, by=request.user, at=now())
        return f"/forms/{form_id}"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await outline(request, form_id, reason)

    return await submit(request, RemovalForm, act, shown, notice=_("C’est retiré. Les versions publiées le gardent."))


@get("/forms/{form_id:uuid}/settings", opt=STAFF)
async def settings_page(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """The title of a form and what concerns it whole."""
    frame = await editable(request, form_id)
    size = frame.definition.files_size_max
    values = filled(
        title=frame.definition.title,
        files_size_mb=number_words(Decimal(size) / MEGABYTE, 6) if size else "",
        version=frame.form.version,
    )
    return built_page(request, "settings", frame, values=values, errors={}, reason="")


@post("/forms/{form_id:uuid}/settings", opt=STAFF)
async def settings(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """Change what concerns the whole form."""

    async def act(form: SettingsForm) -> str:
        await building.edit_settings(form_id, form, by=request.user, at=now())
        return f"/forms/{form_id}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        frame = await framed(request, form_id)
        return built_page(request, "settings", frame, values=values, errors=errors, reason=reason)

    return await submit(request, SettingsForm, act, shown, notice=_("C’est enregistré."))


@get("/forms/{form_id:uuid}/new-section", opt=STAFF)
async def new_section_page(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """The form that adds a section."""
    frame = await editable(request, form_id)
    return _section_page(request, frame, None, filled(version=frame.form.version), {}, "")


@post("/forms/{form_id:uuid}/new-section", opt=STAFF)
async def new_section(request: AnyRequest, form_id: FromPath[UUID]) -> Response[Any]:
    """Add a section, then its first question."""

    async def act(form: SectionForm) -> str:
        code = await building.add_section(form_id, form, by=request.user, at=now())
        return f"/forms/{form_id}/new-question?section={code}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return _section_page(request, await framed(request, form_id), None, values, errors, reason)

    return await submit(request, SectionForm, act, shown, notice=_("La section est ajoutée. Posez sa première question."))


@get("/forms/{form_id:uuid}/sections/{code:str}", opt=STAFF)
async def section_page(request: AnyRequest, form_id: FromPath[UUID], code: FromPath[str]) -> Response[Any]:
    """A section: its title and introduction."""
    frame = await framed(request, form_id)
    section = _section(frame, code)
    values = filled(title=section.title, introduction=section.introduction, version=frame.form.version)
    return _section_page(request, frame, section, values, {}, "")


@post("/forms/{form_id:uuid}/sections/{code:str}", opt=STAFF)
async def edit_section(request: AnyRequest, form_id: FromPath[UUID], code: FromPath[str]) -> Response[Any]:
    """Change a section."""

    async def act(form: SectionForm) -> str:
        await building.edit_section(form_id, code, form, by=request.user, at=now())
        return f"/forms/{form_id}#section-{code}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        frame = await framed(request, form_id)
        return _section_page(request, frame, _section(frame, code), values, errors, reason)

    return await submit(request, SectionForm, act, shown, notice=_("C’est enregistré."))


def _section(frame: Frame, code: str) -> Section:
    return frame.definition.sections[place_of(frame.definition.sections, code)]


def _section_page(
    request: AnyRequest, frame: Frame, section: Section | None, values: Typed, errors: dict[str, str], reason: str
) -> Response[Any]:
    return built_page(request, "section", frame, section=section, values=values, errors=errors, reason=reason)


HANDLERS: list[Any] = [
    form_page,
    order,
    removal,
    settings_page,
    settings,
    new_section_page,
    new_section,
    section_page,
    edit_section,
]
