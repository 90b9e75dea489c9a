"""The team of a project: who is in it, who is invited, and what changes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.core.clock import now
from incubator.core.errors import NotFound
from incubator.core.language import _
from incubator.core.pages import Typed, filled, new_once, page, submit
from incubator.core.policy import SIGNED_IN
from incubator.core.words import number_words
from incubator.projects import actions, queries
from incubator.projects.forms import SKILLS_MAX, InvitationForm, MemberChange, Nothing, RoleForm, SkillsForm
from incubator.projects.rules import SEATS_MAX

AnyRequest = Request[Any, Any, Any]


@get("/projects/{project_id:uuid}/team", opt=SIGNED_IN)
async def team(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """Who carries the project, who is invited."""
    return await _team(request, project_id, {}, "")


async def _team(request: AnyRequest, project_id: UUID, errors: dict[str, str], reason: str) -> Response[Any]:
    project = await queries.project_for(request.user, project_id)
    pending = await queries.pending_invitations(project_id)
    return page(
        request, "projects/team.html", project=project, project_id=project_id, in_charge=project.is_in_charge(request.user),
        pending=pending, at=now(), seats_max=SEATS_MAX, errors=errors, reason=reason,
    )  # fmt: skip


@get("/projects/{project_id:uuid}/team/invitations/new", opt=SIGNED_IN)
async def invitation_page(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """The form that invites someone; a name noted before fills it."""
    asked = request.query_params
    return await _invitation(request, project_id, filled(name=asked.get("name", ""), email=asked.get("email", "")), {}, "")


@post("/projects/{project_id:uuid}/team/invitations/new", opt=SIGNED_IN)
async def invite_member(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """Invite an address to the team."""

    async def act(form: InvitationForm) -> str:
        await actions.invite_member(project_id, form, by=request.user, at=now())
        return f"/projects/{project_id}/team"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _invitation(request, project_id, values, errors, reason)

    return await submit(request, InvitationForm, act, shown, notice=_("L’invitation part par courriel."))


async def _invitation(request: AnyRequest, project_id: UUID, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    project = await queries.project_for(request.user, project_id)
    if not project.is_in_charge(request.user):
        raise NotFound
    return page(
        request, "projects/invite.html", project=project, project_id=project_id, values=values, errors=errors, reason=reason,
        once=new_once(),
    )  # fmt: skip


@post("/projects/{project_id:uuid}/team/invitations/{invitation_id:uuid}/letter", opt=SIGNED_IN)
async def resend_invitation(request: AnyRequest, project_id: FromPath[UUID], invitation_id: FromPath[UUID]) -> Response[Any]:
    """Send the invitation again, with a new link."""

    async def act() -> None:
        await actions.resend_invitation(project_id, invitation_id, by=request.user, at=now())

    return await _change(request, project_id, Nothing, lambda _form: act(), _("L’invitation repart, avec un nouveau lien."))


@post("/projects/{project_id:uuid}/team/invitations/{invitation_id:uuid}/revocation", opt=SIGNED_IN)
async def revoke_invitation(request: AnyRequest, project_id: FromPath[UUID], invitation_id: FromPath[UUID]) -> Response[Any]:
    """Take the invitation back."""

    async def act() -> None:
        await actions.revoke_invitation(project_id, invitation_id, by=request.user, at=now())

    return await _change(request, project_id, Nothing, lambda _form: act(), _("L’invitation est annulée."))


@post("/projects/{project_id:uuid}/team/departure", opt=SIGNED_IN)
async def remove_member(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """Someone leaves the team."""

    async def act(form: MemberChange) -> str:
        await actions.remove_member(project_id, form.member, by=request.user, at=now())
        still = request.user.is_staff or await queries.is_team(request.user, project_id)
        return f"/projects/{project_id}/team" if still else "/projects"

    async def shown(_values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _team(request, project_id, errors, reason)

    return await submit(request, MemberChange, act, shown, notice=_("L’équipe est à jour."))


@post("/projects/{project_id:uuid}/team/depositor", opt=SIGNED_IN)
async def name_depositor(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """Let another member deposit for the team."""

    async def act(form: MemberChange) -> None:
        await actions.name_depositor(project_id, form.member, by=request.user, at=now())

    return await _change(request, project_id, MemberChange, act, _("L’équipe est à jour."))


@post("/projects/{project_id:uuid}/team/role", opt=SIGNED_IN)
async def change_role(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """Let a member write, or only read."""

    async def act(form: RoleForm) -> None:
        await actions.change_role(project_id, form, by=request.user, at=now())

    return await _change(request, project_id, RoleForm, act, _("L’équipe est à jour."))


async def _change(
    request: AnyRequest, project_id: UUID, into: type[Any], act: Callable[[Any], Awaitable[None]], notice: str
) -> Response[Any]:
    """A button of the team's page: done, or the page again with the reason."""

    async def acted(form: Any) -> str:
        await act(form)
        return f"/projects/{project_id}/team"

    async def shown(_values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _team(request, project_id, errors, reason)

    return await submit(request, into, acted, shown, notice=notice)


@get("/projects/{project_id:uuid}/team/members/{member_id:uuid}", opt=SIGNED_IN)
async def member(request: AnyRequest, project_id: FromPath[UUID], member_id: FromPath[UUID]) -> Response[Any]:
    """What a member brings to the project."""
    return await _member(request, project_id, member_id, None, {}, "")


@post("/projects/{project_id:uuid}/team/members/{member_id:uuid}", opt=SIGNED_IN)
async def save_skills(request: AnyRequest, project_id: FromPath[UUID], member_id: FromPath[UUID]) -> Response[Any]:
    """Say what a member brings."""

    async def act(form: SkillsForm) -> str:
        await actions.save_skills(project_id, form, by=request.user, at=now())
        return f"/projects/{project_id}/team"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _member(request, project_id, member_id, values, errors, reason)

    return await submit(request, SkillsForm, act, shown, notice=_("C’est enregistré."))


async def _member(
    request: AnyRequest, project_id: UUID, member_id: UUID, values: Typed | None, errors: dict[str, str], reason: str
) -> Response[Any]:
    project = await queries.project_for(request.user, project_id)
    one = next((one for one in project.team if one.id == member_id), None)
    if one is None or not (one.is_me or project.is_in_charge(request.user)):
        raise NotFound
    days = "" if one.availability is None else number_words(one.availability)
    values = values or filled(skills=one.skills, availability=days)
    return page(
        request, "projects/member.html", project=project, project_id=project_id, member=one, values=values, errors=errors,
        reason=reason, skills_max=SKILLS_MAX, once=new_once(),
    )  # fmt: skip


HANDLERS: list[Any] = [
    team,
    invitation_page,
    invite_member,
    resend_invitation,
    revoke_invitation,
    remove_member,
    name_depositor,
    change_role,
    member,
    save_skills,
]
