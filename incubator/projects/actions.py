"""Creating and changing projects and their teams."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.database import execute, transaction
from incubator.core.errors import Conflict, Invalid, NotFound, Refused, Stale
from incubator.core.ids import new_id
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person, person_by_email
from incubator.people.rules import normal_email
from incubator.programmes.queries import all_programmes
from incubator.projects import queries, rules
from incubator.projects.forms import MemberForm, NewProjectForm, ProjectForm
from incubator.projects.queries import Editing
from incubator.projects.tables import Project, TeamMember, TeamRole
from incubator.territory.queries import meant_commune


async def create_project(form: NewProjectForm, *, by: Person, at: datetime) -> UUID:
    """Create a project; its creator is the depositor (R2)."""
    commune = await _commune(form.commune, form.commune_text)
    async with transaction():
        programme = await _programme(form.programme)
        project = Project(
            programme=programme, name=form.name, summary=form.summary, commune=commune, created_at=at, created_by=by.id
        )
        await Project.insert(project)
        await TeamMember.insert(
            TeamMember(
                project=project.id, account=by.id, role=TeamRole.DEPOSITOR.value, name=by.name, email=by.email, joined_at=at
            )
        )
        await record("project.created", project.id, by=by.id, at=at, project=project.id, data={"commune": commune})
        return project.id


async def _programme(code: str) -> UUID:
    programmes = await all_programmes()
    chosen = [programme for programme in programmes if programme.code == code or (not code and len(programmes) == 1)]
    if not chosen:
        raise Invalid({"programme": _("Choisissez un programme.")})
    return chosen[0].id


async def _commune(code: str, text: str | None) -> str | None:
    """The commune meant, or None when none is. Raises `Invalid` on `commune` when it is not clear which."""
    meant = await meant_commune(code, text)
    if meant.code is None and (text if text is not None else code):
        if meant.options:
            raise Invalid({"commune": _("Plusieurs communes correspondent : choisissez la vôtre.")})
        raise Invalid({"commune": _("Aucune commune ne correspond. Essayez une partie du nom, ou le code postal.")})
    return meant.code


async def save_project(project_id: UUID, form: ProjectForm, *, by: Person, at: datetime) -> int:
    """Change a project; its new version. Raises `Stale`, with the stored texts, when someone saved meanwhile."""
    commune = await _commune(form.commune, form.commune_text)
    async with transaction():
        stored = await queries.editing(by, project_id)
        saved = await execute(
            "UPDATE project SET name = $3, summary = $4, commune = $5, version = version + 1 WHERE id = $1 AND version = $2",
            project_id, form.version, form.name, form.summary, commune,
        )  # fmt: skip
        if not saved:
            raise _stale(stored, form, commune)
        data = {"version": stored.version + 1, "commune": {"from": stored.commune, "to": commune}}
        await record("project.edited", project_id, by=by.id, at=at, data=data)
        return stored.version + 1


def _stale(stored: Editing, form: ProjectForm, commune: str | None) -> Stale:
    """Both texts, for the fields that differ."""
    pairs = {"name": (stored.name, form.name), "summary": (stored.summary, form.summary), "commune": (stored.commune, commune)}
    theirs = {name: text or "" for name, (text, mine) in pairs.items() if text != mine}
    reason = _("Quelqu’un a changé le projet pendant que vous l’écriviez. Comparez les deux textes, puis enregistrez le bon.")
    return Stale(reason, theirs, stored.version)


async def add_member(project_id: UUID, form: MemberForm, *, by: Person, at: datetime) -> UUID:
    """Add someone to the team. An account that has confirmed the address is linked now; another, once it exists."""
    email = normal_email(form.email) if form.email else ""
    async with transaction():
        editing = await _in_charge(project_id, by)
        known = await person_by_email(email) if email else None
        account = known.id if known and known.is_confirmed else None
        is_here, former = await queries.former_member(project_id, account, email)
        if reason := rules.why_not_add(editing.members_count, is_in_team=is_here):
            raise Conflict(reason)
        member = former or new_id()
        await execute(
            "INSERT INTO team_member (id, project, account, role, name, email, skills, availability, joined_at, left_at)"
            " VALUES ($1, $2, $3, 'member', $4, $5, $6, $7, $8, NULL) ON CONFLICT (id) DO UPDATE SET role = 'member',"
            " name = EXCLUDED.name, email = EXCLUDED.email, skills = EXCLUDED.skills,"
            " availability = EXCLUDED.availability, joined_at = EXCLUDED.joined_at, left_at = NULL",
            member, project_id, account, form.name, email, form.skills, form.availability, at,
        )  # fmt: skip
        await record("member.joined", member, by=by.id, at=at, project=project_id)
        return member


async def _in_charge(project_id: UUID, by: Person) -> Editing:
    editing = await queries.editing(by, project_id)
    if not editing.is_in_charge(by):
        raise Refused(_("Seule la personne qui dépose pour l’équipe, ou le programme, change l’équipe."))
    return editing


async def remove_member(project_id: UUID, member_id: UUID, *, by: Person, at: datetime) -> None:
    """Someone leaves the team and no longer sees the project; the depositor and staff say so, or the member."""
    async with transaction():
        editing = await queries.editing(by, project_id)
        member, account = await queries.member_of(project_id, member_id)
        if account != by.id and not editing.is_in_charge(by):
            raise Refused(_("Seule la personne qui dépose pour l’équipe, ou le programme, change l’équipe."))
        if reason := rules.why_not_leave(member):
            raise Conflict(reason)
        await execute("UPDATE team_member SET left_at = $2 WHERE id = $1", member_id, at)
        await record("member.left", member_id, by=by.id, at=at, project=project_id)


async def name_depositor(project_id: UUID, member_id: UUID, *, by: Person, at: datetime) -> None:
    """Let another member deposit for the team (R2)."""
    async with transaction():
        await _in_charge(project_id, by)
        member, account = await queries.member_of(project_id, member_id)
        if reason := rules.why_not_deposit_for(member):
            raise Conflict(reason)
        await execute("UPDATE team_member SET role = 'member' WHERE project = $1 AND role = 'depositor'", project_id)
        done = await execute("UPDATE team_member SET role = 'depositor', account = $2 WHERE id = $1", member_id, account)
        if not done:
            raise NotFound
        await record("depositor.named", member_id, by=by.id, at=at)
