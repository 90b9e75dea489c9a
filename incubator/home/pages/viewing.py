"""Looking at the pages of someone one helps, as they see them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, lead_to, page, submit
from incubator.core.policy import SIGNED_IN, STAFF
from incubator.home import actions
from incubator.home.queries.viewable import facts_of, viewable
from incubator.people.actions import end_viewing
from incubator.people.pages.peer import opened_of, turn_to, with_session
from incubator.people.rules import why_not_view
from incubator.programmes.queries import programme_by_code

AnyRequest = Request[Any, Any, Any]


class ViewAsForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose pages to look at."""

    account: UUID


@get("/programmes/{code:str}/view-as", opt=STAFF)
async def view_as_page(request: AnyRequest, code: FromPath[str], q: FromQuery[str] = "") -> Response[Any]:
    """Find someone of a team."""
    return await _view_as(request, code, q, "")


@post("/programmes/{code:str}/view-as", opt=STAFF)
async def view_as(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """See their pages for half an hour; both names are written in the journal."""
    made: list[str] = []

    async def act(form: ViewAsForm) -> str:
        programme = await programme_by_code(code)
        made.append(await actions.view_as(form.account, programme.id, opened=opened_of(request), by=request.user, at=now()))
        return "/"

    async def shown(_values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _view_as(request, code, "", reason or " ".join(errors.values()))

    response = await submit(request, ViewAsForm, act, shown, keyed=False)
    return with_session(request, response, made[0]) if made else response


async def _view_as(request: AnyRequest, code: str, q: str, reason: str) -> Response[Any]:
    programme = await programme_by_code(code)
    found = await viewable(request.user, programme.id, q.strip()[:100])
    people = [(one, why_not_view(**facts_of(one))) for one in found]
    return page(request, "home/view_as.html", programme=programme, people=people, q=q, reason=reason)


@post("/view-as/end", opt=SIGNED_IN)
async def end_view(request: AnyRequest) -> Response[Any]:
    """Back to one's own pages."""
    secret = turn_to(request, await end_viewing(opened=opened_of(request), at=now()))
    return with_session(request, lead_to(request, "/", _("Vous êtes de retour sur vos pages.")), secret)


HANDLERS = [view_as_page, view_as, end_view]
