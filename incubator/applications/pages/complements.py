"""Asking for a complement: which questions, what for each, until when (R6)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from incubator.applications import actions, queries
from incubator.applications.forms import ComplementForm
from incubator.applications.pages.staff import fillings
from incubator.applications.queries.texts import texts_of
from incubator.applications.rules.complements import complement_due
from incubator.applications.rules.moves import why_not_request_complement
from incubator.applications.rules.texts import filled_texts, taken
from incubator.applications.tables import TextKind
from incubator.core.clock import local_date, now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, new_once, page, submit
from incubator.core.policy import STAFF

AnyRequest = Request[Any, Any, Any]


@get("/applications/{application_id:uuid}/complement", opt=STAFF)
async def complement_page(request: AnyRequest, application_id: FromPath[UUID], text: FromQuery[str] = "") -> Response[Any]:
    """Name the questions to complete, and say what is expected. `text`: the ready text taken up, without JavaScript."""
    return await _complement(request, application_id, None, {}, "", text)


@post("/applications/{application_id:uuid}/complement", opt=STAFF)
async def request_complement(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Ask for a complement (R6)."""

    async def act(form: ComplementForm) -> str:
        await actions.request_complement(application_id, form, by=request.user, at=now())
        return f"/applications/{application_id}/eligibility"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _complement(request, application_id, values, errors, reason, "")

    return await submit(request, ComplementForm, act, shown, notice=_("La demande est envoyée à l’équipe."))


async def _complement(
    request: AnyRequest, application_id: UUID, values: Typed | None, errors: dict[str, str], reason: str, text: str
) -> Response[Any]:
    desk = await queries.desk_for(request.user, application_id)
    facts, at = desk.dossier.facts, now()
    due_at = complement_due(at)
    texts = filled_texts(await texts_of(facts.programme, [TextKind.COMPLEMENT]), fillings(facts, at, due_at))
    return page(
        request, "applications/complement.html", desk=desk, facts=facts, project_id=facts.project, errors=errors, reason=reason,
        values=values or filled(message=taken(texts, text), due_on=local_date(due_at)), texts=texts, taken=text,
        due_at=due_at, due_on=_day(values) or local_date(due_at), why_not=why_not_request_complement(facts), once=new_once(),
    )  # fmt: skip


def _day(values: Typed | None) -> date | None:
    try:
        return date.fromisoformat(values.due_on) if values else None
    except ValueError:
        return None


HANDLERS: list[Any] = [complement_page, request_complement]
