"""Composing a committee, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.params import FromPath, JSONBody

from incubator.core.api import Created, create
from incubator.core.clock import now
from incubator.core.errors import NotFound
from incubator.core.policy import STAFF
from incubator.selection import actions
from incubator.selection.forms import CommitteeForm, PresentationForm, SeatForm
from incubator.selection.queries.committees import CommitteeDesk, call_to_compose, committee_desk

AnyRequest = Request[Any, Any, Any]
TAGS = ["selection"]


class Presented(msgspec.Struct, frozen=True):
    """How many applications were put before the committee."""

    presented_count: int


@get("/api/v1/calls/{code:str}/committee", opt=STAFF, summary="Read a call's committee", tags=TAGS, operation_id="readCommittee")
async def committee(request: AnyRequest, code: FromPath[str]) -> CommitteeDesk:
    """Seats, what may still be presented, how much was. For the programme's manager; 404 while there is no committee."""
    call = await call_to_compose(request.user, code)
    if call.committee is None:
        raise NotFound
    return await committee_desk(request.user, call.committee)


@post(
    "/api/v1/calls/{code:str}/committee",
    opt=STAFF,
    status_code=201,
    summary="Create a call's committee",
    tags=TAGS,
    operation_id="createCommittee",
)
async def create_committee(request: AnyRequest, code: FromPath[str], data: JSONBody[CommitteeForm]) -> Response[Created]:
    """A call has one committee, made before or after its closing."""

    async def act() -> Created:
        return Created(await actions.create_committee(code, data, by=request.user, at=now()))

    return await create(request, act)


@post(
    "/api/v1/committees/{committee_id:uuid}/seats",
    opt=STAFF,
    status_code=201,
    summary="Give a seat",
    tags=TAGS,
    operation_id="giveSeat",
)
async def give_seat(request: AnyRequest, committee_id: FromPath[UUID], data: JSONBody[SeatForm]) -> Response[Created]:
    """Someone without an account is invited by mail. Staff of the programme sit in the team's college, without a vote (R13)."""

    async def act() -> Created:
        return Created(await actions.give_seat(committee_id, data, by=request.user, at=now()))

    return await create(request, act)


@delete("/api/v1/seats/{seat_id:uuid}", opt=STAFF, status_code=204, summary="End a seat", tags=TAGS, operation_id="endSeat")
async def end_seat(request: AnyRequest, seat_id: FromPath[UUID]) -> None:
    """Its holder no longer finds the committee; what they handed in still counts."""
    await actions.end_seat(seat_id, by=request.user, at=now())


@post(
    "/api/v1/committees/{committee_id:uuid}/presentations",
    opt=STAFF,
    status_code=201,
    summary="Present applications",
    tags=TAGS,
    operation_id="presentApplications",
)
async def present_applications(
    request: AnyRequest, committee_id: FromPath[UUID], data: JSONBody[PresentationForm]
) -> Response[Presented]:
    """Put admissible applications before the committee: those named, or all (`everything`). All of them or none."""

    async def act() -> Presented:
        return Presented(await actions.present_applications(committee_id, data, by=request.user, at=now()))

    return await create(request, act)


HANDLERS: list[Any] = [committee, create_committee, give_seat, end_seat, present_applications]
