"""How the teams of the story gather: invited the first evening, in within a day, of one mind before the deposit (R2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from incubator.applications.actions import ask, confirm, reply
from incubator.applications.forms.inquiries import InquiryForm, ReplyForm
from incubator.core.database import value
from incubator.demo.cast import address, meet
from incubator.demo.stage import Act, Stage
from incubator.projects.actions import accept_invitation, invite_member, save_skills
from incubator.projects.forms import InvitationForm, SkillsForm
from incubator.projects.queries import pending_invitations, project_for


async def invite_mates(stage: Stage, key: str, at: datetime) -> None:
    """The depositor invites everybody else, and says what they themselves bring."""
    sheet, by = stage.sheets[key], stage.holders[key]
    project = stage.projects[key]
    for name, *_rest in sheet.team[1:]:
        form = InvitationForm(email=address(str(name), sheet.house), name=str(name))
        await invite_member(project, form, by=by, at=at)
    mine = (await project_for(by, project)).team[0]
    await save_skills(project, _skills(sheet.team[0], SkillsForm(mine.id)), by=by, at=at)


def _skills(told: list[object], form: SkillsForm) -> SkillsForm:
    _name, _town, _role, days, skills = told
    return SkillsForm(form.member, str(skills), Decimal(str(days)))


def join(stage: Stage, key: str, *, but: str = "") -> Act:
    """Each accepts, but one who has not answered yet."""

    async def act(at: datetime) -> None:
        sheet, project = stage.sheets[key], stage.projects[key]
        told = {address(str(mate[0]), sheet.house): mate for mate in sheet.team[1:]}
        for one in reversed(await pending_invitations(project)):
            if one.name == but:
                continue
            mate = await meet(one.name, sheet.house, at)
            await accept_invitation(one.id, by=mate, at=at + timedelta(minutes=5))
            member = await value("SELECT id FROM team_member WHERE project = $1 AND account = $2", project, mate.id)
            await save_skills(project, _skills(told[one.email], SkillsForm(member)), by=mate, at=at + timedelta(minutes=6))

    return act


def agree(stage: Stage, code: str, key: str) -> Act:
    """Each confirms that they are of the team and agree to the deposit."""

    async def act(at: datetime) -> None:
        sheet = stage.sheets[key]
        for name, *_rest in sheet.team[1:]:
            await confirm(stage.applications[code, key], by=await meet(str(name), sheet.house, at), at=at)

    return act


def question(stage: Stage, code: str, key: str, section: str, text: str, *, answer: str = "") -> Act:
    """The team asks the programme something; it may have answered two hours later."""

    async def act(at: datetime) -> None:
        form = InquiryForm(text=text, section=section)
        asked = await ask(stage.applications[code, key], form, by=stage.holders[key], at=at)
        if answer:
            said = ReplyForm(text=answer, closes=True)
            await reply(asked, said, by=stage.staff.instructor, at=at + timedelta(hours=2))

    return act
