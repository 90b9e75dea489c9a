"""Whose calls a manager makes, and the call they work on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request

from incubator.calls.actions import check_manages
from incubator.calls.queries import CallAnswer, visible_call
from incubator.core.clock import now
from incubator.core.errors import Refused
from incubator.core.language import _
from incubator.people.queries import Person

AnyRequest = Request[Any, Any, Any]


def managed_programmes(me: Person | None) -> list[UUID]:
    """Programmes whose calls one makes."""
    return [programme for programme in me.programmes if me.manages(programme)] if me else []


async def managed_call(request: AnyRequest, code: str) -> CallAnswer:
    """A call this person manages. Raises `NotFound`, or `Refused` for who only reads it."""
    call = await visible_call(request.user, code, at=now())
    check_manages(request.user, call.programme)
    return call


async def read_call(request: AnyRequest, code: str) -> CallAnswer:
    """A call of a programme this person works for. Raises `NotFound`, or `Refused` when only visitors' pages are for them."""
    call = await visible_call(request.user, code, at=now())
    if not request.user.works_for(call.programme):
        raise Refused(_("Seule l’équipe du programme voit cette page."))
    return call
