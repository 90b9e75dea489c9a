"""Pages where the manager composes a committee and puts applications before it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, new_once, page, submit
from incubator.core.policy import STAFF
from incubator.selection import actions
from incubator.selection.forms import CommitteeForm, PresentationForm, SeatForm
from incubator.selection.queries.committees import call_to_compose, committee_desk, committee_for_manager, committee_of_seat
from incubator.selection.rules.committees import COLLEGES

AnyRequest = Request[Any, Any, Any]


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form that only confirms."""


@get("/calls/{code:str}/committee", opt=STAFF)
async def committee_page(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The committee of a call: seats, what to present; or the form that creates it."""
    return await _committee(request, code, filled(), {}, "")


@post("/calls/{code:str}/committee", opt=STAFF)
async def create_committee(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Create the committee of a call."""

    async def act(form: CommitteeForm) -> str:
        await actions.create_committee(code, form, by=request.user, at=now())
        return f"/calls/{code}/committee"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _committee(request, code, values, errors, reason)

    return await submit(request, CommitteeForm, act, shown, notice=_("Le comité est créé. Donnez maintenant les sièges."))


@post("/committees/{committee_id:uuid}/seats", opt=STAFF)
async def give_seat(request: AnyRequest, committee_id: FromPath[UUID]) -> Response[Any]:
    """Give someone a seat."""
    facts = await committee_for_manager(request.user, committee_id)

    async def act(form: SeatForm) -> str:
        await actions.give_seat(committee_id, form, by=request.user, at=now())
        return f"/calls/{facts.call_code}/committee"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _committee(request, facts.call_code, values, errors, reason)

    return await submit(request, SeatForm, act, shown, notice=_("Le siège est donné."))


@post("/seats/{seat_id:uuid}/end", opt=STAFF)
async def end_seat(request: AnyRequest, seat_id: FromPath[UUID]) -> Response[Any]:
    """End a seat."""
    code = (await committee_of_seat(request.user, seat_id)).call_code

    async def act(_form: Nothing) -> str:
        await actions.end_seat(seat_id, by=request.user, at=now())
        return f"/calls/{code}/committee"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _committee(request, code, values, errors, reason)

    return await submit(request, Nothing, act, shown, notice=_("Le siège a pris fin."))


@post("/committees/{committee_id:uuid}/presentations", opt=STAFF)
async def present_applications(request: AnyRequest, committee_id: FromPath[UUID]) -> Response[Any]:
    """Put admissible applications before the committee."""
    facts = await committee_for_manager(request.user, committee_id)

    async def act(form: PresentationForm) -> str:
        await actions.present_applications(committee_id, form, by=request.user, at=now())
        return f"/calls/{facts.call_code}/committee"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _committee(request, facts.call_code, values, errors, reason)

    return await submit(request, PresentationForm, act, shown, notice=_("Les dossiers sont devant le comité."))


async def _committee(request: AnyRequest, code: str, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    call = await call_to_compose(request.user, code)
    shown: dict[str, Any] = {"call": call, "values": values, "errors": errors, "reason": reason, "once": new_once()}
    if call.committee is None:
        return page(request, "selection/new_committee.html", **shown)
    desk = await committee_desk(request.user, call.committee)
    colleges = [(code, _(label)) for code, label in COLLEGES.items()]
    return page(request, "selection/committee.html", desk=desk, colleges=colleges, **shown)


HANDLERS: list[Any] = [committee_page, create_committee, give_seat, end_seat, present_applications]
