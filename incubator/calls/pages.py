"""Pages of calls: the list, the public page, and what their manager does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.calls import rules
from incubator.calls.actions import check_manages, create_call, edit_call, extend_call, publish_call
from incubator.calls.forms import CallForm, Confirmation, EditCallForm, ExtensionForm
from incubator.calls.queries import (
    CallAnswer,
    Choices,
    GridView,
    VersionLine,
    calls,
    choices_of,
    form_version,
    grid_version,
    versions_of,
    visible_call,
)
from incubator.core.clock import local, now
from incubator.core.errors import NotFound
from incubator.core.language import _
from incubator.core.pages import Typed, filled, new_once, page, submit
from incubator.core.policy import PUBLIC, STAFF
from incubator.people.queries import Person
from incubator.programmes.queries import programme_by_code

AnyRequest = Request[Any, Any, Any]


@get("/calls", opt=PUBLIC)
async def call_list(request: AnyRequest) -> Response[Any]:
    """The calls one may see, latest opening first."""
    found = await calls(request.user, at=now(), after=request.query_params.get("after"))
    more = f"/calls?after={found.next}" if found.next else None
    managed = managed_programmes(request.user)
    return page(request, "calls/calls.html", calls=found.items, more_href=more, may_create=bool(managed), words=state_words())


@get("/calls/{code:str}", opt=PUBLIC)
async def call_page(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The call as everybody reads it: dates, places, criteria, the whole form."""
    return await _call_page(request, code, "")


async def _call_page(request: AnyRequest, code: str, reason: str) -> Response[Any]:
    at = now()
    call = await visible_call(request.user, code, at=at)
    form = (await form_version(call.form)).definition
    me: Person | None = request.user
    return page(
        request,
        "calls/call.html",
        call=call,
        reason=reason,
        words=state_words(),
        grid=await grid_version(call.grid),
        form=form,
        questions={question.code: question for question in form.questions},
        phases={place.code: place.name for place in call.places},
        is_staff=bool(me and me.works_for(call.programme)),
        is_manager=bool(me and me.manages(call.programme)),
        why_not_publish=rules.why_not_publish(call.facts, at),
    )


@get("/calls/new", opt=STAFF)
async def new_call_page(request: AnyRequest) -> Response[Any]:
    """The form that makes a call."""
    choices = await _choices(request)
    code = rules.proposed_code(choices.code, choices.codes, local(now()).year)
    title = _("Appel à candidatures {programme}").format(programme=choices.name)
    departements = [area.code for area in choices.departements]
    return await _call_form(request, choices, filled(code=code, title=title, departements=departements), {}, "")


@post("/calls/new", opt=STAFF)
async def new_call(request: AnyRequest) -> Response[Any]:
    """Make a draft of a call."""
    choices = await _choices(request)

    async def act(form: CallForm) -> str:
        return f"/calls/{(await create_call(form, by=request.user, at=now())).code}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _call_form(request, choices, values, errors, reason)

    return await submit(request, CallForm, act, shown, notice=_("L’appel est enregistré. Relisez-le, puis publiez-le."))


async def _choices(request: AnyRequest) -> Choices:
    managed = managed_programmes(request.user)
    if not managed:
        raise NotFound
    wanted = request.query_params.get("programme")
    found = [await choices_of(programme) for programme in managed] if wanted else [await choices_of(managed[0])]
    return next((one for one in found if wanted in (None, one.code)), found[0])


async def _call_form(
    request: AnyRequest, choices: Choices, values: Typed, errors: dict[str, str], reason: str, call: CallAnswer | None = None
) -> Response[Any]:
    return page(
        request,
        "calls/call_form.html",
        choices=choices,
        values=values,
        errors=errors,
        reason=reason,
        call=call,
        once=None if call else new_once(),
    )


@get("/calls/{code:str}/edit", opt=STAFF)
async def edit_page(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The form of a draft."""
    call = await _managed(request, code)
    values = filled(**_typed(call))
    return await _call_form(request, await choices_of(call.programme), values, {}, "", call)


@post("/calls/{code:str}/edit", opt=STAFF)
async def edit(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Change a draft."""
    call = await _managed(request, code)

    async def act(form: EditCallForm) -> str:
        return f"/calls/{(await edit_call(code, form, by=request.user, at=now())).code}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _call_form(request, await choices_of(call.programme), values, errors, reason, call)

    return await submit(request, EditCallForm, act, shown, notice=_("L’appel est enregistré."))


@post("/calls/{code:str}/publication", opt=STAFF)
async def publication(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Let everybody see the call."""

    async def act(_form: Confirmation) -> str:
        await publish_call(code, by=request.user, at=now())
        return f"/calls/{code}"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _call_page(request, code, reason)

    return await submit(request, Confirmation, act, shown, notice=_("L’appel est publié. Tout le monde peut le lire."))


@get("/calls/{code:str}/extension", opt=STAFF)
async def extension_page(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The form that moves the closing later."""
    call = await _managed(request, code)
    return await _extension(request, call, filled(closes_at=wall(call.closes_at), notify_on=call.notify_on.isoformat()), {}, "")


@post("/calls/{code:str}/extension", opt=STAFF)
async def extension(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Move the closing later."""
    call = await _managed(request, code)

    async def act(form: ExtensionForm) -> str:
        await extend_call(code, form, by=request.user, at=now())
        return f"/calls/{code}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _extension(request, call, values, errors, reason)

    return await submit(request, ExtensionForm, act, shown, notice=_("La clôture est repoussée."))


async def _extension(request: AnyRequest, call: CallAnswer, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    return page(request, "calls/extension.html", call=call, values=values, errors=errors, reason=reason)


@get("/programmes/{code:str}/versions", opt=PUBLIC)
async def versions(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The published grid with its anchors, and every version of form and grid; a part of the programme's page."""
    await programme_by_code(code)
    lines: list[VersionLine] = await versions_of(code)
    latest = next((line for line in lines if line.kind == "grid"), None)
    grid: GridView | None = await grid_version(latest.id) if latest else None
    template = "calls/_versions.html" if request.headers.get("hx-request") == "true" else "calls/versions.html"
    return page(request, template, grid=grid, versions=lines, code=code)


def managed_programmes(me: Person | None) -> list[Any]:
    """Programmes whose calls one makes."""
    return [programme for programme in me.programmes if me.manages(programme)] if me else []


def state_words() -> dict[str, str]:
    """States of a call in the reader's words."""
    return {state.value: _(words) for state, words in rules.STATE_WORDS.items()}


def wall(instant: datetime) -> str:
    """An instant as a `datetime-local` field holds it, in Paris."""
    return local(instant).strftime("%Y-%m-%dT%H:%M")


async def _managed(request: AnyRequest, code: str) -> CallAnswer:
    call = await visible_call(request.user, code, at=now())
    check_manages(request.user, call.programme)
    return call


def _typed(call: CallAnswer) -> dict[str, Any]:
    kept = {
        name: getattr(call, name) for name in ("title", "code", "introduction", "form", "grid", "plan", "version", "notify_on")
    }
    places = {f"places.{place.code}": place.places_count for place in call.places}
    departements = [area.code for area in call.departements]
    return kept | places | {"opens_at": wall(call.opens_at), "closes_at": wall(call.closes_at), "departements": departements}


HANDLERS = [
    call_list,
    new_call_page,
    new_call,
    call_page,
    edit_page,
    edit,
    publication,
    extension_page,
    extension,
    versions,
]
