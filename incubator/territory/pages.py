"""Picking a commune while typing."""

from __future__ import annotations

import re
from typing import Any

from litestar import Request, Response, get

from incubator.core.pages import page
from incubator.core.policy import PUBLIC
from incubator.territory.queries import TEXT_MIN, search_communes, search_epci, searched

NAME = re.compile(r"[A-Za-z0-9_.-]{1,60}")


@get("/communes", opt=PUBLIC)
async def communes(request: Request[Any, Any, Any]) -> Response[Any]:
    """Radio options for what was typed so far. `into` is the name of the form's field (`commune` when not said).

    The text is in `q`, or in the field of that form that holds it (`<into>_text`).
    """
    into = request.query_params.get("into") or "commune"
    into = into if NAME.fullmatch(into) else "commune"
    text = (request.query_params.get("q") or request.query_params.get(f"{into}_text") or "")[:200]
    found = await search_communes(text)
    asked = bool(searched(text))
    return page(request, "territory/communes.html", found=found, into=into, asked=asked, text_min=TEXT_MIN)


@get("/epci", opt=PUBLIC)
async def epci(request: Request[Any, Any, Any]) -> Response[Any]:
    """Radio options for the EPCI typed so far, as for communes."""
    into = request.query_params.get("into") or "epci"
    into = into if NAME.fullmatch(into) else "epci"
    text = (request.query_params.get("q") or request.query_params.get(f"{into}_text") or "")[:200]
    found = await search_epci(text)
    return page(request, "territory/epci.html", found=found, into=into, asked=bool(searched(text)), text_min=TEXT_MIN)


HANDLERS: list[Any] = [communes, epci]
