"""What an invited person sees: who invites them to what, and two buttons. Opening the link changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.core.clock import now
from incubator.core.errors import NotFound
from incubator.core.language import _
from incubator.core.pages import Typed, lead_to, page, submit
from incubator.core.policy import PUBLIC, SIGNED_IN
from incubator.people.pages.peer import peer
from incubator.people.rules import masked
from incubator.projects import actions, queries
from incubator.projects.forms import InvitationLink, Nothing
from incubator.projects.queries import InvitationView
from incubator.projects.rules import why_not_accept

AnyRequest = Request[Any, Any, Any]


@get("/invitation", opt=PUBLIC)
async def invitation_link(request: AnyRequest) -> Response[Any]:
    """The page behind a letter's link: for the account of that address, the invitation; for anyone else, how to get there."""
    return await _by_link(request, request.query_params.get("token", ""), "")


async def _by_link(request: AnyRequest, token: str, reason: str) -> Response[Any]:
    try:
        invitation = await queries.invitation_by_link(token[:100])
    except NotFound:
        return page(request, "projects/invitation_gone.html", status_code=404)
    me = request.user
    if me and me.is_confirmed and me.email == invitation.email:
        return lead_to(request, f"/invitations/{invitation.id}")
    return page(
        request, "projects/invitation_link.html", invitation=invitation, token=token, reason=reason,
        is_mine_to_confirm=bool(me and me.email == invitation.email), why_not=_why_not(invitation),
        hint=masked(invitation.email),
    )  # fmt: skip


def _why_not(invitation: InvitationView) -> str | None:
    """Why it can no longer be answered; seats are only counted when it is."""
    return why_not_accept(invitation.state_at(now()), 0, is_in_team=False)


@post("/invitation", opt=PUBLIC)
async def ask_entry(request: AnyRequest) -> Response[Any]:
    """A link to sign in leaves for the address invited; it leads back here."""
    sent: list[str] = []

    async def act(form: InvitationLink) -> str:
        sent.append(form.token)
        await actions.ask_entry(form.token, address=peer(request), at=now())
        return "/invitation/sent"

    async def shown(values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _by_link(request, values.token, reason)

    return await submit(request, InvitationLink, act, shown, keyed=False)


@get("/invitation/sent", opt=PUBLIC)
async def entry_sent(request: AnyRequest) -> Response[Any]:
    """Look into your mail."""
    return page(request, "projects/invitation_sent.html")


@get("/invitations/{invitation_id:uuid}", opt=SIGNED_IN)
async def invitation(request: AnyRequest, invitation_id: FromPath[UUID]) -> Response[Any]:
    """Who invites whom to what, as what, and until when."""
    return await _invitation(request, invitation_id, "")


async def _invitation(request: AnyRequest, invitation_id: UUID, reason: str) -> Response[Any]:
    found = await queries.invitation_for(request.user, invitation_id)
    return page(
        request, "projects/invitation.html", invitation=found, why_not=_why_not(found), reason=reason,
        is_member=await queries.is_team(request.user, found.project),
    )  # fmt: skip


@post("/invitations/{invitation_id:uuid}/acceptance", opt=SIGNED_IN)
async def accept_invitation(request: AnyRequest, invitation_id: FromPath[UUID]) -> Response[Any]:
    """Join the team."""

    async def act(_form: Nothing) -> str:
        project = await actions.accept_invitation(invitation_id, by=request.user, at=now())
        return f"/projects/{project}/team"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _invitation(request, invitation_id, reason)

    return await submit(request, Nothing, act, shown, notice=_("Vous êtes dans l’équipe."))


@post("/invitations/{invitation_id:uuid}/refusal", opt=SIGNED_IN)
async def decline_invitation(request: AnyRequest, invitation_id: FromPath[UUID]) -> Response[Any]:
    """Say no."""

    async def act(_form: Nothing) -> str:
        await actions.decline_invitation(invitation_id, by=request.user, at=now())
        return "/projects"

    async def shown(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _invitation(request, invitation_id, reason)

    return await submit(request, Nothing, act, shown, notice=_("Vous avez décliné l’invitation. L’équipe le sait."))


HANDLERS: list[Any] = [
    invitation_link,
    ask_entry,
    entry_sent,
    invitation,
    accept_invitation,
    decline_invitation,
]
