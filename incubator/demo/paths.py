"""A project on its way, until its coach and its sessions: the place it takes, the agreement, what is noted on the way."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from incubator.coaching.actions import assign_coach, log_session
from incubator.coaching.forms import AssignmentForm, SessionForm
from incubator.coaching.tables import SessionKind
from incubator.cohorts import actions as cohorts
from incubator.cohorts.forms import AnswerForm, SignatureForm
from incubator.cohorts.queries import place_of
from incubator.core.clock import local_date
from incubator.demo.stage import Act, Stage
from incubator.people.queries import Person

KINDS = (SessionKind.ONE_TO_ONE, SessionKind.REMOTE, SessionKind.ONE_TO_ONE, SessionKind.VISIT, SessionKind.PHONE)
NOTE_EVERY = 6
SOON = 3  # days from today


@cache
def words() -> dict[str, Any]:
    """What coaches and teams write along the way."""
    text = (Path(__file__).parent / "session_words.yaml").read_text("utf-8")
    return yaml.safe_load(text)  # type: ignore[no-any-return]


class Walk:
    """A project in the diary, step by step; days are counted from today."""

    def __init__(self, stage: Stage, key: str) -> None:
        self.stage, self.key = stage, key
        self.coach = stage.staff.coach_of(key)
        self.dice = random.Random(key)  # noqa: S311 - a story, not a secret

    @property
    def project(self) -> UUID:
        """Known once its team has created it."""
        return self.stage.projects[self.key]

    @property
    def holder(self) -> Person:
        """Who deposits and signs for the team."""
        return self.stage.holders[self.key]

    def accept(self, day: int) -> None:
        """The team takes its place."""
        self.stage.on(day, self._accept, self.dice.randrange(9, 20), self.dice.randrange(60))

    async def _accept(self, at: datetime) -> None:
        await cohorts.accept_place(self.project, by=self.holder, at=at)

    def decline(self, day: int, reason: str) -> None:
        """The team leaves its place to others."""

        async def act(at: datetime) -> None:
            await cohorts.decline_place(self.project, AnswerForm(reason=reason), by=self.holder, at=at)

        self.stage.on(day, act, 18, 5)

    def withdraw(self, day: int, reason: str) -> None:
        """The team gives back the place it had accepted."""

        async def act(at: datetime) -> None:
            await cohorts.withdraw_place(self.project, AnswerForm(reason=reason), by=self.holder, at=at)

        self.stage.on(day, act, 11, 40)

    def sign(self, day: int) -> None:
        """The team signs, the programme three days later: the path starts and the coach is named."""
        self.stage.on(day, self._signature(lambda: self.holder), 12, 15)
        self.stage.on(day + 3, self._signature(lambda: self.stage.staff.manager), 9, 5)
        self.stage.on(day + 3, self._name_coach, 9, 30)

    def _signature(self, who: Any) -> Act:
        async def act(at: datetime) -> None:
            place = await place_of(who(), self.project)
            form = SignatureForm(text_hash=place.text_hash or "", agreed=True)
            await cohorts.sign_agreement(self.project, form, by=who(), at=at)

        return act

    async def _name_coach(self, at: datetime) -> None:
        form = AssignmentForm(coach=self.coach.id, is_lead=True, planned_days=Decimal(14))
        await assign_coach(self.project, form, by=self.stage.staff.manager, at=at)

    def sessions(self, phase: str, start: int, end: int, every: int) -> None:
        """A session every so many days, noted the same evening."""
        told = words()[phase]
        days = list(range(start, end, every))
        for number, day in enumerate(days):
            last = number + 1 == len(days)
            following = days[number + 1] if not last else max(day + every, SOON) if end >= 0 else None
            self.stage.on(day, self._session(number, told[number % len(told)], following), 17, self.dice.randrange(60))

    def _session(self, number: int, lines: list[str], following: int | None) -> Act:
        async def act(at: datetime) -> None:
            following_on = self.stage.calendar.day(following) if following is not None else None
            today = local_date(at)
            note = words()["notes"][number // NOTE_EVERY % len(words()["notes"])] if number % NOTE_EVERY == 1 else ""
            form = SessionForm(
                held_on=today,
                duration_minutes=(45, 60, 75, 90, 120)[(number + len(self.key)) % 5],
                kind=KINDS[number % len(KINDS)],
                participants=", ".join(str(mate[0]) for mate in self.stage.sheets[self.key].team[: 1 + number % 2]),
                done=lines[0],
                decided=lines[1],
                next_steps=lines[2],
                next_on=max(following_on, today + timedelta(days=1)) if following_on else None,
                no_next_reason="" if following_on else "Nous nous revoyons à la revue de passage.",
                private_note=note,
            )
            await log_session(self.project, form, by=self.coach, at=at)

        return act
