"""Pages of the ranking, the assessments of an application, its decision, the publication."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Stream

from incubator.core.clock import local_date, now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, page, submit
from incubator.core.policy import SIGNED_IN, STAFF
from incubator.selection import actions
from incubator.selection.exports import scores_csv
from incubator.selection.forms import DecisionForm, PublicationForm
from incubator.selection.queries.assessments import assessments_of, radar_points
from incubator.selection.queries.decisions import (
    DecisionDesk,
    decision_desk,
    decision_for_team,
    is_decider,
    publishing,
)
from incubator.selection.queries.ranking import places_of, ranking, to_tell
from incubator.selection.rules.committees import COLLEGES
from incubator.selection.rules.decisions import OUTCOMES, is_quorate, side, why_not_decide, why_not_publish
from incubator.selection.rules.scoring import reading

AnyRequest = Request[Any, Any, Any]


@get("/committees/{committee_id:uuid}/ranking", opt=STAFF)
async def ranking_page(request: AnyRequest, committee_id: FromPath[UUID]) -> Response[Any]:
    """The ranking, the places, the decisions, and the form that publishes them."""
    return await _ranking(request, committee_id, filled(), {}, "")


@post("/committees/{committee_id:uuid}/publication", opt=STAFF)
async def publish(request: AnyRequest, committee_id: FromPath[UUID]) -> Response[Any]:
    """Publish every decision of the committee, once."""

    async def act(form: PublicationForm) -> str:
        await actions.publish(committee_id, form, by=request.user, at=now())
        return f"/committees/{committee_id}/ranking"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _ranking(request, committee_id, values, errors, reason)

    notice = _("Les décisions sont publiées. Les équipes les voient, leurs courriels partent.")
    return await submit(request, PublicationForm, act, shown, notice=notice)


async def _ranking(request: AnyRequest, committee_id: UUID, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    ranked = await ranking(request.user, committee_id, request.query_params.get("after"))
    shown: dict[str, Any] = {"values": values, "errors": errors, "reason": reason, "outcomes": _words(OUTCOMES)}
    return page(
        request,
        "selection/ranking.html",
        ranked=ranked,
        places=await places_of(ranked.committee),
        why_not_publish=why_not_publish(await publishing(request.user, ranked.committee)),
        is_manager=request.user.manages(ranked.committee.programme),
        told=await to_tell(ranked.committee.id),
        reading=reading,
        **shown,
    )


@get("/committees/{committee_id:uuid}/assessments.csv", opt=STAFF)
async def export_scores(request: AnyRequest, committee_id: FromPath[UUID]) -> Stream:
    """Everything with its scores, streamed; the journal says who took it (R49)."""
    at = now()
    committee = await actions.allow_export(committee_id, by=request.user, at=at)
    name = f"evaluations-{committee.call_code.lower()}-{local_date(at).isoformat()}.csv"
    return Stream(
        scores_csv(committee, by=request.user, at=at),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


@get("/applications/{application_id:uuid}/assessments", opt=STAFF)
async def assessments_page(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Who handed in, marks by criterion, comments. Asked by HTMX, only the part that goes into another page."""
    found = await assessments_of(request.user, application_id)
    is_fragment = request.headers.get("hx-request") == "true"
    return page(
        request,
        "selection/_assessments.html" if is_fragment else "selection/assessments.html",
        found=found,
        colleges=_words(COLLEGES),
        reading=reading,
        radar=radar_points(found.criteria, found.sums),
        is_manager=request.user.manages(found.facts.programme),
    )


@get("/applications/{application_id:uuid}/decision", opt=SIGNED_IN)
async def decision_page(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """The manager records the decision; once it is out, the team and the staff read it."""
    if await is_decider(request.user, application_id):
        return await _decision(request, application_id, None, {}, "")
    decision = await decision_for_team(request.user, application_id)
    return page(request, "selection/published_decision.html", decision=decision, outcomes=_words(OUTCOMES))


@post("/applications/{application_id:uuid}/decision", opt=STAFF)
async def decide(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Record the decision on an application."""

    async def act(form: DecisionForm) -> str:
        await actions.decide(application_id, form, by=request.user, at=now())
        return f"/applications/{application_id}/decision"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _decision(request, application_id, values, errors, reason)

    return await submit(
        request, DecisionForm, act, shown, notice=_("La décision est enregistrée. L’équipe ne la voit pas encore.")
    )


async def _decision(
    request: AnyRequest, application_id: UUID, values: Typed | None, errors: dict[str, str], reason: str
) -> Response[Any]:
    desk = await decision_desk(request.user, application_id)
    return page(
        request,
        "selection/decision.html",
        desk=desk,
        values=values or _recorded(desk),
        errors=errors,
        reason=reason,
        outcomes=_words(OUTCOMES),
        is_quorate=is_quorate(desk.deciding),
        why_not=why_not_decide(desk.deciding),
        sides={one.code: side(desk.deciding.means.get(one.code)) for one in desk.criteria},
        reading=reading,
    )


def _recorded(desk: DecisionDesk) -> Typed:
    stored = desk.recorded
    if stored is None:
        return filled(version=0)
    reasons = {f"reasons.{reason.code}": reason.text for reason in stored.reasons}
    return filled(
        outcome=stored.outcome,
        phase=stored.phase,
        waiting_rank=stored.waiting_rank,
        conditions=stored.conditions,
        orientation=stored.orientation,
        no_quorum_reason=stored.no_quorum_reason,
        weaknesses=[reason.code for reason in stored.reasons if not reason.is_strength],
        version=stored.version,
        **reasons,
    )


def _words(labels: Any) -> dict[str, str]:
    return {code: _(label) for code, label in labels.items()}


HANDLERS: list[Any] = [
    ranking_page,
    publish,
    export_scores,
    assessments_page,
    decision_page,
    decide,
]
