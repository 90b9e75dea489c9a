"""Invitations: those a team has sent, those that await someone, the one behind a link."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import execute, row, rows
from incubator.core.errors import NotFound
from incubator.people.queries import Person
from incubator.people.secrets import hashed
from incubator.projects.rules import InvitationFacts

OPEN = "i.accepted_at IS NULL AND i.declined_at IS NULL AND i.revoked_at IS NULL"


class PendingInvitation(msgspec.Struct, frozen=True):
    """An invitation not answered yet, or expired without an answer."""

    id: UUID
    name: str
    email: str
    role: str
    invited_by: str
    invited_at: datetime
    expires_at: datetime


async def pending_invitations(project_id: UUID) -> list[PendingInvitation]:
    """Those of a project, latest first; whoever asks has seen the project."""
    return await rows(
        PendingInvitation,
        "SELECT i.id, i.name, i.email, i.role, a.name, i.invited_at, i.expires_at FROM team_invitation i"
        f" JOIN account a ON a.id = i.invited_by WHERE i.project = $1 AND {OPEN} ORDER BY i.invited_at DESC, i.id DESC LIMIT 50",
        project_id,
    )


class InvitationView(InvitationFacts, frozen=True):
    """Who invites to what; for whoever the address belongs to."""

    id: UUID
    project: UUID
    project_name: str
    summary: str
    programme_name: str
    name: str
    email: str
    role: str
    invited_by: str
    invited_at: datetime


_VIEW = (
    "SELECT i.expires_at, i.accepted_at, i.declined_at, i.revoked_at, i.id, i.project, p.name, p.summary, g.name, i.name,"
    " i.email, i.role, b.name, i.invited_at FROM team_invitation i JOIN project p ON p.id = i.project"
    " JOIN programme g ON g.id = p.programme JOIN account b ON b.id = i.invited_by"
)


async def invitation_by_link(token: str) -> InvitationView:
    """The invitation of a link's secret. Raises `NotFound` when it is unknown, or was replaced by a newer letter."""
    found = await row(InvitationView, f"{_VIEW} WHERE i.token_hash = $1", hashed(token))
    if found is None:
        raise NotFound
    return found


async def invitation_for(me: Person, invitation_id: UUID) -> InvitationView:
    """An invitation to the address this person has confirmed. Raises `NotFound` for anyone else."""
    found = await row(InvitationView, f"{_VIEW} WHERE i.id = $1 AND i.email = $2", invitation_id, me.email)
    if found is None or not me.is_confirmed:
        raise NotFound
    return found


async def invitations_to(me: Person, *, at: datetime) -> list[InvitationView]:
    """Those that await this person, latest first."""
    if not me.is_confirmed:
        return []
    return await rows(
        InvitationView,
        f"{_VIEW} WHERE i.email = $1 AND {OPEN} AND i.expires_at > $2 ORDER BY i.invited_at DESC, i.id DESC LIMIT 20",
        me.email,
        at,
    )


class LockedInvitation(InvitationFacts, frozen=True):
    """What an act on an invitation judges; its project is locked."""

    id: UUID
    project: UUID
    project_name: str
    email: str
    name: str
    role: str


async def locked_invitation(invitation_id: UUID) -> LockedInvitation:
    """An invitation, its project locked first, read after the lock is held. Raises `NotFound`."""
    await execute(
        "SELECT FROM project WHERE id = (SELECT i.project FROM team_invitation i WHERE i.id = $1) FOR UPDATE", invitation_id
    )
    found = await row(
        LockedInvitation,
        "SELECT i.expires_at, i.accepted_at, i.declined_at, i.revoked_at, i.id, i.project, p.name, i.email, i.name, i.role"
        " FROM team_invitation i JOIN project p ON p.id = i.project WHERE i.id = $1",
        invitation_id,
    )
    if found is None:
        raise NotFound
    return found
