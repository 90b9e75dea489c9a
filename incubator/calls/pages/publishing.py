"""Publishing a call, and moving its closing later."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.calls.actions import extend_call, publish_call
from incubator.calls.forms import Confirmation, ExtensionForm
from incubator.calls.pages.managing import managed_call
from incubator.calls.pages.public import call_shown
from incubator.calls.pages.words import wall
from incubator.calls.queries import CallAnswer
from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, page, submit
from incubator.core.policy import STAFF

AnyRequest = Request[Any, Any, Any]


@post("/calls/{code:str}/publication", opt=STAFF)
async def publication(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Let everybody see the call."""

    async def act(_form: Confirmation) -> str:
        await publish_call(code, by=request.user, at=now())
        return f"/calls/{code}"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await call_shown(request, code, reason)

    return await submit(request, Confirmation, act, shown, notice=_("L’appel est publié. Tout le monde peut le lire."))


@get("/calls/{code:str}/extension", opt=STAFF)
async def extension_page(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The form that moves the closing later."""
    call = await managed_call(request, code)
    return await _extension(request, call, filled(closes_at=wall(call.closes_at), notify_on=call.notify_on.isoformat()), {}, "")


@post("/calls/{code:str}/extension", opt=STAFF)
async def extension(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Move the closing later."""
    call = await managed_call(request, code)

    async def act(form: ExtensionForm) -> str:
        await extend_call(code, form, by=request.user, at=now())
        return f"/calls/{code}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _extension(request, call, values, errors, reason)

    return await submit(request, ExtensionForm, act, shown, notice=_("La clôture est repoussée."))


async def _extension(request: AnyRequest, call: CallAnswer, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    return page(request, "calls/extension.html", call=call, values=values, errors=errors, reason=reason)


HANDLERS = [publication, extension_page, extension]
