"""Who changes a project, how a team may change, and until when an invitation stands. No database."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from incubator.core.language import _

SEATS_MAX = 8
INVITATION_LASTS = timedelta(days=14)


class MemberFacts(msgspec.Struct, frozen=True):
    """What the rules look at. `is_gone`: has left; `has_account`: has accepted, can sign in and see the project."""

    is_depositor: bool
    is_gone: bool
    has_account: bool


class InvitationState(StrEnum):
    """Where an invitation is: derived from its instants."""

    PENDING = "pending"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REVOKED = "revoked"


class InvitationFacts(msgspec.Struct, frozen=True):
    """The instants of an invitation."""

    expires_at: datetime
    accepted_at: datetime | None
    declined_at: datetime | None
    revoked_at: datetime | None

    def state_at(self, at: datetime) -> InvitationState:
        """Where it is at an instant; it is worth nothing from its end on."""
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.declined_at is not None:
            return InvitationState.DECLINED
        if self.revoked_at is not None:
            return InvitationState.REVOKED
        return InvitationState.PENDING if at < self.expires_at else InvitationState.EXPIRED


def why_not_invite(seats_taken: int, *, is_in_team: bool, is_invited: bool) -> str | None:
    """A team has at most eight seats, those offered counted; an address is in it, or invited to it, once."""
    if is_in_team:
        return _("Cette personne est déjà dans l’équipe.")
    if is_invited:
        return _("Cette personne est déjà invitée. Vous pouvez lui renvoyer l’invitation.")
    if seats_taken >= SEATS_MAX:
        return _(
            "Une équipe compte au plus {count} places, invitations comprises. Annulez-en une ou retirez une personne."
        ).format(count=SEATS_MAX)
    return None


def why_not_resend(state: InvitationState, seats_taken: int) -> str | None:
    """What still stands, or has only expired, can be sent again; an expired one needs its seat back."""
    if state is InvitationState.PENDING:
        return None
    if state is InvitationState.EXPIRED:
        return why_not_invite(seats_taken, is_in_team=False, is_invited=False)
    return _why_over(state)


def why_not_revoke(state: InvitationState) -> str | None:
    """What was answered is not taken back."""
    return None if state in (InvitationState.PENDING, InvitationState.EXPIRED) else _why_over(state)


def why_not_decline(state: InvitationState) -> str | None:
    """An invitation is answered once."""
    return why_not_revoke(state)


def why_not_accept(state: InvitationState, members_count: int, *, is_in_team: bool) -> str | None:
    """In time, once, and while a seat is left: many may accept at the same moment."""
    if state is InvitationState.EXPIRED:
        return _("Cette invitation n’est plus valable : elle a expiré. Demandez à l’équipe de vous la renvoyer.")
    if state is not InvitationState.PENDING:
        return _why_over(state)
    if is_in_team:
        return _("Vous êtes déjà dans l’équipe.")
    if members_count >= SEATS_MAX:
        return _("L’équipe est complète : ses {count} places sont prises. Parlez-en à la personne qui vous invite.").format(
            count=SEATS_MAX
        )
    return None


def _why_over(state: InvitationState) -> str:
    return {
        InvitationState.ACCEPTED: _("Cette invitation a déjà été acceptée."),
        InvitationState.DECLINED: _("Cette invitation a été déclinée."),
        InvitationState.REVOKED: _("Cette invitation a été annulée par l’équipe."),
    }[state]


def why_not_leave(member: MemberFacts) -> str | None:
    """The depositor stays until another one is named (R2, B22)."""
    if member.is_gone:
        return _("Cette personne a déjà quitté l’équipe.")
    if member.is_depositor:
        return _("Cette personne dépose pour l’équipe. Désignez d’abord quelqu’un d’autre.")
    return None


def why_not_change_role(member: MemberFacts) -> str | None:
    """The depositor's role is passed on, not changed."""
    return why_not_leave(member)


def why_not_deposit_for(member: MemberFacts) -> str | None:
    """Why this member may not become the one who deposits (R2): they must have accepted to be in the team."""
    if member.is_gone:
        return _("Cette personne a quitté l’équipe.")
    if member.is_depositor:
        return _("Cette personne dépose déjà pour l’équipe.")
    if not member.has_account:
        return _("Cette personne n’a pas encore rejoint l’équipe. Invitez-la d’abord.")
    return None
