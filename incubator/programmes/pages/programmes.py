"""The page of a programme."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from incubator.core.pages import page
from incubator.core.policy import PUBLIC
from incubator.programmes.queries import programme_view


@get("/programmes/{code:str}", opt=PUBLIC)
async def programme(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[Any]:
    """The strategy, the axis the programme carries out, its phases and milestones."""
    return page(request, "programmes/programme.html", programme=await programme_view(code))


HANDLERS = [programme]
