"""The call as everybody reads it."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from incubator.calls import rules
from incubator.calls.pages.words import state_words
from incubator.calls.queries import form_version, grid_version, visible_call
from incubator.core.clock import now
from incubator.core.pages import page
from incubator.core.policy import PUBLIC
from incubator.people.queries import Person

AnyRequest = Request[Any, Any, Any]


@get("/calls/{code:str}", opt=PUBLIC)
async def call_page(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The call as everybody reads it: dates, places, criteria, the whole form."""
    return await call_shown(request, code, "")


async def call_shown(request: AnyRequest, code: str, reason: str) -> Response[Any]:
    """The page of a call; `reason`: why what was asked on it was not done."""
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


HANDLERS = [call_page]
