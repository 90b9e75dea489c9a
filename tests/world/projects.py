"""Projects for tests."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.clock import now
from incubator.core.database import value
from incubator.people.queries import Person, person_by_email
from incubator.projects.actions import accept_invitation, create_project, invite_member
from incubator.projects.forms import InvitationForm, NewProjectForm
from incubator.projects.tables import GivenRole, TeamMember, TeamRole

ORLEANS, TOURS, PARIS = "45234", "37261", "75056"


async def a_project(
    person: Person, programme: UUID | None = None, name: str = "Repair’Bus", *, commune: str = TOURS, at: datetime | None = None
) -> UUID:
    """A project of this person's; `programme` is needed when there are several."""
    code = await value("SELECT code FROM programme WHERE id = $1", programme) if programme else ""
    form = NewProjectForm(name=name, summary="Un atelier mobile qui répare.", commune=commune, programme=code)
    return await create_project(form, by=person, at=at or now())


async def invited(
    project: UUID, email: str, *, by: Person, name: str = "Basile Roy", role: str = "editor", at: datetime | None = None
) -> UUID:
    """An invitation that awaits its answer."""
    form = InvitationForm(email=email, name=name, role=GivenRole(role))
    return await invite_member(project, form, by=by, at=at or now())


async def a_member(
    project: UUID, name: str, email: str = "", *, by: Person, role: str = "editor", at: datetime | None = None
) -> UUID:
    """Someone more in the team: whoever has an account at that address accepts; a mere name stays one."""
    at = at or now()
    account = await person_by_email(email) if email else None
    if account is None:
        return await a_named_member(project, name, email, at=at)
    invitation = await invited(project, email, by=by, name=name, role=role, at=at)
    await accept_invitation(invitation, by=account, at=at)
    return await value("SELECT id FROM team_member WHERE project = $1 AND account = $2", project, account.id)  # type: ignore[no-any-return]


async def a_named_member(project: UUID, name: str, email: str = "", *, at: datetime | None = None) -> UUID:
    """Someone the depositor named before invitations existed: no account, not invited."""
    member = TeamMember(project=project, account=None, role=TeamRole.EDITOR.value, name=name, email=email, joined_at=at or now())
    await TeamMember.insert(member)
    return member.id
