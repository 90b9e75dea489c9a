"""Questions often asked: written, put in order and shown by who handles the call's files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.calls.actions import faq as actions
from incubator.calls.actions.faq import check_handles
from incubator.calls.forms import Confirmation
from incubator.calls.public_forms import EditFaqForm, FaqForm, MoveForm
from incubator.calls.queries import CallAnswer, form_version, visible_call
from incubator.calls.queries.faq import FaqView, faq_entry, faq_of
from incubator.core.clock import now
from incubator.core.errors import NotFound
from incubator.core.language import _
from incubator.core.pages import Typed, filled, new_once, page, submit
from incubator.core.policy import STAFF

AnyRequest = Request[Any, Any, Any]


@get("/calls/{code:str}/faq", opt=STAFF)
async def faq_page(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Every entry, shown or not, section by section, and a form to add one."""
    return await _faq(request, await _handled(request, code), filled(published=True), {}, "")


@post("/calls/{code:str}/faq", opt=STAFF)
async def add_entry(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Add a question and its answer."""
    call = await _handled(request, code)

    async def act(form: FaqForm) -> str:
        await actions.add_faq_entry(code, form, by=request.user, at=now())
        return f"/calls/{code}/faq"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _faq(request, call, values, errors, reason)

    return await submit(request, FaqForm, act, shown, notice=_("La réponse est enregistrée."))


async def _faq(request: AnyRequest, call: CallAnswer, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    sections = await _sections(call)
    found = await faq_of(call.id)
    groups = [(name, [entry for entry in found if entry.section == code]) for code, name in sections]
    return page(
        request,
        "calls/faq.html",
        call=call,
        sections=sections,
        groups=[group for group in groups if group[1]],
        values=values,
        errors=errors,
        reason=reason,
        once=new_once(),
    )


async def _sections(call: CallAnswer) -> list[tuple[str, str]]:
    form = (await form_version(call.form)).definition
    return [("", _("L’appel en général")), *((section.code, section.title) for section in form.sections)]


@get("/calls/{code:str}/faq/{entry_id:uuid}", opt=STAFF)
async def entry_page(request: AnyRequest, code: FromPath[str], entry_id: FromPath[UUID]) -> Response[Any]:
    """The form of one entry."""
    call, entry = await _entry(request, code, entry_id)
    facts = {name: getattr(entry, name) for name in ("section", "question", "answer", "version")}
    return await _edited(request, call, entry, filled(published=entry.published_at is not None, **facts), {}, "")


@post("/calls/{code:str}/faq/{entry_id:uuid}", opt=STAFF)
async def edit_entry(request: AnyRequest, code: FromPath[str], entry_id: FromPath[UUID]) -> Response[Any]:
    """Change an entry, show it or take it back."""
    call, entry = await _entry(request, code, entry_id)

    async def act(form: EditFaqForm) -> str:
        await actions.edit_faq_entry(entry_id, form, by=request.user, at=now())
        return f"/calls/{code}/faq"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _edited(request, call, entry, values, errors, reason)

    return await submit(request, EditFaqForm, act, shown, notice=_("La réponse est enregistrée."))


async def _edited(
    request: AnyRequest, call: CallAnswer, entry: FaqView, values: Typed, errors: dict[str, str], reason: str
) -> Response[Any]:
    sections = await _sections(call)
    return page(
        request, "calls/faq_entry.html", call=call, entry=entry, sections=sections, values=values, errors=errors, reason=reason
    )


@post("/calls/{code:str}/faq/{entry_id:uuid}/place", opt=STAFF)
async def move_entry(request: AnyRequest, code: FromPath[str], entry_id: FromPath[UUID]) -> Response[Any]:
    """One place up or down in its section."""
    call, _found = await _entry(request, code, entry_id)

    async def act(form: MoveForm) -> str:
        await actions.move_faq_entry(entry_id, up=form.way == "up", by=request.user, at=now())
        return f"/calls/{code}/faq#entry-{entry_id}"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _faq(request, call, filled(), {}, reason)

    return await submit(request, MoveForm, act, shown)


@post("/calls/{code:str}/faq/{entry_id:uuid}/removal", opt=STAFF)
async def remove_entry(request: AnyRequest, code: FromPath[str], entry_id: FromPath[UUID]) -> Response[Any]:
    """Throw away an entry that visitors do not read."""
    call, _found = await _entry(request, code, entry_id)

    async def act(_form: Confirmation) -> str:
        await actions.remove_faq_entry(entry_id, by=request.user, at=now())
        return f"/calls/{code}/faq"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _faq(request, call, filled(), {}, reason)

    return await submit(request, Confirmation, act, shown, notice=_("La question est supprimée."))


async def _handled(request: AnyRequest, code: str) -> CallAnswer:
    call = await visible_call(request.user, code, at=now())
    check_handles(request.user, call.programme)
    return call


async def _entry(request: AnyRequest, code: str, entry_id: UUID) -> tuple[CallAnswer, FaqView]:
    call = await _handled(request, code)
    entry = await faq_entry(entry_id)
    if entry.call != call.id:
        raise NotFound
    return call, entry


HANDLERS = [faq_page, add_entry, entry_page, edit_entry, move_entry, remove_entry]
