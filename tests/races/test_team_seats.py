"""The seats of a team, taken from two processes at the same instant."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from incubator.core.database import execute, value
from incubator.core.ids import new_id
from incubator.projects.rules import SEATS_MAX
from tests.races.crowd import Hand, signed_in, two_workers
from tests.world.people import someone
from tests.world.programmes import the_programme
from tests.world.projects import a_project

GUESTS, TABS, ROUNDS = 16, 3, 4


async def test_sixteen_who_accept_at_one_instant_take_exactly_the_seats_left(committed_db: str) -> None:
    world, me, at = await the_programme(), await someone("Hana Porteuse"), datetime.now(UTC)
    guests = [await someone(f"Invitée {place}") for place in range(GUESTS)]
    async with two_workers(committed_db) as door:
        hands: list[Hand] = [await signed_in(guest) for guest in guests]
        for number in range(ROUNDS):
            project = await a_project(me, world.programme, f"Projet {number}", at=at)
            knocks = []
            start = asyncio.get_running_loop().time() + 0.5
            for guest, hand in zip(guests, hands, strict=True):
                invitation = new_id()
                await execute(
                    "INSERT INTO team_invitation (id, project, email, name, role, token_hash, invited_by, invited_at, expires_at)"
                    " VALUES ($1, $2, $3, $4, 'editor', $5, $6, $7, $8)",
                    invitation, project, guest.email, guest.name, invitation.bytes, me.id, at, at + timedelta(days=1),
                )  # fmt: skip
                knocks += [door.knock(hand, f"invitations/{invitation}/acceptance", {}, at=start) for _tab in range(TABS)]
            told = await asyncio.gather(*knocks)
            assert sorted(one.status for one in told) == [200] * (SEATS_MAX - 1) + [409] * (GUESTS * TABS - SEATS_MAX + 1)
            assert await value("SELECT count(*) FROM team_member WHERE project = $1 AND left_at IS NULL", project) == SEATS_MAX
            taken = "SELECT count(*) FROM team_invitation WHERE project = $1 AND accepted_at IS NOT NULL"
            assert await value(taken, project) == SEATS_MAX - 1
