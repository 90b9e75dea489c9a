"""Who may call a route at all, said on the route itself: `opt=PUBLIC`. A route that says nothing is never served.

What a person may see or do to one thing is decided further in, by the query and the rule.
"""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from incubator.core.errors import NotFound, SignInNeeded

PUBLIC = {"who": "public"}
SIGNED_IN = {"who": "signed_in"}
STAFF = {"who": "staff"}


def enforce(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The application's one guard. For someone who is no staff, staff pages do not exist."""
    who = handler.opt.get("who")
    if who == "public":
        return
    if who not in ("signed_in", "staff"):
        raise NotFound
    if connection.user is None:
        raise SignInNeeded
    if who == "staff" and not connection.user.is_staff:
        raise NotFound
