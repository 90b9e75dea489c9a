"""Pages about projects and their identity cards."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.core.clock import now
from incubator.core.errors import Refused
from incubator.core.language import _
from incubator.core.pages import Typed, filled, new_once, page, safe_next, submit
from incubator.core.policy import SIGNED_IN
from incubator.programmes.queries import all_programmes
from incubator.projects import actions, queries
from incubator.projects.forms import NAME_MAX, SUMMARY_MAX, NewProjectForm, ProjectForm
from incubator.territory.queries import FoundCommune, communes_named

AnyRequest = Request[Any, Any, Any]
LIMITS = {"name_max": NAME_MAX, "summary_max": SUMMARY_MAX}


@get("/projects", opt=SIGNED_IN)
async def projects(request: AnyRequest) -> Response[Any]:
    """The projects of whose team one is, and the invitations that await."""
    mine = await queries.projects_of(request.user, after=request.query_params.get("after"))
    invitations = await queries.invitations_to(request.user, at=now())
    return page(request, "projects/projects.html", mine=mine, invitations=invitations)


@get("/projects/new", opt=SIGNED_IN)
async def new_project(request: AnyRequest) -> Response[Any]:
    """The form that creates a project; `next` is where to go on to."""
    wanted = {name: request.query_params.get(name) or "" for name in ("next", "programme")}
    return await _new(request, filled(**wanted), {}, "")


@post("/projects/new", opt=SIGNED_IN)
async def create_project(request: AnyRequest) -> Response[Any]:
    """Create a project."""

    async def act(form: NewProjectForm) -> str:
        project = await actions.create_project(form, by=request.user, at=now())
        return safe_next(form.next) if form.next else f"/projects/{project}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _new(request, values, errors, reason)

    return await submit(request, NewProjectForm, act, shown, notice=_("Votre projet est créé."))


async def _new(request: AnyRequest, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    options = await _options(values, errors)
    programmes = [(programme.code, programme.name) for programme in await all_programmes()]
    return page(
        request, "projects/new_project.html", values=values, errors=errors, reason=reason, programmes=programmes,
        options=options, once=new_once(), **LIMITS,
    )  # fmt: skip


async def _options(values: Typed, errors: dict[str, str]) -> list[FoundCommune]:
    """Communes to choose from, when the text was not clear."""
    return await communes_named(values.commune_text) if "commune" in errors and values.commune_text else []


@get("/projects/{project_id:uuid}/edit", opt=SIGNED_IN)
async def edit_project(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """The form that changes a project."""
    return await _edit(request, project_id, None, {}, "")


@post("/projects/{project_id:uuid}/edit", opt=SIGNED_IN)
async def save_project(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """Change a project; who saves second sees both texts."""

    async def act(form: ProjectForm) -> str:
        await actions.save_project(project_id, form, by=request.user, at=now())
        return f"/projects/{project_id}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _edit(request, project_id, values, errors, reason)

    return await submit(request, ProjectForm, act, shown, notice=_("Le projet est enregistré."))


async def _edit(
    request: AnyRequest, project_id: UUID, values: Typed | None, errors: dict[str, str], reason: str
) -> Response[Any]:
    project = await queries.project_for(request.user, project_id)
    if not (project.can_write or request.user.manages(project.programme)):
        raise Refused(_("L’équipe du projet et le responsable du programme changent cette fiche ; vous la lisez."))
    stored = filled(
        name=project.name, summary=project.summary, commune=project.commune, commune_text=project.commune_name,
        version=project.version,
    )  # fmt: skip
    options = await _options(values, errors) if values else []
    return page(
        request, "projects/edit_project.html", project=project, project_id=project_id, values=values or stored, errors=errors,
        reason=reason, options=options, **LIMITS,
    )  # fmt: skip


HANDLERS: list[Any] = [projects, new_project, create_project, edit_project, save_project]
