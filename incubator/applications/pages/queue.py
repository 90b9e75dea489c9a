"""The queue of a call, and the drafts that were not deposited in time."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.applications import actions, queries
from incubator.applications.forms import DerogationForm
from incubator.applications.queries.files import waiting_in
from incubator.applications.queries.late import late_draft_for, late_drafts_of
from incubator.applications.queries.queue import Handled
from incubator.applications.rules.derogations import why_not_derogate
from incubator.applications.rules.moves import STATE_WORDS
from incubator.applications.tables import ApplicationState
from incubator.core.clock import now
from incubator.core.language import N_, _
from incubator.core.pages import Typed, filled, page, submit
from incubator.core.policy import STAFF
from incubator.projects.queries import team_accounts

AnyRequest = Request[Any, Any, Any]
STATES = [state.value for state in ApplicationState if state is not ApplicationState.DRAFT]
AGES = (5, 10, 15, 30)
HANDLED_WORDS = {Handled.MINE.value: N_("Moi"), Handled.UNASSIGNED.value: N_("Personne"), Handled.TO_TAKE.value: N_("À prendre")}


@get("/calls/{code:str}/applications", opt=STAFF)
async def queue(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Deposited applications of a call, first deposited first, fifty a page."""
    asked, at = request.query_params, now()
    state = asked.get("state") if asked.get("state") in STATES else None
    days = next((age for age in AGES if str(age) == asked.get("days")), None)
    handled = next((one for one in Handled if one.value == asked.get("handled")), None)
    after = asked.get("after")
    found = await queries.queue_of(request.user, code, at=at, state=state, days=days, handled=handled, after=after)
    chosen = (("state", state), ("days", days), ("handled", handled), ("after", found.page.next))
    kept = {name: value for name, value in chosen if value}
    return page(
        request, "applications/queue.html", call=found.call, counts=found.counts, lines=found.page.items, state=state, days=days,
        handled=handled, handlers=[(one, _(word)) for one, word in HANDLED_WORDS.items()],
        states=[(one, _(STATE_WORDS[one])) for one in STATES], ages=AGES, unassigned_count=found.unassigned_count,
        waiting=await waiting_in(found.call.id), opens=request.user.handles(found.call.programme),
        is_closed=found.call.closes_at <= at,
        next_href=f"/calls/{code}/applications?{urlencode(kept)}" if found.page.next else None,
    )  # fmt: skip


@get("/calls/{code:str}/drafts", opt=STAFF)
async def late_drafts(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """For the manager: the drafts of a call, named and not read."""
    found = await late_drafts_of(request.user, code, after=request.query_params.get("after"))
    following = f"/calls/{code}/drafts?after={found.page.next}" if found.page.next else None
    return page(request, "applications/drafts.html", call=found.call, lines=found.page.items, at=now(), next_href=following)


@get("/applications/{application_id:uuid}/derogation", opt=STAFF)
async def derogation_page(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """What letting a draft in changes, and for whom."""
    return await _derogation(request, application_id, filled(), {}, "")


@post("/applications/{application_id:uuid}/derogation", opt=STAFF)
async def give_derogation(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Let it in until then (domain, 5.3)."""
    draft = await late_draft_for(request.user, application_id)

    async def act(form: DerogationForm) -> str:
        await actions.give_derogation(application_id, form, by=request.user, at=now())
        return f"/calls/{draft.call_code}/drafts"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _derogation(request, application_id, values, errors, reason)

    return await submit(request, DerogationForm, act, shown, notice=_("Le délai est accordé. L’équipe en est informée."))


async def _derogation(
    request: AnyRequest, application_id: UUID, values: Typed, errors: dict[str, str], reason: str
) -> Response[Any]:
    draft = await late_draft_for(request.user, application_id)
    return page(
        request, "applications/derogation.html", draft=draft, project_id=draft.project, values=values, errors=errors,
        reason=reason, why_not=why_not_derogate(draft, now()), told=await team_accounts(draft.project),
    )  # fmt: skip


HANDLERS: list[Any] = [queue, late_drafts, derogation_page, give_derogation]
