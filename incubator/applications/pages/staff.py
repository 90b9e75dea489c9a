"""The staff's pages: the queue of a call, one application beside its rules, a complement request."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.applications import actions, queries
from incubator.applications.forms import ComplementForm, RulingForm
from incubator.applications.rules.eligibility import KIND_WORDS, RESULT_WORDS
from incubator.applications.rules.moves import STATE_WORDS, complement_due, why_not_pronounce, why_not_request_complement
from incubator.applications.tables import ApplicationState, Outcome
from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, new_once, page, submit
from incubator.core.policy import STAFF

AnyRequest = Request[Any, Any, Any]
STATES = [state.value for state in ApplicationState if state is not ApplicationState.DRAFT]
AGES = (5, 10, 15, 30)


@get("/calls/{code:str}/applications", opt=STAFF)
async def queue(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Deposited applications of a call, first deposited first, fifty a page."""
    asked = request.query_params
    state = asked.get("state") if asked.get("state") in STATES else None
    days = next((age for age in AGES if str(age) == asked.get("days")), None)
    found = await queries.queue_of(request.user, code, at=now(), state=state, days=days, after=asked.get("after"))
    kept = {name: value for name, value in (("state", state), ("days", days), ("after", found.page.next)) if value}
    return page(
        request, "applications/queue.html", call=found.call, counts=found.counts, lines=found.page.items, state=state, days=days,
        states=[(one, _(STATE_WORDS[one])) for one in STATES], ages=AGES, words=STATE_WORDS,
        opens=request.user.handles(found.call.programme),
        next_href=f"/calls/{code}/applications?{urlencode(kept)}" if found.page.next else None,
    )  # fmt: skip


@get("/applications/{application_id:uuid}/eligibility", opt=STAFF)
async def eligibility(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """The answers on one side, the rules on the other."""
    return await _desk(request, application_id, filled(), {}, "")


@post("/applications/{application_id:uuid}/eligibility", opt=STAFF)
async def pronounce(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Pronounce on eligibility (R5)."""

    async def act(form: RulingForm) -> str:
        await actions.pronounce(application_id, form, by=request.user, at=now())
        return f"/applications/{application_id}/eligibility"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _desk(request, application_id, values, errors, reason)

    return await submit(request, RulingForm, act, shown, notice=_("C’est prononcé. L’équipe en est informée par courriel."))


async def _desk(request: AnyRequest, application_id: UUID, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    desk = await queries.desk_for(request.user, application_id)
    facts, at = desk.dossier.facts, now()
    labels = {one.code: one.label for one in desk.dossier.definition.questions}
    return page(
        request, "applications/eligibility.html", desk=desk, facts=facts, project_id=facts.project, values=values, errors=errors,
        reason=reason, labels=labels, states=STATE_WORDS, kinds=KIND_WORDS, results=RESULT_WORDS, once=new_once(),
        why_not_admit=why_not_pronounce(facts, Outcome.ADMISSIBLE, at),
        why_not_refuse=why_not_pronounce(facts, Outcome.INADMISSIBLE, at),
        why_not_complement=why_not_request_complement(facts),
    )  # fmt: skip


@get("/applications/{application_id:uuid}/complement", opt=STAFF)
async def complement_page(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Name the questions to complete, and say what is expected."""
    return await _complement(request, application_id, filled(), {}, "")


@post("/applications/{application_id:uuid}/complement", opt=STAFF)
async def request_complement(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Ask for a complement (R6)."""

    async def act(form: ComplementForm) -> str:
        await actions.request_complement(application_id, form, by=request.user, at=now())
        return f"/applications/{application_id}/eligibility"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _complement(request, application_id, values, errors, reason)

    return await submit(request, ComplementForm, act, shown, notice=_("La demande est envoyée à l’équipe."))


async def _complement(
    request: AnyRequest, application_id: UUID, values: Typed, errors: dict[str, str], reason: str
) -> Response[Any]:
    desk = await queries.desk_for(request.user, application_id)
    facts = desk.dossier.facts
    return page(
        request, "applications/complement.html", desk=desk, facts=facts, project_id=facts.project, values=values, errors=errors,
        reason=reason, due_at=complement_due(now()), why_not=why_not_request_complement(facts), once=new_once(),
    )  # fmt: skip


HANDLERS: list[Any] = [queue, eligibility, pronounce, complement_page, request_complement]
