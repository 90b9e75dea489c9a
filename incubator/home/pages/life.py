"""The home page, and a project's whole life on one page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery

from incubator.core.clock import now
from incubator.core.pages import page
from incubator.core.paging import Cursor
from incubator.core.policy import PUBLIC, SIGNED_IN
from incubator.home.queries.calls import current_calls
from incubator.home.queries.home import home_of, life_of, thread
from incubator.home.queries.timeline import timeline

AnyRequest = Request[Any, Any, Any]


@get("/", opt=PUBLIC)
async def home_page(request: AnyRequest) -> Response[Any]:
    """What awaits the person signed in; for a visitor, what the programme is for and which call is open."""
    if request.user is None:
        return page(request, "home/landing.html", calls=await current_calls(None, now()))
    return page(request, "home/home.html", home=await home_of(request.user, now()))


@get("/projects/{project_id:uuid}", opt=SIGNED_IN)
async def project_page(request: AnyRequest, project_id: FromPath[UUID], after: FromQuery[Cursor | None] = None) -> Response[Any]:
    """A project's whole life, for its team and the staff of its programme."""
    life = await life_of(request.user, project_id, now())
    entries = await timeline(life.card, after)
    return page(request, "home/project.html", life=life, project=life.card, entries=entries, is_first=after is None)


@get("/projects/{project_id:uuid}/thread", opt=SIGNED_IN)
async def thread_fragment(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """The thin thread that stands on top of every page about the project."""
    return page(request, "home/thread.html", project=await thread(request.user, project_id, now()))


HANDLERS = [home_page, project_page, thread_fragment]
