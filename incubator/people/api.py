"""One's own account for programs."""

from __future__ import annotations

from typing import Any

from litestar import Request, get

from incubator.core.policy import SIGNED_IN
from incubator.people.queries import Person


@get("/api/v1/me", opt=SIGNED_IN, summary="Who am I", tags=["people"], operation_id="readMe")
async def me(request: Request[Any, Any, Any]) -> Person:
    """The person whose session or token this is, with roles."""
    return request.user  # type: ignore[no-any-return]


HANDLERS = [me]
