"""Inviting an address to a team, and what becomes of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.database import execute, transaction
from incubator.core.errors import Conflict, NotFound
from incubator.core.ids import new_id
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.people.actions import ask_link, await_owner, spend_try
from incubator.people.queries import Person, person_by_email
from incubator.people.rules import normal_email
from incubator.people.secrets import hashed, new_secret
from incubator.people.tables import Purpose
from incubator.projects import queries, rules
from incubator.projects.actions.teams import in_charge
from incubator.projects.forms import InvitationForm
from incubator.projects.queries.invitations import LockedInvitation
from incubator.projects.tables import TeamInvitation

LETTERS_MAX = 20  # invitations one person sends in a quarter of an hour


async def invite_member(project_id: UUID, form: InvitationForm, *, by: Person, at: datetime) -> UUID:
    """Invite an address to the team, as an editor or a reader; the letter's link is good for a fortnight (R2).

    Raises `Conflict` when the address is in the team or invited already, or when no seat is left.
    """
    email = normal_email(form.email)
    await _check_sender(by, at)
    async with transaction():
        editing = await in_charge(project_id, by)
        known = await person_by_email(email)
        account = known.id if known and known.is_confirmed else None
        seats = await queries.seating(project_id, email, account, at=at)
        if reason := rules.why_not_invite(seats.seats_taken, is_in_team=seats.is_in_team, is_invited=seats.is_invited):
            raise Conflict(reason)
        await execute(
            "UPDATE team_invitation SET revoked_at = $3 WHERE project = $1 AND email = $2"
            " AND accepted_at IS NULL AND declined_at IS NULL AND revoked_at IS NULL",
            project_id, email, at,
        )  # fmt: skip
        secret = new_secret()
        invitation = TeamInvitation(
            project=project_id, email=email, name=form.name, role=form.role.value, token_hash=hashed(secret), invited_by=by.id,
            invited_at=at, expires_at=at + rules.INVITATION_LASTS,
        )  # fmt: skip
        await TeamInvitation.insert(invitation)
        await record("invitation.sent", invitation.id, by=by.id, at=at, project=project_id, data={"role": form.role.value})
        await _send(email, form.name, editing.name, secret, known, by=by, at=at)
        return invitation.id


async def _check_sender(by: Person, at: datetime) -> None:
    """Nobody writes to strangers through us from an address they have not proven, nor to many at once."""
    if not by.is_confirmed:
        raise Conflict(_("Confirmez d’abord votre adresse, par le lien reçu par courriel : vous pourrez ensuite inviter."))
    await spend_try(f"invitations by {by.id}", LETTERS_MAX, at=at)


async def _send(email: str, name: str, project_name: str, secret: str, known: Person | None, *, by: Person, at: datetime) -> None:
    """A letter of its own each time: a new link, the earlier one is worth nothing."""
    until = at + rules.INVITATION_LASTS
    letter = write(
        "projects/letters/invitation.txt", known.language if known else by.language, name=name, by=by.name, project=project_name,
        until=until,
    )  # fmt: skip
    await post(
        letter, kind="projects.invitation", about=new_id(), to_email=email, path=f"/invitation?token={secret}", at=at,
        stale_after=until,
    )  # fmt: skip


async def resend_invitation(project_id: UUID, invitation_id: UUID, *, by: Person, at: datetime) -> None:
    """Send a new link for a fortnight more; the earlier one stops working."""
    await _check_sender(by, at)
    async with transaction():
        await in_charge(project_id, by)
        invitation = await _of_project(project_id, invitation_id)
        seats = await queries.seating(project_id, invitation.email, None, at=at)
        if reason := rules.why_not_resend(invitation.state_at(at), seats.seats_taken):
            raise Conflict(reason)
        secret = new_secret()
        await execute(
            "UPDATE team_invitation SET token_hash = $2, invited_by = $3, invited_at = $4, expires_at = $5 WHERE id = $1",
            invitation_id, hashed(secret), by.id, at, at + rules.INVITATION_LASTS,
        )  # fmt: skip
        await record("invitation.sent_again", invitation_id, by=by.id, at=at)
        known = await person_by_email(invitation.email)
        await _send(invitation.email, invitation.name, invitation.project_name, secret, known, by=by, at=at)


async def _of_project(project_id: UUID, invitation_id: UUID) -> LockedInvitation:
    invitation = await queries.locked_invitation(invitation_id)
    if invitation.project != project_id:
        raise NotFound
    return invitation


async def revoke_invitation(project_id: UUID, invitation_id: UUID, *, by: Person, at: datetime) -> None:
    """Take an invitation back; its link is worth nothing and its seat is free."""
    async with transaction():
        await in_charge(project_id, by)
        invitation = await _of_project(project_id, invitation_id)
        if reason := rules.why_not_revoke(invitation.state_at(at)):
            raise Conflict(reason)
        await execute("UPDATE team_invitation SET revoked_at = $2 WHERE id = $1", invitation_id, at)
        await record("invitation.revoked", invitation_id, by=by.id, at=at)


async def accept_invitation(invitation_id: UUID, *, by: Person, at: datetime) -> UUID:
    """Join the team; its project. Seats are counted with the project locked: eight is never passed, however many accept.

    Raises `NotFound` for who has not confirmed the address invited, `Conflict` when it is too late or the team is full.
    """
    async with transaction():
        invitation = await _mine(invitation_id, by)
        seats = await queries.seating(invitation.project, invitation.email, by.id, at=at)
        if reason := rules.why_not_accept(invitation.state_at(at), seats.members_count, is_in_team=seats.is_in_team):
            raise Conflict(reason)
        member = seats.member or new_id()
        await execute(
            "INSERT INTO team_member (id, project, account, role, name, email, skills, joined_at, left_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, '', $7, NULL) ON CONFLICT (id) DO UPDATE SET account = EXCLUDED.account,"
            " role = EXCLUDED.role, name = EXCLUDED.name, email = EXCLUDED.email, joined_at = EXCLUDED.joined_at, left_at = NULL",
            member, invitation.project, by.id, invitation.role, by.name, invitation.email, at,
        )  # fmt: skip
        await execute(
            "UPDATE team_member SET left_at = $3 WHERE project = $1 AND account IS NULL AND email = $2 AND left_at IS NULL",
            invitation.project, invitation.email, at,
        )  # fmt: skip
        await execute("UPDATE team_invitation SET accepted_at = $2, accepted_by = $3 WHERE id = $1", invitation_id, at, by.id)
        await record("member.joined", member, by=by.id, at=at, project=invitation.project)
        await _tell_depositor(invitation, "joined", by=by, at=at)
        return invitation.project


async def _mine(invitation_id: UUID, by: Person) -> LockedInvitation:
    """An invitation to an address this person has proven to be theirs. Raises `NotFound`."""
    invitation = await queries.locked_invitation(invitation_id)
    if not by.is_confirmed or by.email != invitation.email:
        raise NotFound
    return invitation


async def _tell_depositor(invitation: LockedInvitation, name: str, *, by: Person, at: datetime) -> None:
    for one in await queries.team_accounts(invitation.project):
        if one.is_depositor and one.id != by.id:
            letter = write(
                f"projects/letters/{name}.txt", one.language, name=one.name, who=by.name, project=invitation.project_name
            )
            await post(
                letter, kind=f"projects.{name}", about=invitation.id, to_email=one.email, to_account=one.id,
                path=f"/projects/{invitation.project}/team", at=at,
            )  # fmt: skip


async def decline_invitation(invitation_id: UUID, *, by: Person, at: datetime) -> None:
    """Say no; the depositor is told."""
    async with transaction():
        invitation = await _mine(invitation_id, by)
        if reason := rules.why_not_decline(invitation.state_at(at)):
            raise Conflict(reason)
        await execute("UPDATE team_invitation SET declined_at = $2 WHERE id = $1", invitation_id, at)
        await record("invitation.declined", invitation_id, by=by.id, at=at)
        await _tell_depositor(invitation, "declined", by=by, at=at)


async def ask_entry(token: str, *, address: str, at: datetime) -> None:
    """Whoever holds an invitation's link and is not signed in gets a link to sign in, at the address invited.

    Raises `NotFound` for an unknown link, `Conflict` when the invitation is over.
    """
    invitation = await queries.invitation_by_link(token)
    if reason := rules.why_not_accept(invitation.state_at(at), 0, is_in_team=False):
        raise Conflict(reason)
    await await_owner(invitation.email, invitation.name, by=None, at=at)
    await ask_link(invitation.email, Purpose.SIGN_IN, address=address, at=at, next_path=f"/invitation?token={token}")
