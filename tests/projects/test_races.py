"""Many people, few seats, on connections that compete."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from incubator.core.clock import now
from incubator.core.database import detached, execute, value
from incubator.core.errors import Conflict
from incubator.core.ids import new_id
from incubator.projects.actions import accept_invitation, invite_member, name_depositor, remove_member
from incubator.projects.forms import InvitationForm
from incubator.projects.rules import SEATS_MAX
from tests.world.people import someone
from tests.world.programmes import the_programme
from tests.world.projects import a_member, a_project

pytestmark = pytest.mark.usefixtures("committed_db")
PEOPLE, TABS = 20, 3


async def test_twenty_who_accept_at_once_from_three_tabs_take_the_seven_seats_left() -> None:
    await the_programme()
    me = await someone()
    project = await a_project(me)
    invitations = []
    for place in range(PEOPLE):
        guest = await someone(f"Invitée {place}")
        invitation = new_id()
        await execute(
            "INSERT INTO team_invitation (id, project, email, name, role, token_hash, invited_by, invited_at, expires_at)"
            " VALUES ($1, $2, $3, 'X', 'editor', $4, $5, $6, $7)",
            invitation, project, guest.email, invitation.bytes, me.id, now(), now() + timedelta(days=1),
        )  # fmt: skip
        invitations.append((invitation, guest))
    tries = [detached(accept_invitation(one, by=guest, at=now())) for _tab in range(TABS) for one, guest in invitations]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(answer == project for answer in answers) == SEATS_MAX - 1
    assert sum(isinstance(answer, Conflict) for answer in answers) == PEOPLE * TABS - SEATS_MAX + 1
    assert await value("SELECT count(*) FROM team_member WHERE project = $1 AND left_at IS NULL", project) == SEATS_MAX
    assert await value("SELECT count(*) FROM team_invitation WHERE accepted_at IS NOT NULL") == SEATS_MAX - 1


async def test_seats_offered_from_many_tabs_are_never_more_than_there_are() -> None:
    await the_programme()
    me = await someone()
    project = await a_project(me)
    forms = [InvitationForm(email=f"m{place % 12}@exemple.fr", name="X") for place in range(18)]
    answers = await asyncio.gather(
        *(detached(invite_member(project, form, by=me, at=now())) for form in forms), return_exceptions=True
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == len(forms) - (SEATS_MAX - 1)
    assert await value("SELECT count(DISTINCT email) FROM team_invitation") == SEATS_MAX - 1


async def test_a_depositor_named_while_they_leave_leaves_one_depositor() -> None:
    """B22."""
    await the_programme()
    for number in range(5):
        me, friend = await someone(), await someone(f"Basile {number}")
        project = await a_project(me)
        member = await a_member(project, "Basile", friend.email, by=me)
        works = [name_depositor(project, member, by=me, at=now()), remove_member(project, member, by=friend, at=now())]
        await asyncio.gather(*(detached(work) for work in works[:: 1 if number % 2 else -1]), return_exceptions=True)
        here = "SELECT count(*) FROM team_member WHERE project = $1 AND role = 'depositor' AND left_at IS NULL"
        assert await value(here, project) == 1
