"""Who may call a route at all, said on the route itself: `opt=PUBLIC`. A route that says nothing is never served.

What a person may see or do to one thing is decided further in, by the query and the rule.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from incubator.core.clock import now
from incubator.core.errors import NotFound, ProofNeeded, Refused, SignInNeeded
from incubator.core.language import _

PUBLIC = {"who": "public"}
SIGNED_IN = {"who": "signed_in"}
STARTING = SIGNED_IN | {"door": "/sign-up"}  # where newcomers arrive: they are led to make an account, not to sign in
STAFF = {"who": "staff"}
STREAMED = SIGNED_IN | {"reads": "stream"}  # the handler reads the body, and the form's token in it, by itself
# A mail program may post here for its reader (RFC 8058): the address itself is the proof, no page of ours was open.
FROM_A_MAIL = {"who": "public", "from_a_mail": True}
OWN = {"who": "signed_in", "own": True}  # one's own account: never shown to who looks on another's behalf
SECOND_PROOF = {"who": "half", "own": True}  # also for who gave one proof of two: where they give the second
SET_UP = {"who": "half", "own": True, "standing": "set up"}  # also for who must have a second proof and has none yet
FRESH = timedelta(minutes=10)
READS = ("GET", "HEAD", "OPTIONS")


def enforce(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The application's one guard. For someone who is no staff, staff pages do not exist."""
    who = handler.opt.get("who")
    if who == "public":
        return
    if who not in ("signed_in", "staff", "half"):
        raise NotFound
    state = connection.scope["state"]
    if state.get("viewed_by") and connection.scope.get("method") not in READS:
        return  # `guard_write` refuses it and writes it down, whosever page it was sent from
    if who == "half" and connection.user is None and handler.opt.get("standing") in (None, state.get("standing")):
        connection.scope["user"] = state.get("half_in")
    if connection.user is None:
        raise SignInNeeded(door=handler.opt.get("door", "/sign-in"))
    if who == "staff" and not connection.user.is_staff:
        raise NotFound
    if handler.opt.get("own") and state.get("viewed_by"):
        raise Refused(_("Le compte d’une autre personne ne se regarde pas."))


def fresh(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """True when whoever is signed in proved it in the last ten minutes (ASVS 7.5.1). A program's token never is."""
    proven_at = connection.scope["state"].get("proven_at")
    return proven_at is not None and now() - proven_at <= FRESH


def need_proof(connection: ASGIConnection[Any, Any, Any, Any], back: str) -> None:
    """Lead to the page where one says again who one is, then `back`, unless that was just done. Raises `ProofNeeded`."""
    if not fresh(connection):
        raise ProofNeeded(_("Pour continuer, confirmez d’abord que c’est bien vous."), back)
