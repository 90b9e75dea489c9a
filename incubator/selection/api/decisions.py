"""Assessments, ranking, decisions, publication, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from incubator.core.api import Saved, create
from incubator.core.clock import now
from incubator.core.paging import Cursor
from incubator.core.policy import SIGNED_IN, STAFF
from incubator.selection import actions
from incubator.selection.actions import Published
from incubator.selection.forms import DecisionForm, PublicationForm
from incubator.selection.queries.assessments import Assessments, assessments_of
from incubator.selection.queries.decisions import DecisionDesk, PublishedDecision, decision_desk, decision_for_team
from incubator.selection.queries.ranking import Ranking, ranking

AnyRequest = Request[Any, Any, Any]
TAGS = ["selection"]


@get(
    "/api/v1/committees/{committee_id:uuid}/ranking", opt=STAFF, summary="Read the ranking", tags=TAGS, operation_id="readRanking"
)
async def read_ranking(request: AnyRequest, committee_id: FromPath[UUID], after: FromQuery[Cursor | None] = None) -> Ranking:
    """Applications by mean, then knock-out criteria, then the first block (R22), fifty a page. It decides nothing."""
    return await ranking(request.user, committee_id, after)


@get(
    "/api/v1/applications/{application_id:uuid}/assessments",
    opt=STAFF,
    summary="Read the assessments of an application",
    tags=TAGS,
    operation_id="readAssessments",
)
async def read_assessments(request: AnyRequest, application_id: FromPath[UUID]) -> Assessments:
    """Who handed in, their marks and comments, and the figures they add up to."""
    return await assessments_of(request.user, application_id)


@get(
    "/api/v1/applications/{application_id:uuid}/decision-desk",
    opt=STAFF,
    summary="Read what a decision is made on",
    tags=TAGS,
    operation_id="readDecisionDesk",
)
async def read_desk(request: AnyRequest, application_id: FromPath[UUID]) -> DecisionDesk:
    """Figures, quorum, places, and the decision as it stands. For the programme's manager."""
    return await decision_desk(request.user, application_id)


@get(
    "/api/v1/applications/{application_id:uuid}/decision",
    opt=SIGNED_IN,
    summary="Read the published decision",
    tags=TAGS,
    operation_id="readDecision",
)
async def read_decision(request: AnyRequest, application_id: FromPath[UUID]) -> PublishedDecision:
    """For the team and the staff, once decisions are out; before, it does not exist."""
    return await decision_for_team(request.user, application_id)


@put(
    "/api/v1/applications/{application_id:uuid}/decision",
    opt=STAFF,
    summary="Record a decision",
    tags=TAGS,
    operation_id="decide",
)
async def decide(request: AnyRequest, application_id: FromPath[UUID], data: JSONBody[DecisionForm]) -> Saved:
    """Outcome, reasons by criterion (R25), quorum or why without it (R24). It may change until it is published."""
    return Saved(await actions.decide(application_id, data, by=request.user, at=now()))


@post(
    "/api/v1/committees/{committee_id:uuid}/publication",
    opt=STAFF,
    status_code=201,
    summary="Publish the decisions",
    tags=TAGS,
    operation_id="publishDecisions",
)
async def publish(request: AnyRequest, committee_id: FromPath[UUID], data: JSONBody[PublicationForm]) -> Response[Published]:
    """All of them at once, once: teams see theirs and their mails leave. `call` is the call's code, to be sure."""

    async def act() -> Published:
        return await actions.publish(committee_id, data, by=request.user, at=now())

    return await create(request, act)


HANDLERS: list[Any] = [read_ranking, read_assessments, read_desk, read_decision, decide, publish]
