"""The checklist of a call, publishing it, moving its closing later, archiving it."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.calls import rules
from incubator.calls.actions import archive_call, extend_call, publish_call, restore_call
from incubator.calls.forms import Confirmation, ExtensionForm
from incubator.calls.pages.managing import managed_call, read_call
from incubator.calls.pages.words import instant_fields, state_words
from incubator.calls.queries import CallAnswer, extensions_of, publishing
from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, lead_to, page, submit
from incubator.core.policy import STAFF

AnyRequest = Request[Any, Any, Any]


@get("/calls/{code:str}/checklist", opt=STAFF)
async def checklist(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """What is there and what is missing before everybody may see the call; from there it is published."""
    return await _checklist(request, await read_call(request, code), "")


async def _checklist(request: AnyRequest, call: CallAnswer, reason: str) -> Response[Any]:
    at = now()
    facts = await publishing(call)
    return page(
        request,
        "calls/checklist.html",
        call=call,
        checks=rules.checklist(facts, at),
        why_not_publish=rules.why_not_publish(facts, at),
        opens_later=call.opens_at > at,
        is_manager=request.user.manages(call.programme),
        words=state_words(),
        reason=reason,
    )


@post("/calls/{code:str}/publication", opt=STAFF)
async def publication(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Let everybody see the call."""
    call = await managed_call(request, code)

    async def act(_form: Confirmation) -> str:
        await publish_call(code, by=request.user, at=now())
        return f"/calls/{code}"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _checklist(request, call, reason)

    later = _("L’appel est programmé. Tout le monde peut le lire ; il ouvrira à la date prévue.")
    notice = later if call.opens_at > now() else _("L’appel est publié. Tout le monde peut le lire.")
    return await submit(request, Confirmation, act, shown, notice=notice)


@get("/calls/{code:str}/extension", opt=STAFF)
async def extension_page(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The form that moves the closing later."""
    call = await managed_call(request, code)
    values = filled(notify_on=call.notify_on.isoformat(), **instant_fields(closes_at=call.closes_at))
    return await _extension(request, call, values, {}, "")


@post("/calls/{code:str}/extension", opt=STAFF)
async def extension(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Move the closing later."""
    call = await managed_call(request, code)

    async def act(form: ExtensionForm) -> str:
        await extend_call(code, form, by=request.user, at=now())
        return f"/calls/{code}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _extension(request, call, values, errors, reason)

    notice = _("La clôture est repoussée. L’équipe de chaque brouillon va recevoir un message.")
    return await submit(request, ExtensionForm, act, shown, notice=notice)


async def _extension(request: AnyRequest, call: CallAnswer, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    earlier = await extensions_of(call.id)
    return page(request, "calls/extension.html", call=call, values=values, errors=errors, reason=reason, earlier=earlier)


@post("/calls/{code:str}/archive", opt=STAFF)
async def archive(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Take a closed call off the lists."""
    await archive_call(code, by=request.user, at=now())
    return lead_to(request, f"/calls/{code}", _("L’appel est archivé. Il a quitté les listes ; cette page y mène toujours."))


@post("/calls/{code:str}/restoration", opt=STAFF)
async def restoration(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Put an archived call back on the lists."""
    await restore_call(code, by=request.user, at=now())
    return lead_to(request, f"/calls/{code}", _("L’appel est revenu dans les listes."))


HANDLERS = [checklist, publication, extension_page, extension, archive, restoration]
