"""The call as everybody reads it, and its form on paper."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from incubator.calls.pages.words import state_words
from incubator.calls.pdf import empty_form
from incubator.calls.queries import CallAnswer, form_version, grid_version, visible_call
from incubator.calls.queries.faq import FaqAnswer, published_faq
from incubator.calls.rules.reading import readable
from incubator.core.clock import now
from incubator.core.pages import page
from incubator.core.policy import PUBLIC
from incubator.people.queries import Person

AnyRequest = Request[Any, Any, Any]


@get("/calls/{code:str}", opt=PUBLIC)
async def call_page(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The call as everybody reads it: dates, places, criteria, the whole form."""
    call = await visible_call(request.user, code, at=now())
    form = (await form_version(call.form)).definition
    me: Person | None = request.user
    return page(
        request,
        "calls/call.html",
        call=call,
        words=state_words(),
        grid=await grid_version(call.grid),
        form=form,
        sections=readable(form, {place.code: place.name for place in call.places}),
        faq=by_section(await published_faq(call.id)),
        is_staff=bool(me and me.works_for(call.programme)),
        is_manager=bool(me and me.manages(call.programme)),
        handles=bool(me and me.handles(call.programme)),
    )


def by_section(entries: list[FaqAnswer]) -> dict[str, list[FaqAnswer]]:
    """Entries of the public page by section; "" holds those about the call as a whole."""
    found: dict[str, list[FaqAnswer]] = {}
    for entry in entries:
        found.setdefault(entry.section, []).append(entry)
    return found


@get("/calls/{code:str}/form.pdf", opt=PUBLIC)
async def form_on_paper(request: AnyRequest, code: FromPath[str]) -> Response[bytes]:
    """The empty form to print, with room to write."""
    call: CallAnswer = await visible_call(request.user, code, at=now())
    name = f"formulaire-{call.code}.pdf"
    return Response(
        await empty_form(call),
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


HANDLERS = [call_page, form_on_paper]
