"""Reading projects. One sees one's own, and those of the programmes one works for."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from incubator.core.database import row, rows, value
from incubator.core.errors import NotFound
from incubator.core.paging import SIZE, Page, cut, read_cursor
from incubator.people.queries import Person
from incubator.projects.rules import MemberFacts

# A member is an account, or an address that an account has confirmed. $1: the account, $2: its confirmed address or null.
IS_ME = "m.left_at IS NULL AND (m.account = $1 OR (m.account IS NULL AND m.email = $2))"
ACCOUNT_OF_MEMBER = "(a.id = m.account OR (m.account IS NULL AND a.email = m.email AND a.confirmed_at IS NOT NULL))"


def identity_of(me: Person) -> tuple[UUID, str | None]:
    """The arguments of `IS_ME`."""
    return me.id, me.email if me.is_confirmed else None


class MemberView(msgspec.Struct, frozen=True):
    """Someone of the team; `availability` in days a week."""

    id: UUID
    name: str
    email: str
    skills: str
    availability: Decimal | None
    is_depositor: bool


class ProjectView(msgspec.Struct, frozen=True):
    """A project, where it is and who carries it."""

    id: UUID
    name: str
    summary: str
    programme: UUID
    programme_code: str
    programme_name: str
    commune: str | None
    commune_name: str | None
    epci: str | None
    departement: str | None
    region: str | None
    created_at: datetime
    version: int
    is_mine: bool
    is_depositor: bool
    team: tuple[MemberView, ...]


_MEMBERS = (
    "SELECT COALESCE(json_agg(json_build_object('id', t.id, 'name', t.name, 'email', t.email, 'skills', t.skills,"
    " 'availability', t.availability, 'is_depositor', t.role = 'depositor') ORDER BY t.role, t.joined_at, t.id), '[]')"
    " FROM team_member t WHERE t.project = p.id AND t.left_at IS NULL"
)


async def project_for(me: Person, project_id: UUID) -> ProjectView:
    """A project of one's own or of a programme one works for. Raises `NotFound`."""
    found = await row(
        ProjectView,
        "SELECT p.id, p.name, p.summary, p.programme, g.code, g.name, c.insee_code, c.name, e.name, d.name, r.name,"
        " p.created_at, p.version, m.id IS NOT NULL, COALESCE(m.role = 'depositor', false),"
        f" ({_MEMBERS})::text FROM project p JOIN programme g ON g.id = p.programme"
        " LEFT JOIN commune c ON c.insee_code = p.commune LEFT JOIN epci e ON e.siren = c.epci"
        " LEFT JOIN departement d ON d.code = c.departement LEFT JOIN region r ON r.code = d.region"
        f" LEFT JOIN LATERAL (SELECT m.id, m.role FROM team_member m WHERE m.project = p.id AND {IS_ME}"
        " ORDER BY m.role LIMIT 1) m ON true WHERE p.id = $3",
        *identity_of(me), project_id,
    )  # fmt: skip
    if found is None or not (found.is_mine or me.works_for(found.programme)):
        raise NotFound
    return found


async def is_team(me: Person, project_id: UUID) -> bool:
    """True for a member of the team, by account or by confirmed address."""
    return bool(
        await value(f"SELECT EXISTS (SELECT FROM team_member m WHERE m.project = $3 AND {IS_ME})", *identity_of(me), project_id)
    )


class ProjectLine(msgspec.Struct, frozen=True):
    """A project in a list."""

    id: UUID
    name: str
    summary: str
    programme: UUID
    programme_name: str
    commune_name: str | None
    created_at: datetime


async def projects_of(me: Person, *, after: str | None = None, programme: UUID | None = None) -> Page[ProjectLine]:
    """One's own projects, newest first, fifty a page; with `programme`, those of that programme."""
    key = read_cursor(after, tuple[datetime, UUID]) or (None, None)
    found = await rows(
        ProjectLine,
        "SELECT p.id, p.name, p.summary, p.programme, g.name, c.name, p.created_at FROM project p"
        " JOIN programme g ON g.id = p.programme LEFT JOIN commune c ON c.insee_code = p.commune"
        f" WHERE p.id IN (SELECT m.project FROM team_member m WHERE {IS_ME})"
        " AND ($3::uuid IS NULL OR p.programme = $3) AND ($4::timestamptz IS NULL OR (p.created_at, p.id) < ($4, $5::uuid))"
        " ORDER BY p.created_at DESC, p.id DESC LIMIT $6",
        *identity_of(me), programme, *key, SIZE + 1,
    )  # fmt: skip
    return cut(found, lambda line: (line.created_at, line.id))


class TeamAccount(msgspec.Struct, frozen=True):
    """A member who can sign in."""

    id: UUID
    email: str
    name: str
    language: str
    is_depositor: bool


async def team_accounts(project_id: UUID) -> list[TeamAccount]:
    """The members to whom letters about the project go: those who have an account, depositor first."""
    return await rows(
        TeamAccount,
        "SELECT a.id, a.email, a.name, a.language, m.role = 'depositor' FROM team_member m"
        f" JOIN account a ON {ACCOUNT_OF_MEMBER} WHERE m.project = $1 AND m.left_at IS NULL AND a.disabled_at IS NULL"
        " ORDER BY m.role, m.joined_at, m.id LIMIT 50",
        project_id,
    )


class Editing(msgspec.Struct, frozen=True):
    """What an act on a project judges, its row locked. `is_in_charge`: depositor, or staff of the programme."""

    id: UUID
    programme: UUID
    name: str
    summary: str
    commune: str | None
    version: int
    is_mine: bool
    is_depositor: bool
    members_count: int

    def is_in_charge(self, me: Person) -> bool:
        """True for the depositor and for the staff of the programme: they change the team."""
        return self.is_depositor or me.works_for(self.programme)


async def editing(me: Person, project_id: UUID) -> Editing:
    """A project this person may change, locked until the act ends. Raises `NotFound`."""
    found = await row(
        Editing,
        "SELECT p.id, p.programme, p.name, p.summary, p.commune, p.version,"
        f" EXISTS (SELECT FROM team_member m WHERE m.project = p.id AND {IS_ME}),"
        f" EXISTS (SELECT FROM team_member m WHERE m.project = p.id AND m.role = 'depositor' AND {IS_ME}),"
        " (SELECT count(*)::int FROM team_member t WHERE t.project = p.id AND t.left_at IS NULL)"
        " FROM project p WHERE p.id = $3 FOR UPDATE OF p",
        *identity_of(me), project_id,
    )  # fmt: skip
    if found is None or not (found.is_mine or me.works_for(found.programme)):
        raise NotFound
    return found


class _Member(MemberFacts, frozen=True):
    account: UUID | None = None


async def member_of(project_id: UUID, member_id: UUID) -> tuple[MemberFacts, UUID | None]:
    """A member of a project and their account, the project being locked. Raises `NotFound`."""
    found = await row(
        _Member,
        "SELECT m.role = 'depositor', m.left_at IS NOT NULL, a.id IS NOT NULL, a.id FROM team_member m"
        f" LEFT JOIN account a ON {ACCOUNT_OF_MEMBER} AND a.disabled_at IS NULL WHERE m.project = $1 AND m.id = $2",
        project_id,
        member_id,
    )
    if found is None:
        raise NotFound
    return found, found.account


async def former_member(project_id: UUID, account: UUID | None, email: str) -> tuple[bool, UUID | None]:
    """Whether someone is in the team; else, the row of their former membership, if any."""
    found: Any = await row(
        _Known,
        "SELECT m.id, m.left_at IS NULL FROM team_member m WHERE m.project = $1"
        " AND ((m.account = $2) OR ($3 <> '' AND m.email = $3)) ORDER BY m.left_at IS NULL DESC, m.joined_at LIMIT 1",
        project_id,
        account,
        email,
    )
    return (found.is_here, None if found.is_here else found.id) if found else (False, None)


class _Known(msgspec.Struct, frozen=True):
    id: UUID
    is_here: bool
