"""A team that withdraws while its decision is published (B23)."""

from __future__ import annotations

import asyncio

import pytest

from incubator.applications.actions import withdraw
from incubator.applications.forms import WithdrawalForm
from incubator.cohorts.queries import places_in
from incubator.core.clock import now
from incubator.core.database import column, detached
from incubator.core.errors import Conflict
from tests.selection.world import a_candidate, a_closed_call
from tests.world.cohorts import a_cohort
from tests.world.programmes import the_programme
from tests.world.selection import a_committee, decided, published

TEAMS = 8


@pytest.mark.usefixtures("committed_db")
async def test_who_withdraws_while_decisions_are_published_ends_in_one_state_and_holds_no_place() -> None:
    world = await the_programme()
    call = await a_closed_call(world)
    teams = [await a_candidate(world, call, f"Projet {number}") for number in range(TEAMS)]
    sitting = await a_committee(call)
    for team in teams:
        await decided(team.application, by=sitting.manager)
    works = [withdraw(one.application, WithdrawalForm(f"Projet {n}"), by=one.holder, at=now()) for n, one in enumerate(teams)]
    works.insert(TEAMS // 2, published(sitting, at=now()))
    answers = await asyncio.gather(*(detached(work) for work in works), return_exceptions=True)
    assert all(answer is None or isinstance(answer, Conflict) for answer in answers)
    del answers[TEAMS // 2]
    gone = {team.application for team, answer in zip(teams, answers, strict=True) if answer is None}
    assert set(await column("SELECT id FROM application WHERE state = 'withdrawn'")) == gone
    assert set(await column("SELECT subject FROM journal_entry WHERE verb = 'application.withdrawn'")) == gone
    places = await places_in((await a_cohort(world, call)).cohort)
    assert sum(one.awaited_count for one in places) == TEAMS - len(gone)
