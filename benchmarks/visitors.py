"""Who is signed in while we measure: sessions opened as the application opens them, and their form tokens."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

import msgspec

from benchmarks.filling import World
from incubator.core import database
from incubator.core.clock import now
from incubator.people.actions import open_session

SECRET_KEY = "measured, never deployed: forty letters!"


class Visitor(msgspec.Struct, frozen=True):
    """A browser: its cookie and the token that its forms carry; both empty for a stranger."""

    account: UUID | None
    cookie: str
    token: str


STRANGER = Visitor(None, "", "")


class Draft(msgspec.Struct, frozen=True):
    """A draft and its depositor's browser."""

    application: UUID
    visitor: Visitor


class Visitors(msgspec.Struct, frozen=True):
    """Everyone signed in to a world; `depositors` of the past call's projects, in their order; `drafts` of the call."""

    manager: Visitor
    members: tuple[Visitor, ...]
    applicants: tuple[Visitor, ...]
    depositors: tuple[Visitor, ...]
    drafts: tuple[Draft, ...] = ()


async def sign_everyone_in(world: World) -> Visitors:
    """Open a session for each person the jobs play."""
    await database.connect(world.dsn, pool_size=2)
    try:
        people = world.people
        return Visitors(
            manager=await sign_in(people.manager, is_staff=True),
            members=tuple([await sign_in(one) for one in people.members]),
            applicants=tuple([await sign_in(one) for one in people.applicants]),
            depositors=tuple([await sign_in(one) for one in people.past]),
        )
    finally:
        await database.disconnect()


async def sign_in(account: UUID, *, is_staff: bool = False) -> Visitor:
    """A browser of this person's; the database is connected."""
    secret = await open_session(account, agent="benchmark", is_staff=is_staff, at=now())
    token = hmac.new(SECRET_KEY.encode(), f"{secret}\nform".encode(), hashlib.sha256).hexdigest()
    return Visitor(account, f"session={secret}", token)
