"""The home page of someone: what awaits, then their projects, committees and calls, in four statements whatever the role."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.applications.rules.standing import Standing
from incubator.core.clock import local_date
from incubator.home.queries.awaiting import awaiting, awaiting_on
from incubator.home.queries.calls import CallLine, current_calls
from incubator.home.queries.committees import CommitteeLine, my_committees
from incubator.home.queries.facts import my_projects, thread_of
from incubator.home.queries.projects import ProjectCard, project_card
from incubator.home.rules.ahead import comes_next, standing_of
from incubator.home.rules.awaiting import Item, about, items_of, most_urgent_first, path_items, to_confirm
from incubator.home.rules.facts import ThreadFacts
from incubator.home.rules.parts import Part, parts_of
from incubator.home.rules.thread import Step, current_step, thread_steps
from incubator.people.queries import Person


class ProjectLine(msgspec.Struct, frozen=True):
    """A project one carries or coaches, where it is and what comes next for its team."""

    id: UUID
    name: str
    is_team: bool
    current: Step
    comes_next: str
    steps: list[Step]


class Home(msgspec.Struct, frozen=True):
    """What awaits a person, most urgent first, then what they are part of."""

    awaiting: list[Item]
    projects: list[ProjectLine]
    committees: list[CommitteeLine]
    calls: list[CallLine]


async def home_of(me: Person, at: datetime) -> Home:
    """Everything a person's home page shows."""
    facts = await my_projects(me, local_date(at))
    items = items_of(await awaiting(me, at), at)
    items += [item for one in facts for item in path_items(one, at)]
    if not me.is_confirmed:
        items.append(to_confirm())
    urgent = most_urgent_first(items, local_date(at))
    lines = [_line(one, at) for one in facts if one.is_team or one.current]
    return Home(urgent, lines, await my_committees(me), await current_calls(me, at))


def _line(facts: ThreadFacts, at: datetime) -> ProjectLine:
    steps = thread_steps(facts, at)
    said = comes_next(facts, at) if facts.is_team else ""
    return ProjectLine(facts.project, facts.name, facts.is_team, current_step(steps), said, steps)


class ProjectLife(msgspec.Struct, frozen=True):
    """A project's page without its timeline: who it is, its thread, what awaits its reader, the pages they may open."""

    card: ProjectCard
    steps: list[Step]
    awaiting: list[Item]
    comes_next: str
    standing: Standing | None
    parts: list[Part]


async def life_of(me: Person, project_id: UUID, at: datetime) -> ProjectLife:
    """A project for its team and the staff of its programme, in three statements. Raises `NotFound`."""
    card = await project_card(me, project_id)
    facts = await thread_of(me, project_id, local_date(at))
    items = items_of(await awaiting_on(me, project_id, at), at) + path_items(facts, at)
    urgent = most_urgent_first([about(item, card.name) for item in items], local_date(at))
    told = standing_of(facts, at) if facts.is_team else None
    return ProjectLife(card, thread_steps(facts, at), urgent, comes_next(facts, at), told, parts_of(facts, card.viewer))


class Thread(msgspec.Struct, frozen=True):
    """Le fil: the steps of a project's life in order."""

    project: UUID
    name: str
    steps: list[Step]


async def thread(me: Person, project_id: UUID, at: datetime) -> Thread:
    """The thread of a project, in one statement. Raises `NotFound`."""
    facts = await thread_of(me, project_id, local_date(at))
    return Thread(facts.project, facts.name, thread_steps(facts, at))
