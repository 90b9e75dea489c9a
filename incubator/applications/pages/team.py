"""The team's pages: apply, and the whole application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.applications import actions, queries
from incubator.applications.forms import NewProjectStartForm, StartForm
from incubator.applications.queries.dossiers import Dossier, read_dossier, receipts_for
from incubator.applications.queries.sources import sources_for
from incubator.applications.queries.staff import rulings_of
from incubator.applications.queries.views import applications_of, view_of
from incubator.applications.rules.dossier import Missing, named
from incubator.applications.rules.moves import (
    INADMISSIBLE,
    why_not_import,
    why_not_rebase,
    why_not_start,
    why_not_withdraw,
    why_not_write,
)
from incubator.applications.rules.remarks import remarks
from incubator.calls.queries import call_by_code, form_of, visible_call
from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, new_once, page, submit
from incubator.core.policy import SIGNED_IN, STARTING
from incubator.projects.forms import NAME_MAX
from incubator.projects.queries import projects_of
from incubator.territory.queries import communes_named

AnyRequest = Request[Any, Any, Any]
S = TypeVar("S", NewProjectStartForm, StartForm)


@get("/calls/{code:str}/apply", opt=STARTING)
async def apply_page(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Pick one of one's projects, or create one, to apply to a call."""
    return await _apply(request, code, filled(), {}, "")


@post("/calls/{code:str}/apply", opt=SIGNED_IN)
async def start_application(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Start the application."""

    async def act(form: StartForm) -> str:
        return await _first_page(code, await actions.start_application(code, form, by=request.user, at=now()))

    return await _start(request, code, StartForm, act)


@post("/calls/{code:str}/apply/new-project", opt=SIGNED_IN)
async def start_with_new_project(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Create a project and start its application at once."""

    async def act(form: NewProjectStartForm) -> str:
        return await _first_page(code, await actions.start_with_new_project(code, form, by=request.user, at=now()))

    return await _start(request, code, NewProjectStartForm, act)


async def _first_page(code: str, started: UUID) -> str:
    """Where one begins to write."""
    form = await form_of((await call_by_code(code)).form)
    return f"/applications/{started}/sections/{form.sections[0].code}"


async def _start(request: AnyRequest, code: str, into: type[S], act: Callable[[S], Awaitable[str]]) -> Response[Any]:
    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _apply(request, code, values, errors, reason)

    return await submit(request, into, act, shown, notice=_("Votre dossier est ouvert. Ce que vous écrivez s’enregistre."))


async def _apply(request: AnyRequest, code: str, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    call = await visible_call(request.user, code, at=now())
    started = (await applications_of(request.user, at=now(), call=call.id)).items
    with_one = {line.project for line in started}
    projects = (await projects_of(request.user, programme=call.programme)).items
    return page(
        request, "applications/apply.html", call=call, started=started, values=values, errors=errors, reason=reason,
        projects=[line for line in projects if line.can_write and line.id not in with_one],
        why_not=why_not_start(call.state, call.opens_at), once=new_once(), name_max=NAME_MAX,
        options=await communes_named(values.commune_text) if "commune" in errors and values.commune_text else [],
    )  # fmt: skip


@get("/applications/{application_id:uuid}", opt=SIGNED_IN)
async def application(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """For the team: how far the dossier is and what is missing. For staff: what was deposited."""
    dossier = await queries.dossier_for(request.user, application_id)
    facts, at = dossier.facts, now()
    if not facts.is_mine:
        sections = await read_dossier(request.user, dossier)
        receipts = await receipts_for(request.user, dossier)
        return page(
            request, "applications/deposited.html", facts=facts, project_id=facts.project, sections=sections, receipts=receipts,
            view=view_of(dossier, at=at),
        )  # fmt: skip
    return page(
        request, "applications/application.html", facts=facts, project_id=facts.project, view=view_of(dossier, at=at),
        why_not=why_not_write(facts, at), why_not_withdraw=why_not_withdraw(facts, at),
        receipts=await queries.receipts_of(application_id) if facts.deposited_at else [],
        asked=named(dossier.definition, facts.complement_questions or []),
        ruling=next(iter(await rulings_of(application_id)), None) if facts.state is INADMISSIBLE else None,
        has_new_form=facts.can_write and why_not_rebase(facts, at) is None, remarks=_remarks(dossier),
        has_sources=facts.can_write and why_not_import(facts, at) is None and bool(await sources_for(request.user, facts)),
    )  # fmt: skip


def _remarks(dossier: Dossier) -> list[tuple[Missing, str]]:
    """What is worth a second look, and where."""
    told = remarks(dossier.definition, dossier.answers)
    return [(one, told[one.question]) for one in named(dossier.definition, told)]


HANDLERS: list[Any] = [apply_page, start_application, start_with_new_project, application]
