"""The map for programs."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, get
from litestar.params import PathParameter, QueryParameter

from incubator.core.policy import PUBLIC
from incubator.territory import queries
from incubator.territory.queries import CommuneView, FoundCommune, FoundEpci

AnyRequest = Request[Any, Any, Any]
Search = Annotated[str, QueryParameter(max_length=200, description="Part of a name, or a postcode; at least 2 characters")]
Code = Annotated[str, PathParameter(max_length=5, description="INSEE code")]


class Communes(msgspec.Struct, frozen=True):
    """At most ten communes, the likeliest first."""

    items: list[FoundCommune]


@get("/api/v1/communes", opt=PUBLIC, summary="Search communes", tags=["territory"], operation_id="searchCommunes")
async def search_communes(request: AnyRequest, q: Search = "") -> Communes:
    """Communes whose name or postcode holds the text, whatever its accents and case."""
    return Communes(await queries.search_communes(q))


@get("/api/v1/communes/{code:str}", opt=PUBLIC, summary="Read a commune", tags=["territory"], operation_id="readCommune")
async def commune(request: AnyRequest, code: Code) -> CommuneView:
    """A commune with its EPCI, département and region."""
    return await queries.commune(code)


class EpciFound(msgspec.Struct, frozen=True):
    """At most ten EPCI, the likeliest first."""

    items: list[FoundEpci]


@get("/api/v1/epci", opt=PUBLIC, summary="Search EPCI", tags=["territory"], operation_id="searchEpci")
async def search_epci(request: AnyRequest, q: Search = "") -> EpciFound:
    """Inter-municipal authorities whose name holds the text, whatever its accents and case; by their SIREN too."""
    return EpciFound(await queries.search_epci(q))


HANDLERS: list[Any] = [search_communes, commune, search_epci]
