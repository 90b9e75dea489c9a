"""Paths, deliverables, gates and boards for programs: the same acts as the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post, put
from litestar.params import FromPath, JSONBody

from incubator.core.api import create
from incubator.core.clock import local_date, now
from incubator.core.errors import NotFound
from incubator.core.policy import SIGNED_IN, STAFF
from incubator.progress.actions import deliverables, enrolments
from incubator.progress.forms import (
    DeliverableForm,
    DiagnosisForm,
    GateForm,
    OpinionForm,
    ReviewForm,
    SuspensionForm,
    WaiverAnswerForm,
    WaiverForm,
)
from incubator.progress.queries.boards import Board, board
from incubator.progress.queries.paths import DeliverableView, PathAnswer, deliverable_of, enrolment_for, path_of

AnyRequest = Request[Any, Any, Any]
TAGS = ["progress"]
MILESTONE = "/api/v1/enrolments/{enrolment_id:uuid}/milestones/{milestone_id:uuid}"


class MilestoneAnswer(msgspec.Struct, frozen=True):
    """A milestone of a path; `deliverable` is null while nothing was written."""

    enrolment: UUID
    milestone: UUID
    name: str
    state: str
    version: int
    deliverable: DeliverableView | None


@get("/api/v1/cohorts/{cohort_id:uuid}/board", opt=STAFF, summary="Read a cohort's board", tags=TAGS, operation_id="readBoard")
async def read_board(request: AnyRequest, cohort_id: FromPath[UUID]) -> Board:
    """One line a project, late ones first: thread, phase, next milestone, how many are late, latest session, coach."""
    return await board(request.user, cohort_id, local_date(now()))


@get("/api/v1/projects/{project_id:uuid}/path", opt=SIGNED_IN, summary="Read a path", tags=TAGS, operation_id="readPath")
async def read_path(request: AnyRequest, project_id: FromPath[UUID]) -> PathAnswer:
    """Phases and milestones with their computed dates, what the gate still needs, and the viewer's next step."""
    return (await path_of(request.user, project_id)).told(local_date(now()))


@get(MILESTONE, opt=SIGNED_IN, summary="Read a deliverable", tags=TAGS, operation_id="readDeliverable")
async def read_deliverable(request: AnyRequest, enrolment_id: FromPath[UUID], milestone_id: FromPath[UUID]) -> MilestoneAnswer:
    """What was written for a milestone and what was answered."""
    return await _answer(request, enrolment_id, milestone_id)


@put(MILESTONE, opt=SIGNED_IN, status_code=200, summary="Write a deliverable", tags=TAGS, operation_id="writeDeliverable")
async def write_deliverable(
    request: AnyRequest, enrolment_id: FromPath[UUID], milestone_id: FromPath[UUID], data: JSONBody[DeliverableForm]
) -> MilestoneAnswer:
    """Save the team's text and https link; `finished` hands it in. `version` is the one read, 0 while nothing was written."""
    await deliverables.write_deliverable(enrolment_id, milestone_id, data, by=request.user, at=now())
    return await _answer(request, enrolment_id, milestone_id)


@put(
    MILESTONE + "/review",
    opt=SIGNED_IN,
    status_code=200,
    summary="Review a deliverable",
    tags=TAGS,
    operation_id="reviewDeliverable",
)
async def review_deliverable(
    request: AnyRequest, enrolment_id: FromPath[UUID], milestone_id: FromPath[UUID], data: JSONBody[ReviewForm]
) -> MilestoneAnswer:
    """Validate, or send back with a comment; of two who try at once one wins and the other is told (409)."""
    await deliverables.review_deliverable(enrolment_id, milestone_id, data, by=request.user, at=now())
    return await _answer(request, enrolment_id, milestone_id)


@put(MILESTONE + "/waiver", opt=SIGNED_IN, status_code=200, summary="Ask to do without", tags=TAGS, operation_id="askWaiver")
async def ask_waiver(
    request: AnyRequest, enrolment_id: FromPath[UUID], milestone_id: FromPath[UUID], data: JSONBody[WaiverForm]
) -> MilestoneAnswer:
    """Say that a deliverable is without object; a second person confirms."""
    await deliverables.ask_waiver(enrolment_id, milestone_id, data, by=request.user, at=now())
    return await _answer(request, enrolment_id, milestone_id)


@put(
    MILESTONE + "/waiver/answer",
    opt=SIGNED_IN,
    status_code=200,
    summary="Answer a waiver",
    tags=TAGS,
    operation_id="answerWaiver",
)
async def answer_waiver(
    request: AnyRequest, enrolment_id: FromPath[UUID], milestone_id: FromPath[UUID], data: JSONBody[WaiverAnswerForm]
) -> MilestoneAnswer:
    """Confirm or refuse; never by the person who asked."""
    await deliverables.answer_waiver(enrolment_id, milestone_id, data, by=request.user, at=now())
    return await _answer(request, enrolment_id, milestone_id)


async def _answer(request: AnyRequest, enrolment_id: UUID, milestone_id: UUID) -> MilestoneAnswer:
    enrolment, _standing = await enrolment_for(request.user, enrolment_id)
    milestone = enrolment.milestone(milestone_id)
    if milestone is None:
        raise NotFound
    deliverable = await deliverable_of(enrolment, milestone_id)
    return MilestoneAnswer(enrolment_id, milestone_id, milestone.name, milestone.state, milestone.version, deliverable)


@post(
    "/api/v1/enrolments/{enrolment_id:uuid}/suspensions",
    opt=SIGNED_IN,
    status_code=201,
    summary="Suspend a path",
    tags=TAGS,
    operation_id="suspendEnrolment",
)
async def suspend(request: AnyRequest, enrolment_id: FromPath[UUID], data: JSONBody[SuspensionForm]) -> Response[PathAnswer]:
    """Stop the clock from a day; by the coach or the manager."""

    async def act() -> PathAnswer:
        return await _path(request, await enrolments.suspend_enrolment(enrolment_id, data, by=request.user, at=now()))

    return await create(request, act)


@post(
    "/api/v1/enrolments/{enrolment_id:uuid}/resumptions",
    opt=SIGNED_IN,
    status_code=201,
    summary="Resume a path",
    tags=TAGS,
    operation_id="resumeEnrolment",
)
async def resume(request: AnyRequest, enrolment_id: FromPath[UUID]) -> Response[PathAnswer]:
    """Start the clock again today; by the coach or the manager."""

    async def act() -> PathAnswer:
        return await _path(request, await enrolments.resume_enrolment(enrolment_id, by=request.user, at=now()))

    return await create(request, act)


@post(
    "/api/v1/enrolments/{enrolment_id:uuid}/diagnoses",
    opt=SIGNED_IN,
    status_code=201,
    summary="Make a diagnosis",
    tags=TAGS,
    operation_id="diagnose",
)
async def diagnose(request: AnyRequest, enrolment_id: FromPath[UUID], data: JSONBody[DiagnosisForm]) -> Response[PathAnswer]:
    """A level from 1 to 5 on each axis of the plan, as the team or as the coach, at entry or for the gate."""

    async def act() -> PathAnswer:
        return await _path(request, await enrolments.diagnose(enrolment_id, data, by=request.user, at=now()))

    return await create(request, act)


@post(
    "/api/v1/enrolments/{enrolment_id:uuid}/opinions",
    opt=SIGNED_IN,
    status_code=201,
    summary="Give an opinion",
    tags=TAGS,
    operation_id="giveOpinion",
)
async def give_opinion(request: AnyRequest, enrolment_id: FromPath[UUID], data: JSONBody[OpinionForm]) -> Response[PathAnswer]:
    """The coach's opinion on passing the gate (R35)."""

    async def act() -> PathAnswer:
        return await _path(request, await enrolments.give_opinion(enrolment_id, data, by=request.user, at=now()))

    return await create(request, act)


@post(
    "/api/v1/enrolments/{enrolment_id:uuid}/gate-reviews",
    opt=SIGNED_IN,
    status_code=201,
    summary="Decide at the gate",
    tags=TAGS,
    operation_id="decideGate",
)
async def decide_gate(request: AnyRequest, enrolment_id: FromPath[UUID], data: JSONBody[GateForm]) -> Response[PathAnswer]:
    """Pass, prolong once, redirect or stop, with the reason; by the manager (R35, R36)."""

    async def act() -> PathAnswer:
        return await _path(request, await enrolments.decide_gate(enrolment_id, data, by=request.user, at=now()))

    return await create(request, act)


async def _path(request: AnyRequest, project_id: UUID) -> PathAnswer:
    return (await path_of(request.user, project_id)).told(local_date(now()))


HANDLERS = [
    read_board,
    read_path,
    read_deliverable,
    write_deliverable,
    review_deliverable,
    ask_waiver,
    answer_waiver,
    suspend,
    resume,
    diagnose,
    give_opinion,
    decide_gate,
]
