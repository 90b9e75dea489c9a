"""Coaches and sessions for tests, made by the real acts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from incubator.coaching.actions import assign_coach, log_session
from incubator.coaching.forms import AssignmentForm, SessionForm
from incubator.coaching.tables import SessionKind
from incubator.core.clock import local_date, now
from incubator.people.queries import Person
from tests.world.cohorts import Enrolled, Gathered, an_active_enrolment
from tests.world.people import a_coach
from tests.world.programmes import World


class Coached(msgspec.Struct, frozen=True):
    """A project on its way with its lead coach."""

    enrolled: Enrolled
    coach: Person
    assignment: UUID

    @property
    def project(self) -> UUID:
        """The project."""
        return self.enrolled.project

    @property
    def enrolment(self) -> UUID:
        """Its stay in the entry phase."""
        return self.enrolled.enrolment

    @property
    def holder(self) -> Person:
        """Who deposited its application."""
        return self.enrolled.holder

    @property
    def manager(self) -> Person:
        """The manager of its programme."""
        return self.enrolled.manager


async def a_coached_project(
    world: World,
    name: str = "Repair’Bus",
    *,
    enrolled: Enrolled | None = None,
    coach: Person | None = None,
    gathered: Gathered | None = None,
    at: datetime | None = None,
    **enrolment: Any,
) -> Coached:
    """A project on its way and its lead coach."""
    at = at or now()
    enrolled = enrolled or await an_active_enrolment(world, name, gathered=gathered, at=at, **enrolment)
    coach = coach or await a_coach(world.programme)
    form = AssignmentForm(coach=coach.id, is_lead=True)
    return Coached(enrolled, coach, await assign_coach(enrolled.project, form, by=enrolled.manager, at=at))


async def a_second_coach(coached: Coached, coach: Person, *, at: datetime | None = None) -> UUID:
    """Someone who coaches beside the lead; the assignment."""
    form = AssignmentForm(coach=coach.id)
    return await assign_coach(coached.project, form, by=coached.manager, at=at or now())


def session_form(at: datetime, **changed: Any) -> SessionForm:
    """A session held the day of `at`, without a next date, but for what is changed."""
    facts: dict[str, Any] = {
        "held_on": local_date(at),
        "duration_minutes": 90,
        "kind": SessionKind.ONE_TO_ONE,
        "participants": "Toute l’équipe",
        "done": "Relu l’enquête.",
        "decided": "Cinq entretiens de plus.",
        "next_steps": "Écrire le guide.",
        "no_next_reason": "L’équipe rappelle.",
    }
    if "next_on" in changed:
        facts["no_next_reason"] = ""
    return SessionForm(**(facts | changed))


async def a_session(coached: Coached, *, at: datetime | None = None, **changed: Any) -> UUID:
    """A session logged by the lead coach."""
    at = at or now()
    return await log_session(coached.project, session_form(at, **changed), by=coached.coach, at=at)
