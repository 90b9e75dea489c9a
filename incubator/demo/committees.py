"""A committee of the story: it is composed, signs, declares, reads, scores, decides; the decisions are published."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

from incubator.demo.cast import MEMBERS, address
from incubator.demo.stage import Act, Stage
from incubator.people.queries import Person, person_by_email
from incubator.selection import actions
from incubator.selection.forms import (
    AssessmentForm,
    CommitteeForm,
    DecisionForm,
    DeclarationForm,
    Interest,
    Mark,
    PresentationForm,
    PublicationForm,
    SeatForm,
    UndertakingForm,
)
from incubator.selection.queries.decisions import deciding
from incubator.selection.queries.members import member_of
from incubator.selection.rules.committees import text_hash, undertaking_text
from incubator.selection.rules.decisions import side
from incubator.selection.tables import DecisionOutcome

CODES = ("A1", "A2", "A3", "B4", "B5", "B6", "C7", "C8", "C9", "D10", "D11", "D12")
NSP_ONE_IN = 25


class Verdict(msgspec.Struct, frozen=True):
    """What becomes of a project: outcome, entry phase, rank on the waiting list, conditions, orientation."""

    outcome: str
    phase: str = ""
    rank: int | None = None
    conditions: str = ""
    orientation: str = ""


class Panel(msgspec.Struct, frozen=True):
    """Which members sit (by their numbers), and when. Days from today.

    `files`: keys of projects in the order they are read; `handed_in`: how many files each member has finished so far;
    `divisive`: files on which members disagree.
    """

    call: str
    members: Sequence[int]
    composed: int
    presented: int
    scored: int
    files: Sequence[str]
    qualities: Mapping[str, float]
    handed_in: Sequence[int]
    interests: Mapping[tuple[int, str], str] = {}
    divisive: Sequence[str] = ()
    verdicts: Mapping[str, Verdict] = {}
    decided: int = 0
    published: int = 0


@cache
def words() -> dict[str, Any]:
    """Reasons, remarks, interests."""
    text = (Path(__file__).parent / "committee_words.yaml").read_text("utf-8")
    return yaml.safe_load(text)  # type: ignore[no-any-return]


def plan_committee(stage: Stage, panel: Panel) -> None:
    """Write a committee's whole work in the diary."""
    stage.on(panel.composed, _compose(stage, panel), 9)
    stage.on(panel.presented, _present(stage, panel), 9, 30)
    for place, number in enumerate(panel.members):
        _plan_member(stage, panel, number, panel.handed_in[place])
    for place, key in enumerate(panel.verdicts):
        stage.on(panel.decided, _decide(stage, panel, key), 14 + place // 6, place % 6 * 9)
    if panel.verdicts:
        stage.on(panel.published, _publish(stage, panel), 16, 30)


def _compose(stage: Stage, panel: Panel) -> Act:
    async def act(at: datetime) -> None:
        manager = stage.staff.manager
        form = CommitteeForm(name="Comité de sélection")
        committee = await actions.create_committee(panel.call, form, by=manager, at=at)
        stage.committees[panel.call] = committee
        for number in panel.members:
            name, house, college = MEMBERS[number]
            seat = SeatForm(name=name, email=address(name, house), college=college)
            await actions.give_seat(committee, seat, by=manager, at=at)

    return act


def _present(stage: Stage, panel: Panel) -> Act:
    async def act(at: datetime) -> None:
        applications = [stage.applications[panel.call, key] for key in panel.files]
        form = PresentationForm(applications=applications)
        await actions.present_applications(stage.committees[panel.call], form, by=stage.staff.manager, at=at)

    return act


def _plan_member(stage: Stage, panel: Panel, number: int, finished: int) -> None:
    """Signs the day after, then opens, reads and hands in a few files a day; the next one is left as a draft."""
    if not finished:
        return
    dice = random.Random(f"{panel.call} {number}")  # noqa: S311 - a story, not a secret
    start = panel.presented + 1
    stage.on(start, _sign(stage, panel, number), 8 + number % 10, dice.randrange(60))
    first = panel.presented + 4
    span = max(1, panel.scored - first)
    for place, key in enumerate(panel.files[: finished + 1]):
        day = first + place * span // len(panel.files)
        hour, minute = dice.randrange(9, 21), dice.randrange(40)
        reason = panel.interests.get((number, key))
        stage.on(day, _declare(stage, panel, number, key, reason), hour, minute)
        if reason is None:
            done = place < finished
            stage.on(day, _assess(stage, panel, number, key, done, dice.randrange(1 << 30)), hour, minute + 18)


async def _member(number: int) -> Person:
    name, house, _college = MEMBERS[number]
    found = await person_by_email(address(name, house))
    assert found is not None
    return found


def _sign(stage: Stage, panel: Panel, number: int) -> Act:
    async def act(at: datetime) -> None:
        by = await _member(number)
        committee = stage.committees[panel.call]
        member = await member_of(by, committee)
        shown = text_hash(undertaking_text(member.committee_name, member.call_title))
        await actions.sign_undertaking(committee, UndertakingForm(text_hash=shown, agreed=True), by=by, at=at)

    return act


def _declare(stage: Stage, panel: Panel, number: int, key: str, reason: str | None) -> Act:
    async def act(at: datetime) -> None:
        interest = Interest.NONE if reason is None else Interest.INTEREST
        form = DeclarationForm(interest=interest, reason=reason or "")
        await actions.declare(stage.applications[panel.call, key], form, by=await _member(number), at=at)

    return act


def _assess(stage: Stage, panel: Panel, number: int, key: str, finished: bool, seed: int) -> Act:
    async def act(at: datetime) -> None:
        form = marks(panel.qualities[key], 1.0 if key in panel.divisive else 0.45, seed, finished=finished)
        await actions.assess(stage.applications[panel.call, key], form, by=await _member(number), at=at)

    return act


def marks(quality: float, spread: float, seed: int, *, finished: bool) -> AssessmentForm:
    """Marks around a quality from 1 to 5, more or less spread; a draft has only the first ones."""
    dice = random.Random(seed)  # noqa: S311
    mood = dice.gauss(0, 0.2)
    scores = {}
    for code in CODES if finished else CODES[:7]:
        mark = min(5, max(1, round(dice.gauss(quality + mood, spread))))
        scores[code] = Mark.NSP if dice.randrange(NSP_ONE_IN) == 0 else Mark(str(mark))
    remark = dice.choice(words()["remarks"]) if finished else ""
    return AssessmentForm(scores=scores, comment=remark, finished=finished)


def _decide(stage: Stage, panel: Panel, key: str) -> Act:
    async def act(at: datetime) -> None:
        verdict, application = panel.verdicts[key], stage.applications[panel.call, key]
        facts = await deciding(application, verdict.phase)
        sides = {code: side(mean) for code, mean in facts.means.items()}
        reasons = {code: words()[which][code] for code, which in sides.items() if which != "middle"}
        form = DecisionForm(
            outcome=DecisionOutcome(verdict.outcome),
            phase=verdict.phase,
            waiting_rank=verdict.rank,
            conditions=verdict.conditions,
            orientation=verdict.orientation,
            reasons=reasons or {"D12": words()["strong"]["D12"]},
        )
        await actions.decide(application, form, by=stage.staff.manager, at=at)

    return act


def _publish(stage: Stage, panel: Panel) -> Act:
    async def act(at: datetime) -> None:
        form = PublicationForm(call=panel.call)
        await actions.publish(stage.committees[panel.call], form, by=stage.staff.manager, at=at)

    return act
