"""Changing a team: roles, who deposits, who leaves, what each brings."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.database import execute, transaction
from incubator.core.errors import Conflict, Refused
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.projects import queries, rules
from incubator.projects.forms import RoleForm, SkillsForm
from incubator.projects.queries import Editing
from incubator.projects.tables import TeamRole


async def in_charge(project_id: UUID, by: Person) -> Editing:
    """The project, locked, for who changes its team. Raises `NotFound`, `Refused`."""
    editing = await queries.editing(by, project_id)
    if not editing.is_in_charge(by):
        raise Refused(_("Seule la personne qui dépose pour l’équipe, ou le responsable du programme, change l’équipe."))
    return editing


async def remove_member(project_id: UUID, member_id: UUID, *, by: Person, at: datetime) -> None:
    """Someone leaves the team and no longer sees the project (B21); the depositor and staff say so, or the member."""
    async with transaction():
        editing = await queries.editing(by, project_id)
        member = await queries.member_of(project_id, member_id)
        if member.account != by.id and not editing.is_in_charge(by):
            raise Refused(_("Seule la personne qui dépose pour l’équipe, ou le responsable du programme, change l’équipe."))
        if reason := rules.why_not_leave(member):
            raise Conflict(reason)
        await execute("UPDATE team_member SET left_at = $2 WHERE id = $1", member_id, at)
        await record("member.left", member_id, by=by.id, at=at, project=project_id)


async def name_depositor(project_id: UUID, member_id: UUID, *, by: Person, at: datetime) -> None:
    """Let another member deposit for the team (R2); whoever did writes on as an editor."""
    async with transaction():
        await in_charge(project_id, by)
        member = await queries.member_of(project_id, member_id)
        if reason := rules.why_not_deposit_for(member):
            raise Conflict(reason)
        await execute(
            "UPDATE team_member SET role = $2 WHERE project = $1 AND role = $3",
            project_id, TeamRole.EDITOR.value, TeamRole.DEPOSITOR.value,
        )  # fmt: skip
        await execute("UPDATE team_member SET role = $2 WHERE id = $1", member_id, TeamRole.DEPOSITOR.value)
        await record("depositor.named", member_id, by=by.id, at=at)


async def change_role(project_id: UUID, form: RoleForm, *, by: Person, at: datetime) -> None:
    """Let a member write, or only read."""
    async with transaction():
        await in_charge(project_id, by)
        member = await queries.member_of(project_id, form.member)
        if reason := rules.why_not_change_role(member):
            raise Conflict(reason)
        if member.role != form.role.value:
            await execute("UPDATE team_member SET role = $2 WHERE id = $1", form.member, form.role.value)
            data = {"from": member.role, "to": form.role.value}
            await record("member.role_changed", form.member, by=by.id, at=at, data=data)


async def save_skills(project_id: UUID, form: SkillsForm, *, by: Person, at: datetime) -> None:
    """Say what a member brings to the project: they do, or who changes the team."""
    async with transaction():
        editing = await queries.editing(by, project_id)
        member = await queries.member_of(project_id, form.member)
        if member.account != by.id and not editing.is_in_charge(by):
            raise Refused(_("Chacun dit ce qu’il apporte au projet ; la personne qui dépose peut aussi le faire pour l’équipe."))
        if member.is_gone:
            raise Conflict(_("Cette personne a quitté l’équipe."))
        await execute(
            "UPDATE team_member SET skills = $2, availability = $3 WHERE id = $1", form.member, form.skills, form.availability
        )
        await record("member.described", form.member, by=by.id, at=at)
