"""The form that makes a call, or changes a draft."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.calls import rules
from incubator.calls.actions import create_call, edit_call
from incubator.calls.forms import CallForm, EditCallForm
from incubator.calls.pages.managing import choices_for, managed_call
from incubator.calls.pages.words import instant_fields
from incubator.calls.queries import CallAnswer, Choices, choices_of
from incubator.core.clock import local, now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, new_once, page, submit
from incubator.core.policy import STAFF

AnyRequest = Request[Any, Any, Any]


@get("/calls/new", opt=STAFF)
async def new_call_page(request: AnyRequest) -> Response[Any]:
    """The form that makes a call."""
    source = request.query_params.get("copy")
    if source:
        call = await managed_call(request, source)
        choices = await choices_of(call.programme)
        return await _call_form(request, choices, filled(**_copied(call, choices, now())), {}, "")
    choices = await choices_for(request)
    code = rules.proposed_code(choices.code, choices.codes, local(now()).year)
    title = _("Appel à candidatures {programme}").format(programme=choices.name)
    departements = [area.code for area in choices.departements]
    return await _call_form(request, choices, filled(code=code, title=title, departements=departements), {}, "")


@post("/calls/new", opt=STAFF)
async def new_call(request: AnyRequest) -> Response[Any]:
    """Make a draft of a call."""
    choices = await choices_for(request)

    async def act(form: CallForm) -> str:
        return f"/calls/{(await create_call(form, by=request.user, at=now())).code}/checklist"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _call_form(request, choices, values, errors, reason)

    return await submit(
        request, CallForm, act, shown, notice=_("L’appel est enregistré. Voici ce qu’il lui faut encore avant d’être publié.")
    )


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
    call = await managed_call(request, code)
    values = filled(**_typed(call))
    return await _call_form(request, await choices_of(call.programme), values, {}, "", call)


@post("/calls/{code:str}/edit", opt=STAFF)
async def edit(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Change a draft."""
    call = await managed_call(request, code)

    async def act(form: EditCallForm) -> str:
        return f"/calls/{(await edit_call(code, form, by=request.user, at=now())).code}/checklist"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _call_form(request, await choices_of(call.programme), values, errors, reason, call)

    return await submit(request, EditCallForm, act, shown, notice=_("L’appel est enregistré."))


def _typed(call: CallAnswer) -> dict[str, Any]:
    names = ("title", "code", "introduction", "form", "grid", "plan", "version", "notify_on")
    kept = {name: getattr(call, name) for name in names}
    places = {f"places.{place.code}": place.places_count for place in call.places}
    departements = [area.code for area in call.departements]
    instants = instant_fields(opens_at=call.opens_at, closes_at=call.closes_at)
    return kept | places | instants | {"departements": departements}


def _copied(call: CallAnswer, choices: Choices, at: datetime) -> dict[str, Any]:
    """A call like this one, on the same weekdays after today, under the next free code."""
    weeks = rules.weeks_to_next(call.opens_at, at)
    opens_at, closes_at = (rules.weeks_later(instant, weeks) for instant in (call.opens_at, call.closes_at))
    code = rules.proposed_code(choices.code, choices.codes, local(opens_at).year)
    dates = {"notify_on": call.notify_on + timedelta(weeks=weeks)} | instant_fields(opens_at=opens_at, closes_at=closes_at)
    return _typed(call) | dates | {"code": code, "copy_of": call.code}


HANDLERS = [new_call_page, new_call, edit_page, edit]
