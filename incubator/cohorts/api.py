"""Cohorts, places and agreements for programs: the same acts as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from incubator.cohorts import actions, queries, rules
from incubator.cohorts.forms import AnswerForm, CapacityForm, CohortForm, SignatureForm
from incubator.cohorts.queries import AgreementView, CohortLine, CohortView
from incubator.cohorts.rules import PlaceFacts
from incubator.core.api import Created, create
from incubator.core.clock import now
from incubator.core.errors import NotFound
from incubator.core.paging import Cursor, Page, read_cursor
from incubator.core.policy import SIGNED_IN, STAFF

AnyRequest = Request[Any, Any, Any]
TAGS = ["cohorts"]


class PlaceView(msgspec.Struct, frozen=True):
    """A project's place; `state` is awaiting, waiting, offered, accepted or declined."""

    project: UUID
    project_name: str
    phase_code: str
    phase_name: str
    state: str
    waiting_rank: int | None
    answer_by: datetime | None
    cohort: UUID | None
    cohort_name: str | None
    starts_on: date | None
    is_signed: bool
    enrolment: UUID | None
    why_not_accept: str | None


@get("/api/v1/cohorts", opt=STAFF, summary="List cohorts", tags=TAGS, operation_id="listCohorts")
async def list_cohorts(request: AnyRequest, after: FromQuery[Cursor | None] = None) -> Page[CohortLine]:
    """The cohorts of one's programmes, latest start first."""
    return await queries.cohorts_for(request.user, read_cursor(after, tuple[date, UUID]))


@get("/api/v1/cohorts/{cohort_id:uuid}", opt=STAFF, summary="Read a cohort", tags=TAGS, operation_id="readCohort")
async def read_cohort(request: AnyRequest, cohort_id: FromPath[UUID]) -> CohortView:
    """A cohort: places by entry phase, members, answers awaited, waiting list."""
    return await queries.cohort(request.user, cohort_id)


@post(
    "/api/v1/calls/{code:str}/cohort",
    opt=STAFF,
    status_code=201,
    summary="Create a cohort",
    tags=TAGS,
    operation_id="createCohort",
)
async def create_cohort(request: AnyRequest, code: FromPath[str], data: JSONBody[CohortForm]) -> Response[Created]:
    """Create the cohort of a call with the call's places; retained projects are told they can answer."""

    async def act() -> Created:
        return Created(await actions.create_cohort(code, data, by=request.user, at=now()))

    return await create(request, act)


@put(
    "/api/v1/cohorts/{cohort_id:uuid}/capacities/{phase_id:uuid}",
    opt=STAFF,
    status_code=204,
    summary="Change places",
    tags=TAGS,
    operation_id="resizeCohort",
)
async def resize_cohort(
    request: AnyRequest, cohort_id: FromPath[UUID], phase_id: FromPath[UUID], data: JSONBody[CapacityForm]
) -> None:
    """Change how many places an entry phase has, never below those taken (R26)."""
    await actions.resize_cohort(cohort_id, phase_id, data, by=request.user, at=now())


@post(
    "/api/v1/cohorts/{cohort_id:uuid}/offers/{phase_id:uuid}",
    opt=STAFF,
    status_code=201,
    summary="Offer a free place",
    tags=TAGS,
    operation_id="offerPlace",
)
async def offer_place(request: AnyRequest, cohort_id: FromPath[UUID], phase_id: FromPath[UUID]) -> Response[CohortView]:
    """Offer a free place to the first of the waiting list; the cohort as it is then."""

    async def act() -> CohortView:
        await actions.offer_place(cohort_id, phase_id, by=request.user, at=now())
        return await queries.cohort(request.user, cohort_id)

    return await create(request, act)


@get(
    "/api/v1/projects/{project_id:uuid}/place",
    opt=SIGNED_IN,
    summary="Read a project's place",
    tags=TAGS,
    operation_id="readPlace",
)
async def read_place(request: AnyRequest, project_id: FromPath[UUID]) -> PlaceView:
    """The place a project was given, promised or offered."""
    return _view(await queries.place_of(request.user, project_id))


@post(
    "/api/v1/projects/{project_id:uuid}/place/acceptance",
    opt=SIGNED_IN,
    status_code=201,
    summary="Accept a place",
    tags=TAGS,
    operation_id="acceptPlace",
)
async def accept_place(request: AnyRequest, project_id: FromPath[UUID]) -> Response[PlaceView]:
    """Take the place: enrolled in the entry phase, agreement drawn up. Never above the ceiling (R26)."""

    async def act() -> PlaceView:
        await actions.accept_place(project_id, by=request.user, at=now())
        return _view(await queries.place_of(request.user, project_id))

    return await create(request, act)


@post(
    "/api/v1/projects/{project_id:uuid}/place/refusal",
    opt=SIGNED_IN,
    status_code=201,
    summary="Decline a place",
    tags=TAGS,
    operation_id="declinePlace",
)
async def decline_place(request: AnyRequest, project_id: FromPath[UUID], data: JSONBody[AnswerForm]) -> Response[PlaceView]:
    """Decline; the first of the waiting list is offered the place."""

    async def act() -> PlaceView:
        await actions.decline_place(project_id, data, by=request.user, at=now())
        return _view(await queries.place_of(request.user, project_id))

    return await create(request, act)


@post(
    "/api/v1/projects/{project_id:uuid}/place/withdrawal",
    opt=SIGNED_IN,
    status_code=201,
    summary="Give a place back",
    tags=TAGS,
    operation_id="withdrawPlace",
)
async def withdraw_place(request: AnyRequest, project_id: FromPath[UUID], data: JSONBody[AnswerForm]) -> Response[PlaceView]:
    """Give an accepted place back before the agreement is signed by both."""

    async def act() -> PlaceView:
        await actions.withdraw_place(project_id, data, by=request.user, at=now())
        return _view(await queries.place_of(request.user, project_id))

    return await create(request, act)


def _view(place: PlaceFacts) -> PlaceView:
    return PlaceView(
        place.project, place.project_name, place.phase_code, place.phase_name, place.state, place.waiting_rank,
        place.answer_by, place.cohort, place.cohort_name, place.starts_on, place.is_signed, place.enrolment,
        rules.why_not_accept(place, now()),
    )  # fmt: skip


@get(
    "/api/v1/projects/{project_id:uuid}/agreement",
    opt=SIGNED_IN,
    summary="Read an agreement",
    tags=TAGS,
    operation_id="readAgreement",
)
async def read_agreement(request: AnyRequest, project_id: FromPath[UUID]) -> AgreementView:
    """The agreement, its SHA-256 and its two signatures."""
    found = await queries.agreement_of(await queries.place_of(request.user, project_id))
    if found is None:
        raise NotFound
    return found


@post(
    "/api/v1/projects/{project_id:uuid}/agreement/signatures",
    opt=SIGNED_IN,
    status_code=201,
    summary="Sign an agreement",
    tags=TAGS,
    operation_id="signAgreement",
)
async def sign_agreement(
    request: AnyRequest, project_id: FromPath[UUID], data: JSONBody[SignatureForm]
) -> Response[AgreementView | None]:
    """Sign the text of that hash, for the team or for the programme; with both the path starts (R30)."""

    async def act() -> AgreementView | None:
        await actions.sign_agreement(project_id, data, by=request.user, at=now())
        return await queries.agreement_of(await queries.place_of(request.user, project_id))

    return await create(request, act)


HANDLERS = [
    list_cohorts,
    read_cohort,
    create_cohort,
    resize_cohort,
    offer_place,
    read_place,
    accept_place,
    decline_place,
    withdraw_place,
    read_agreement,
    sign_agreement,
]
