"""A cohort of the story."""

from __future__ import annotations

from datetime import datetime

from incubator.cohorts.actions import create_cohort
from incubator.cohorts.forms import CohortForm
from incubator.demo.stage import Stage


def plan_cohort(stage: Stage, call: str, name: str, *, created: int, starts: int) -> None:
    """The manager creates the cohort of a call; it starts on that day."""

    async def act(at: datetime) -> None:
        form = CohortForm(name=name, starts_on=stage.calendar.day(starts))
        stage.cohorts[call] = await create_cohort(call, form, by=stage.staff.manager, at=at)

    stage.on(created, act, 17, 30)
