"""Applications for programs: the same acts as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from incubator.applications import actions, queries
from incubator.applications.actions import Given
from incubator.applications.actions.depositing import Deposited
from incubator.applications.forms import AnswersForm, ComplementForm, DepositForm, RulingForm, StartForm, WithdrawalForm
from incubator.applications.queries.queue import Handled, Queue
from incubator.applications.queries.staff import ComplementLine, Desk, Lookalike, RulingLine
from incubator.applications.queries.views import ApplicationLine, ApplicationView, applications_of, view_of
from incubator.applications.rules.eligibility import CheckResult
from incubator.applications.rules.reading import ReadSection
from incubator.applications.tables import ApplicationState
from incubator.core.api import Created, create
from incubator.core.clock import now
from incubator.core.paging import Cursor, Page
from incubator.core.policy import SIGNED_IN, STAFF

AnyRequest = Request[Any, Any, Any]
State = Annotated[ApplicationState | None, QueryParameter(name="state", description="Only those in this state")]
Days = Annotated[int | None, QueryParameter(ge=1, le=3650, description="Deposited at least so many days ago")]


@get("/api/v1/applications", opt=SIGNED_IN, summary="My applications", tags=["applications"], operation_id="listApplications")
async def applications(request: AnyRequest, after: FromQuery[Cursor | None] = None) -> Page[ApplicationLine]:
    """The applications of one's teams, latest started first."""
    return await applications_of(request.user, at=now(), after=after)


@post(
    "/api/v1/calls/{code:str}/applications",
    opt=SIGNED_IN,
    status_code=201,
    summary="Start an application",
    tags=["applications"],
    operation_id="startApplication",
)
async def start_application(request: AnyRequest, code: FromPath[str], data: JSONBody[StartForm]) -> Response[Created]:
    """Start a draft with one of one's projects, while the call is open. `Idempotency-Key` makes retries safe."""

    async def act() -> Created:
        return Created(await actions.start_application(code, data, by=request.user, at=now()))

    return await create(request, act)


@get(
    "/api/v1/calls/{code:str}/applications",
    opt=STAFF,
    summary="The queue of a call",
    tags=["applications"],
    operation_id="readQueue",
)
async def queue(
    request: AnyRequest,
    code: FromPath[str],
    application_state: State = None,
    days: Days = None,
    handled: FromQuery[Handled | None] = None,
    after: FromQuery[Cursor | None] = None,
) -> Queue:
    """Deposited applications, first deposited first, and how many are in each state. Drafts are only counted."""
    wanted = application_state.value if application_state else None
    return await queries.queue_of(request.user, code, at=now(), state=wanted, days=days, handled=handled, after=after)


@get(
    "/api/v1/applications/{application_id:uuid}",
    opt=SIGNED_IN,
    summary="Read an application",
    tags=["applications"],
    operation_id="readApplication",
)
async def application(request: AnyRequest, application_id: FromPath[UUID]) -> ApplicationView:
    """The team reads its answers and their versions; staff read what was deposited."""
    return view_of(await queries.dossier_for(request.user, application_id), at=now())


@put(
    "/api/v1/applications/{application_id:uuid}/answers",
    opt=SIGNED_IN,
    summary="Write answers",
    tags=["applications"],
    operation_id="saveAnswers",
)
async def save_answers(request: AnyRequest, application_id: FromPath[UUID], data: JSONBody[AnswersForm]) -> ApplicationView:
    """Write the answers that changed, all or none; 409 when someone changed the same one after the version named."""
    given = {code: Given(value, data.versions.get(code, 0)) for code, value in data.answers.items()}
    await actions.save_answers(application_id, given, by=request.user, at=now())
    return view_of(await queries.dossier_for(request.user, application_id), at=now())


@post(
    "/api/v1/applications/{application_id:uuid}/deposit",
    opt=SIGNED_IN,
    status_code=201,
    summary="Deposit",
    tags=["applications"],
    operation_id="deposit",
)
async def deposit(request: AnyRequest, application_id: FromPath[UUID], data: JSONBody[DepositForm]) -> Response[Deposited]:
    """Freeze the answers and get the receipt (R4): number, instant, SHA-256 of the content."""
    return await create(request, lambda: actions.deposit(application_id, data, by=request.user, at=now()))


@post(
    "/api/v1/applications/{application_id:uuid}/complement-answer",
    opt=SIGNED_IN,
    status_code=201,
    summary="Answer a complement request",
    tags=["applications"],
    operation_id="answerComplement",
)
async def answer_complement(
    request: AnyRequest, application_id: FromPath[UUID], data: JSONBody[DepositForm]
) -> Response[Deposited]:
    """Send what was asked for, in time: a second deposit with its own receipt (R6)."""
    return await create(request, lambda: actions.answer_complement(application_id, data, by=request.user, at=now()))


@post(
    "/api/v1/applications/{application_id:uuid}/withdrawal",
    opt=SIGNED_IN,
    status_code=201,
    summary="Withdraw",
    tags=["applications"],
    operation_id="withdraw",
)
async def withdraw(request: AnyRequest, application_id: FromPath[UUID], data: JSONBody[WithdrawalForm]) -> Response[Created]:
    """Withdraw for good; `confirmation` is the project's name."""

    async def act() -> Created:
        await actions.withdraw(application_id, data, by=request.user, at=now())
        return Created(application_id)

    return await create(request, act)


class EligibilityView(msgspec.Struct, frozen=True):
    """What was deposited beside the rules it is held against."""

    state: str
    deposited_at: datetime | None
    sections: list[ReadSection]
    checks: list[CheckResult]
    lookalikes: list[Lookalike]
    rulings: list[RulingLine]
    complements: list[ComplementLine]


@get(
    "/api/v1/applications/{application_id:uuid}/eligibility",
    opt=STAFF,
    summary="Eligibility",
    tags=["applications"],
    operation_id="readEligibility",
)
async def eligibility(request: AnyRequest, application_id: FromPath[UUID]) -> EligibilityView:
    """The rules evaluated on what was deposited (R5), look-alikes (R7), rulings and complement requests so far."""
    desk: Desk = await queries.desk_for(request.user, application_id)
    facts = desk.dossier.facts
    return EligibilityView(
        facts.state.value, facts.deposited_at, desk.sections, desk.checks, desk.lookalikes, desk.rulings, desk.complements
    )


@post(
    "/api/v1/applications/{application_id:uuid}/eligibility-ruling",
    opt=STAFF,
    status_code=201,
    summary="Pronounce on eligibility",
    tags=["applications"],
    operation_id="pronounce",
)
async def pronounce(request: AnyRequest, application_id: FromPath[UUID], data: JSONBody[RulingForm]) -> Response[Created]:
    """Admissible or not, with a reason (R5); what the rules said is kept with it."""

    async def act() -> Created:
        return Created(await actions.pronounce(application_id, data, by=request.user, at=now()))

    return await create(request, act)


@post(
    "/api/v1/applications/{application_id:uuid}/complement-request",
    opt=STAFF,
    status_code=201,
    summary="Ask for a complement",
    tags=["applications"],
    operation_id="requestComplement",
)
async def request_complement(
    request: AnyRequest, application_id: FromPath[UUID], data: JSONBody[ComplementForm]
) -> Response[Created]:
    """Ask for more on these questions within fifteen days (R6)."""

    async def act() -> Created:
        return Created(await actions.request_complement(application_id, data, by=request.user, at=now()))

    return await create(request, act)


HANDLERS: list[Any] = [
    applications,
    start_application,
    queue,
    application,
    save_answers,
    deposit,
    answer_complement,
    withdraw,
    eligibility,
    pronounce,
    request_complement,
]
