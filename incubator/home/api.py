"""What awaits, threads and timelines for programs: the same reads as the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath, FromQuery

from incubator.core.clock import now
from incubator.core.paging import Cursor, Page
from incubator.core.policy import SIGNED_IN
from incubator.home.queries import home, timeline
from incubator.home.queries.home import Home, Thread
from incubator.home.queries.projects import project_card
from incubator.home.rules.timeline import Entry

AnyRequest = Request[Any, Any, Any]
TAGS = ["home"]


@get("/api/v1/home", opt=SIGNED_IN, summary="What awaits me", tags=TAGS, operation_id="readHome")
async def read_home(request: AnyRequest) -> Home:
    """What awaits whoever asks, most urgent first, with links; then their projects, committees and calls."""
    return await home.home_of(request.user, now())


@get(
    "/api/v1/projects/{project_id:uuid}/thread",
    opt=SIGNED_IN,
    summary="Read a project's thread",
    tags=TAGS,
    operation_id="readThread",
)
async def read_thread(request: AnyRequest, project_id: FromPath[UUID]) -> Thread:
    """The steps of a project's life: done, now, next, late or stopped. For its team and the staff of its programme."""
    return await home.thread(request.user, project_id, now())


@get(
    "/api/v1/projects/{project_id:uuid}/timeline",
    opt=SIGNED_IN,
    summary="Read a project's timeline",
    tags=TAGS,
    operation_id="readTimeline",
)
async def read_timeline(request: AnyRequest, project_id: FromPath[UUID], after: FromQuery[Cursor | None] = None) -> Page[Entry]:
    """What happened to a project, the latest fact first, as far as one may know; `after` is `next` of the page before."""
    return await timeline.timeline(await project_card(request.user, project_id), after)


HANDLERS = [read_home, read_thread, read_timeline]
