"""The call as everybody reads it, and its form on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath
from markupsafe import Markup

from incubator.calls.pages.words import state_words
from incubator.calls.pdf import empty_form
from incubator.calls.queries import CallAnswer, form_version, grid_version, visible_call
from incubator.calls.queries.faq import FaqAnswer, published_faq
from incubator.calls.queries.versions import FormView, GridView
from incubator.calls.rules.reading import readable
from incubator.core.clock import now
from incubator.core.language import language
from incubator.core.pages import page
from incubator.core.policy import PUBLIC
from incubator.core.templates import render
from incubator.people.queries import Person

AnyRequest = Request[Any, Any, Any]
KEPT_MAX = 50

_kept: dict[tuple[str, UUID, UUID, tuple[tuple[str, str], ...]], Markup] = {}


@get("/calls/{code:str}", opt=PUBLIC)
async def call_page(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The call as everybody reads it: dates, places, criteria, the whole form."""
    call = await visible_call(request.user, code, at=now())
    form = await form_version(call.form)
    me: Person | None = request.user
    return page(
        request,
        "calls/call.html",
        call=call,
        words=state_words(),
        form=form.definition,
        versions=_read(form, await grid_version(call.grid), {place.code: place.name for place in call.places}),
        faq=by_section(await published_faq(call.id)),
        is_staff=bool(me and me.works_for(call.programme)),
        is_manager=bool(me and me.manages(call.programme)),
        handles=bool(me and me.handles(call.programme)),
    )


def _read(form: FormView, grid: GridView, phases: dict[str, str]) -> Markup:
    """The eligibility, the criteria and the questions in the reader's language, kept: published versions never change."""
    key = (language.get(), form.id, grid.id, tuple(phases.items()))
    if key not in _kept:
        context = {"form": form.definition, "grid": grid, "sections": readable(form.definition, phases)}
        if len(_kept) >= KEPT_MAX:
            _kept.clear()
        _kept[key] = Markup(render("calls/_versions_read.html", context))  # noqa: S704 - a template of ours, escaped
    return _kept[key]


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
