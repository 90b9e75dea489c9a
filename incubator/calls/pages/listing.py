"""The list of calls, and the versions a programme published."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from incubator.calls.pages.managing import managed_programmes
from incubator.calls.pages.words import state_words
from incubator.calls.queries import GridView, VersionLine, calls, grid_version, versions_of
from incubator.core.clock import now
from incubator.core.pages import page
from incubator.core.policy import PUBLIC, STAFF
from incubator.programmes.queries import programme_by_code

AnyRequest = Request[Any, Any, Any]


@get("/calls", opt=PUBLIC)
async def call_list(request: AnyRequest) -> Response[Any]:
    """The calls one may see, latest opening first."""
    found = await calls(request.user, at=now(), after=request.query_params.get("after"))
    more = f"/calls?after={found.next}" if found.next else None
    return page(
        request,
        "calls/calls.html",
        calls=found.items,
        more_href=more,
        may_create=bool(managed_programmes(request.user)),
        is_staff=bool(request.user and request.user.programmes),
        words=state_words(),
    )


@get("/calls/archived", opt=STAFF)
async def archived(request: AnyRequest) -> Response[Any]:
    """The calls that left the list, latest opening first."""
    found = await calls(request.user, at=now(), after=request.query_params.get("after"), archived=True)
    more = f"/calls/archived?after={found.next}" if found.next else None
    return page(request, "calls/archived.html", calls=found.items, more_href=more, words=state_words())


@get("/programmes/{code:str}/versions", opt=PUBLIC)
async def versions(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The published grid with its anchors, and every version of form and grid; a part of the programme's page."""
    await programme_by_code(code)
    lines: list[VersionLine] = await versions_of(code)
    latest = next((line for line in lines if line.kind == "grid"), None)
    grid: GridView | None = await grid_version(latest.id) if latest else None
    template = "calls/_versions.html" if request.headers.get("hx-request") == "true" else "calls/versions.html"
    return page(request, template, grid=grid, versions=lines, code=code)


HANDLERS = [call_list, archived, versions]
