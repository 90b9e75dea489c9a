"""The page where each member agrees to the deposit (R2)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.applications import actions, queries
from incubator.applications.queries.confirmations import changed_since, confirmations_of, reminded_at
from incubator.applications.rules.confirming import why_not_confirm, why_not_remind
from incubator.core.clock import now
from incubator.core.errors import NotFound
from incubator.core.language import _
from incubator.core.pages import Typed, page, submit
from incubator.core.policy import SIGNED_IN
from incubator.projects.forms import Nothing

AnyRequest = Request[Any, Any, Any]


@get("/applications/{application_id:uuid}/confirmation", opt=SIGNED_IN)
async def confirmation(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Who agrees, who has not said so yet, and one's own button."""
    return await _confirmation(request, application_id, "")


async def _confirmation(request: AnyRequest, application_id: UUID, reason: str) -> Response[Any]:
    dossier = await queries.dossier_for(request.user, application_id)
    facts, at = dossier.facts, now()
    if not facts.is_mine:
        raise NotFound
    lines = await confirmations_of(application_id)
    mine = next((one for one in lines if one.account == request.user.id), None)
    since = {one.account: one for one in changed_since(dossier, lines)}
    return page(
        request, "applications/confirmation.html", facts=facts, project_id=facts.project, lines=lines, mine=mine, since=since,
        reason=reason,
        why_not=why_not_confirm(facts, at), why_not_remind=why_not_remind(facts, await reminded_at(application_id), at),
    )  # fmt: skip


@post("/applications/{application_id:uuid}/confirmation", opt=SIGNED_IN)
async def confirm(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Agree."""

    async def act(_form: Nothing) -> str:
        await actions.confirm(application_id, by=request.user, at=now())
        return f"/applications/{application_id}"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _confirmation(request, application_id, reason)

    return await submit(request, Nothing, act, shown, notice=_("Merci : votre accord est noté."))


@post("/applications/{application_id:uuid}/confirmation/reminder", opt=SIGNED_IN)
async def remind(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Write to those who have not agreed yet."""

    async def act(_form: Nothing) -> str:
        await actions.remind(application_id, by=request.user, at=now())
        return f"/applications/{application_id}/confirmation"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _confirmation(request, application_id, reason)

    return await submit(request, Nothing, act, shown, notice=_("Le rappel part par courriel."))


HANDLERS: list[Any] = [confirmation, confirm, remind]
