"""Erasing someone while they, or their team, still write, on connections that compete."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from incubator.applications.actions import Given, save_answers
from incubator.core.clock import now
from incubator.core.database import column, detached, execute, transaction, value
from incubator.core.errors import Conflict, Failure
from incubator.privacy.actions.erasing import forget_person
from tests.world.applications import a_draft_application
from tests.world.calls import a_call
from tests.world.people import someone
from tests.world.programmes import the_programme
from tests.world.projects import a_member, a_project

pytestmark = pytest.mark.usefixtures("committed_db")
DAY = timedelta(days=1)


async def erase(account: UUID) -> None:
    async with transaction():
        await forget_person(account, by=None, at=now())


async def someone_waits(many: int) -> None:
    """Until so many wait for a row that another holds."""
    waiting = (
        "SELECT count(DISTINCT l.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
        " WHERE NOT l.granted AND a.datname = current_database()"
    )
    for _look in range(200):
        if await value(waiting) >= many:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("nobody waits")


async def hold_answer(application: UUID, question: str, held: asyncio.Event, let_go: asyncio.Event) -> None:
    async with transaction():
        await execute("SELECT FROM answer WHERE application = $1 AND question = $2 FOR UPDATE", application, question)
        held.set()
        await let_go.wait()


async def test_who_writes_while_they_are_erased_waits_and_is_told_that_it_is_over() -> None:
    """The file first, then the person, as every act locks them: neither ends the other's."""
    at, world = now(), await the_programme()
    holder, member = await someone("Hana Porteuse"), await someone("Mina Membre")
    call = await a_call(world, opens_at=at - 5 * DAY, closes_at=at + 5 * DAY)
    project = await a_project(holder, world.programme, at=at - 4 * DAY)
    application = await a_draft_application(call, holder, project, at=at - 4 * DAY)
    await a_member(project, member.name, member.email, by=holder, at=at - 3 * DAY)
    for question in ("1.2", "1.3"):
        await save_answers(application, {question: Given(member.name, 0)}, by=holder, at=at)
    held, let_go = asyncio.Event(), asyncio.Event()
    holds = detached(hold_answer(application, "1.2", held, let_go))
    await held.wait()
    erased = detached(erase(member.id))
    await someone_waits(1)
    written = detached(save_answers(application, {"1.3": Given("Encore un mot", 1)}, by=member, at=now()))

    await someone_waits(2)
    let_go.set()
    await holds
    outcome = await asyncio.gather(erased, written, return_exceptions=True)
    assert (outcome[0], isinstance(outcome[1], Failure)) == (None, True), outcome
    assert (
        await column("SELECT value #>> '{}' FROM answer WHERE application = $1 ORDER BY question", application)
        == ["(effacé)"] * 2
    )
    assert isinstance(outcome[1], Conflict) or outcome[1].status == 404
