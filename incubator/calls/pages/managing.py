"""Whose calls a manager makes, and the call they work on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request

from incubator.calls.actions import check_manages
from incubator.calls.queries import CallAnswer, Choices, call_of_staff, choices_of, visible_call
from incubator.core.clock import now
from incubator.core.errors import NotFound
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
    """A call of a programme this person works for. Raises `NotFound`, or `Refused` for who only sees its public page."""
    return await call_of_staff(request.user, code, at=now())


async def choices_for(request: AnyRequest) -> Choices:
    """What a call is made of in the programme one manages, `?programme=` when there are several. Raises `NotFound`."""
    mine = managed_programmes(request.user)
    if not mine:
        raise NotFound
    wanted = request.query_params.get("programme")
    found = [await choices_of(programme) for programme in mine] if wanted else [await choices_of(mine[0])]
    return next((one for one in found if wanted in (None, one.code)), found[0])
