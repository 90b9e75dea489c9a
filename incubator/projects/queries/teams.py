"""Who carries a project: members, seats, whom letters go to."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from incubator.core.database import row, rows, value
from incubator.core.errors import NotFound
from incubator.people.queries import Person
from incubator.projects.rules import MemberFacts

# A member is an account that accepted, and has not left. $1: the account.
IS_ME = "m.left_at IS NULL AND m.account = $1"


def limited(project: str) -> str:
    """SQL that is true while someone of the team of this project has limited the use of their data (K06).

    A value, not EXISTS: asked of this team alone, whatever the planner expects of all the others.
    """
    return (
        f"COALESCE((SELECT true FROM team_member t WHERE t.project = {project} AND t.left_at IS NULL"
        " AND (SELECT x.limited_at FROM account x WHERE x.id = t.account) IS NOT NULL LIMIT 1), false)"
    )


def open_to(project: str, account: str, managed: str) -> str:
    """SQL that is true when this project is not limited, or for its team and for who manages its programme (K06)."""
    return (
        f"(NOT {limited(f'{project}.id')} OR {project}.programme = ANY({managed}) OR EXISTS (SELECT FROM team_member t"
        f" WHERE t.project = {project}.id AND t.account = {account} AND t.left_at IS NULL))"
    )


class MemberView(msgspec.Struct, frozen=True):
    """Someone of the team; `availability` in days a week. `has_joined`: false for a name that was never invited."""

    id: UUID
    name: str
    email: str
    role: str
    skills: str
    availability: Decimal | None
    is_depositor: bool
    has_joined: bool
    joined_at: datetime
    is_me: bool


# $1: the account; of the project `p`.
MEMBERS = (
    "SELECT COALESCE(json_agg(json_build_object('id', t.id, 'name', t.name, 'email', t.email, 'role', t.role, 'skills', t.skills,"
    " 'availability', t.availability, 'is_depositor', t.role = 'depositor', 'has_joined', t.account IS NOT NULL,"
    " 'joined_at', t.joined_at, 'is_me', t.account IS NOT NULL AND t.account = $1)"
    " ORDER BY t.role, t.joined_at, t.id), '[]')"
    " FROM team_member t WHERE t.project = p.id AND t.left_at IS NULL"
)


async def is_team(me: Person, project_id: UUID) -> bool:
    """True for a member of the team."""
    return bool(await value(f"SELECT EXISTS (SELECT FROM team_member m WHERE m.project = $2 AND {IS_ME})", me.id, project_id))


class TeamAccount(msgspec.Struct, frozen=True):
    """A member who can sign in."""

    id: UUID
    email: str
    name: str
    language: str
    is_depositor: bool


async def team_accounts(project_id: UUID) -> list[TeamAccount]:
    """The members to whom letters about the project go, depositor first."""
    return await rows(
        TeamAccount,
        "SELECT a.id, a.email, a.name, a.language, m.role = 'depositor' FROM team_member m"
        " JOIN account a ON a.id = m.account WHERE m.project = $1 AND m.left_at IS NULL AND a.disabled_at IS NULL"
        " ORDER BY m.role, m.joined_at, m.id LIMIT 50",
        project_id,
    )


class _Member(MemberFacts, frozen=True):
    account: UUID | None = None
    role: str = ""


async def member_of(project_id: UUID, member_id: UUID) -> _Member:
    """A member of a project, which is locked. Raises `NotFound`."""
    found = await row(
        _Member,
        "SELECT m.role = 'depositor', m.left_at IS NOT NULL, a.id IS NOT NULL, m.account, m.role FROM team_member m"
        " LEFT JOIN account a ON a.id = m.account AND a.disabled_at IS NULL WHERE m.project = $1 AND m.id = $2",
        project_id,
        member_id,
    )
    if found is None:
        raise NotFound
    return found


class Seating(msgspec.Struct, frozen=True):
    """The seats of a team about one address and one account, the project being locked.

    `members_count`: who is in it, without the name that was noted for this address; `seats_taken`: with what is offered
    to other addresses. `member`: the row that this person takes or takes again, if any.
    """

    members_count: int
    seats_taken: int
    is_in_team: bool
    is_invited: bool
    member: UUID | None


async def seating(project_id: UUID, email: str, account: UUID | None, *, at: datetime) -> Seating:
    """How the seats stand for an address, with the account behind it when it is known."""
    found = await row(Seating, _SEATING, project_id, email, account, at)
    if found is None:
        raise NotFound
    return found


_NOTED = "t.account IS NULL AND t.email = $2 AND t.email <> ''"
_OPEN = "i.accepted_at IS NULL AND i.declined_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $4"
_SEATING = (
    "SELECT s.members_count, s.members_count + (SELECT count(*)::int FROM team_invitation i WHERE i.project = p.id"
    f" AND i.email <> $2 AND {_OPEN} AND NOT EXISTS (SELECT FROM team_member n WHERE n.project = p.id AND n.account IS NULL"
    " AND n.email = i.email AND n.left_at IS NULL)), s.is_in_team,"
    f" EXISTS (SELECT FROM team_invitation i WHERE i.project = p.id AND i.email = $2 AND {_OPEN}),"
    f" (SELECT t.id FROM team_member t WHERE t.project = p.id AND (t.account = $3 OR ({_NOTED}))"
    " ORDER BY t.account IS NULL, t.left_at IS NULL DESC, t.joined_at, t.id LIMIT 1)"
    " FROM project p CROSS JOIN LATERAL (SELECT"
    f" count(*) FILTER (WHERE NOT ({_NOTED}))::int AS members_count,"
    " COALESCE(bool_or(t.account = $3 OR (t.account IS NOT NULL AND a.email = $2 AND a.confirmed_at IS NOT NULL)), false)"
    " AS is_in_team FROM team_member t LEFT JOIN account a ON a.id = t.account"
    " WHERE t.project = p.id AND t.left_at IS NULL) s WHERE p.id = $1"
)
