"""A call of the story: it opens, projects apply, staff pronounce."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from incubator.applications import actions
from incubator.applications.actions import Given
from incubator.applications.forms import ComplementForm, DepositForm, InstructorForm, RulingForm, StartForm
from incubator.applications.tables import Outcome
from incubator.calls.actions import create_call, publish_call
from incubator.calls.forms import CallForm
from incubator.core.database import value
from incubator.demo.calendar import moment
from incubator.demo.cast import meet
from incubator.demo.dossiers import answers
from incubator.demo.papers import join_cvs
from incubator.demo.stage import Act, Stage
from incubator.demo.teams import agree, invite_mates, join
from incubator.projects.actions import create_project
from incubator.projects.forms import NewProjectForm

HALF = 24  # answers written the first evening
LATEST_DEPOSIT = -3  # days from today


class Campaign(msgspec.Struct, frozen=True):
    """A call: its dates in days from today, its places, who applies in which order."""

    code: str
    title: str
    introduction: str
    opens: int
    closes: int
    notify: int
    pre_incubation: int
    incubation: int
    deposits: Sequence[str]
    drafts: Sequence[str] = ()
    direct: Sequence[str] = ()


def plan_campaign(stage: Stage, campaign: Campaign) -> None:
    """Write the call and its applications in the diary."""
    stage.on(campaign.opens - 14, _prepare(stage, campaign), 11)
    dice = random.Random(campaign.code)  # noqa: S311 - a story, not a secret
    span = campaign.closes - campaign.opens
    for place, key in enumerate([*campaign.deposits, *campaign.drafts]):
        start = campaign.opens + 1 + place * span // (3 * max(1, len(campaign.deposits)))
        _plan_application(stage, campaign, key, min(start, LATEST_DEPOSIT - 8 - place), dice, LATEST_DEPOSIT - place)


def _prepare(stage: Stage, campaign: Campaign) -> Act:
    async def act(at: datetime) -> None:
        calendar, choices = stage.calendar, stage.choices
        form = CallForm(
            title=campaign.title,
            code=campaign.code,
            introduction=campaign.introduction,
            opens_at=moment(calendar.day(campaign.opens), 9),
            closes_at=moment(calendar.day(campaign.closes), 23, 59),
            notify_on=calendar.day(campaign.notify),
            departements=[area.code for area in choices.departements],
            places={"pre_incubation": campaign.pre_incubation, "incubation": campaign.incubation},
            form=choices.forms[0].id,
            grid=choices.grids[0].id,
            plan=choices.plans[0].id,
        )
        await create_call(form, by=stage.staff.manager, at=at)
        await publish_call(campaign.code, by=stage.staff.manager, at=at + timedelta(hours=3))

    return act


def _plan_application(stage: Stage, campaign: Campaign, key: str, start: int, dice: random.Random, latest: int) -> None:
    """One evening the project is created and half of the form written, another the rest; it is deposited near the end."""
    phase = "incubation" if key in campaign.direct else "pre_incubation"
    hour = dice.randrange(18, 22)
    stage.on(start, _arrive(stage, key), hour, 2)
    stage.on(start, _start(stage, campaign, key, phase), hour, 40)
    last = str(stage.sheets[key].team[-1][0]) if key in campaign.drafts else ""
    stage.on(start + 3, join(stage, key, but=last), 12, dice.randrange(60))
    if key in campaign.drafts:
        return
    deposit = min(campaign.closes - dice.randrange(1, max(2, (campaign.closes - start) // 2)), latest)
    stage.on(deposit - 3, _finish(stage, campaign, key, phase), hour, 10)
    stage.on(deposit - 3, agree(stage, campaign.code, key), 22, 30)
    stage.on(deposit, _deposit(stage, campaign, key), dice.randrange(8, 17), dice.randrange(60))


def _arrive(stage: Stage, key: str) -> Act:
    async def act(at: datetime) -> None:
        if key in stage.projects:
            return
        sheet = stage.sheets[key]
        holder = await meet(sheet.depositor, sheet.house, at)
        stage.holders[key] = holder
        form = NewProjectForm(name=sheet.name, summary=sheet.said("summary"), commune=sheet.commune)
        made_at = at + timedelta(minutes=12)
        stage.projects[key] = await create_project(form, by=holder, at=made_at)
        await invite_mates(stage, key, made_at + timedelta(minutes=9))

    return act


def _start(stage: Stage, campaign: Campaign, key: str, phase: str) -> Act:
    async def act(at: datetime) -> None:
        by = stage.holders[key]
        application = await actions.start_application(campaign.code, StartForm(project=stage.projects[key]), by=by, at=at)
        stage.applications[campaign.code, key] = application
        written = _given(stage, key, phase)[:HALF]
        await actions.save_answers(application, dict(written), by=by, at=at + timedelta(minutes=55))

    return act


def _given(stage: Stage, key: str, phase: str) -> list[tuple[str, Given]]:
    return [(code, Given(value)) for code, value in answers(stage.sheets[key], phase).items()]


def _finish(stage: Stage, campaign: Campaign, key: str, phase: str) -> Act:
    async def act(at: datetime) -> None:
        written = _given(stage, key, phase)[HALF:]
        application = stage.applications[campaign.code, key]
        await actions.save_answers(application, dict(written), by=stage.holders[key], at=at)
        await join_cvs(stage, key, application, at + timedelta(minutes=15))

    return act


def _deposit(stage: Stage, campaign: Campaign, key: str) -> Act:
    async def act(at: datetime) -> None:
        application = stage.applications[campaign.code, key]
        await actions.deposit(application, DepositForm(), by=stage.holders[key], at=at)

    return act


def plan_rulings(
    stage: Stage, campaign: Campaign, day: int, *, refused: dict[str, str] | None = None, but: Sequence[str] = ()
) -> None:
    """Staff pronounce on every deposit but those, some of them inadmissible with a reason."""
    for place, key in enumerate(campaign.deposits):
        if key not in but:
            stage.on(day, _rule(stage, campaign, key, (refused or {}).get(key, "")), 9 + place // 3, place % 3 * 17)


def _rule(stage: Stage, campaign: Campaign, key: str, reason: str) -> Act:
    async def act(at: datetime) -> None:
        form = RulingForm(outcome=Outcome.INADMISSIBLE if reason else Outcome.ADMISSIBLE, reason=reason)
        application = stage.applications[campaign.code, key]
        await _take(stage, application, at)
        await actions.pronounce(application, form, by=stage.staff.instructor, at=at)

    return act


async def _take(stage: Stage, application: UUID, at: datetime) -> None:
    """The instructor takes a file that nobody handles."""
    if await value("SELECT instructor IS NULL FROM application WHERE id = $1", application):
        await actions.assign_instructor(application, InstructorForm(stage.staff.instructor.id), by=stage.staff.instructor, at=at)


def plan_complement(stage: Stage, campaign: Campaign, key: str, day: int, questions: list[str], message: str) -> None:
    """Staff ask a team for more on some questions."""

    async def act(at: datetime) -> None:
        form = ComplementForm(questions=questions, message=message)
        application = stage.applications[campaign.code, key]
        await _take(stage, application, at)
        await actions.request_complement(application, form, by=stage.staff.instructor, at=at)

    stage.on(day, act, 11, 25)


def plan_answer(stage: Stage, campaign: Campaign, key: str, day: int, written: dict[str, str]) -> None:
    """The team completes what was asked and deposits again."""

    async def act(at: datetime) -> None:
        application, by = stage.applications[campaign.code, key], stage.holders[key]
        completed = {code: Given(text, version=1) for code, text in written.items()}
        await actions.save_answers(application, completed, by=by, at=at)
        await actions.answer_complement(application, DepositForm(), by=by, at=at + timedelta(minutes=6))

    stage.on(day, act, 19, 45)
