"""The jobs that are measured, with what they should reach (the targets stand in README.md)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import msgspec

from benchmarks import floor
from benchmarks.client import get
from benchmarks.filling import World
from benchmarks.lanes import Lane, Once
from benchmarks.path import API_REQUESTS, PAGE_REQUESTS, apply_by_api, apply_by_pages
from benchmarks.scoring import hand_in_lane, save_lane
from benchmarks.visitors import STRANGER, Visitor, Visitors
from benchmarks.writing import SECTION, autosave_lane, reading_draft


class Target(msgspec.Struct, frozen=True):
    """What a job should reach: times the floor, statements sent, growth exponent."""

    ratio: float | None = None
    statements: int | None = None
    exponent: float | None = None


class Job(msgspec.Struct, frozen=True):
    """Something people do. `lane` gives what one client does over and over; `requests` is how many requests that takes."""

    key: str
    title: str
    lane: Callable[[Lane], Once]
    bare: floor.Query
    target: Target = Target()
    requests: int = 1
    seconds: float = 0.8
    times_max: int = 100_000
    crowd: int = 16
    watched: bool = False


PAGE = Target(14, 6, 0.05)


def _reading(
    path: Callable[[World], str], who: Callable[[Visitors], Visitor], accept: str = "text/html"
) -> Callable[[Lane], Once]:
    def lane(lane: Lane) -> Once:
        request = get(path(lane.world), lane.port, who(lane.visitors).cookie, accept)

        async def once() -> int:
            return len((await lane.ask(request)).body)

        return once

    return lane


def _detail(lane: Lane) -> Once:
    """One application after another, of the first fifty."""
    turns = count(lane.number)

    async def once() -> int:
        application = lane.world.files[next(turns) % 50]
        path = f"/applications/{application}/assessments"
        return len((await lane.ask(get(path, lane.port, lane.visitors.manager.cookie))).body)

    return once


def _timeline(lane: Lane) -> Once:
    turns = count(lane.number)

    async def once() -> int:
        place = next(turns) % len(lane.world.journeys)
        request = get(f"/projects/{lane.world.journeys[place]}", lane.port, lane.visitors.depositors[place].cookie)
        return len((await lane.ask(request)).body)

    return once


def _manager(visitors: Visitors) -> Visitor:
    return visitors.manager


def _member(visitors: Visitors) -> Visitor:
    return visitors.members[0]


def _stranger(_visitors: Visitors) -> Visitor:
    return STRANGER


def _ranking(world: World) -> str:
    return f"/committees/{world.committee}/ranking"


def _call(world: World) -> str:
    return f"/calls/{world.call}"


def _desk(world: World) -> str:
    return f"/applications/{world.files[11]}/eligibility"


WATCHED = tuple(
    Job(key, title, _reading(path, who), bare, Target(ratio, 8, 0.05), watched=True)
    for key, title, path, who, bare, ratio in (
        ("queue", "queue of the call, page", lambda world: f"{_call(world)}/applications", _manager, floor.queue, 10),
        ("home_manager", "home of the manager, page", lambda _world: "/", _manager, floor.queue, None),
        ("home_member", "home of a member, page", lambda _world: "/", _member, floor.queue, None),
        ("eligibility", "eligibility of an application, page", _desk, _manager, floor.detail, None),
        ("my_files", "files of a member, page", lambda world: f"/committees/{world.committee}", _member, floor.queue, None),
    )
)
DRAFT_PAGES = tuple(
    Job(key, title, reading_draft(path, accept), floor.dossier, target)
    for key, title, path, accept, target in (
        ("section", "section of a draft, page", lambda one: f"/applications/{one}/sections/{SECTION}", "text/html", PAGE),
        ("application", "application of one's team, page", lambda one: f"/applications/{one}", "text/html", PAGE),
        (
            "application_api",
            "application of one's team, API",
            lambda one: f"/api/v1/applications/{one}",
            "application/json",
            Target(6, 3, 0.05),
        ),
    )
)
JOBS = (
    Job("ranking_page", "ranking, 50 by score, page", _reading(_ranking, _manager), floor.fifty, Target(10, 6, 0.05)),
    Job(
        "ranking_api",
        "ranking, 50 by score, API",
        _reading(lambda world: f"/api/v1{_ranking(world)}", _manager, "application/json"),
        floor.fifty,
        Target(3, 3, 0.05),
    ),
    Job("detail", "application with its assessments, page", _detail, floor.detail, Target(14, 8, 0.02)),
    Job("save", "save one assessment of 12 scores, API", save_lane, floor.save, Target(6, 12, 0.05)),
    Job(
        "hand_in",
        "hand one in, figures of the application included, API",
        hand_in_lane,
        floor.save,
        Target(6, 12, 0.05),
        seconds=0.5,
        times_max=60,
    ),
    Job(
        "path_pages",
        "whole application by its pages' forms",
        apply_by_pages,
        floor.path,
        Target(25, 24, 0.02),
        requests=PAGE_REQUESTS,
        times_max=30,
    ),
    Job(
        "path_api",
        "whole application by the API",
        apply_by_api,
        floor.path_at_once,
        Target(25, 24, 0.02),
        requests=API_REQUESTS,
        times_max=30,
    ),
    Job("call_page", "public page of the call", _reading(_call, _stranger), floor.call_page, Target(10, 6, 0.05)),
    Job("timeline", "whole life of a project, page", _timeline, floor.timeline, Target(14, 8, 0.02)),
    Job(
        "export",
        "CSV of everything with scores",
        _reading(lambda world: f"/committees/{world.committee}/assessments.csv", _manager, "text/csv"),
        floor.export,
        Target(4, 5, 1.02),
        seconds=1.0,
        times_max=20,
        crowd=4,
    ),
    Job("autosave", "autosave of an answer, API", autosave_lane, floor.autosave, Target(6, 3, 0.05)),
    *DRAFT_PAGES,
    *WATCHED,
)
