"""A project, one's projects, and what an act on one judges."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import execute, row, rows
from incubator.core.errors import NotFound
from incubator.core.paging import SIZE, Page, cut, read_cursor
from incubator.people.queries import Person
from incubator.projects.queries.teams import IS_ME, MEMBERS, MemberView, open_to


class ProjectView(msgspec.Struct, frozen=True):
    """A project, where it is and who carries it. `can_write`: in the team, and not only to read."""

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
    can_write: bool
    team: tuple[MemberView, ...]

    def is_in_charge(self, me: Person) -> bool:
        """True for the depositor and for the programme's manager: they change the team."""
        return self.is_depositor or me.manages(self.programme)


async def project_for(me: Person, project_id: UUID) -> ProjectView:
    """A project of one's own or of a programme one works for. Raises `NotFound`."""
    found = await row(
        ProjectView,
        "SELECT p.id, p.name, p.summary, p.programme, g.code, g.name, c.insee_code, c.name, e.name, d.name, r.name,"
        " p.created_at, p.version, m.id IS NOT NULL, COALESCE(m.role = 'depositor', false), COALESCE(m.role <> 'reader', false),"
        f" ({MEMBERS})::text FROM project p JOIN programme g ON g.id = p.programme"
        " LEFT JOIN commune c ON c.insee_code = p.commune LEFT JOIN epci e ON e.siren = c.epci"
        " LEFT JOIN departement d ON d.code = c.departement LEFT JOIN region r ON r.code = d.region"
        f" LEFT JOIN team_member m ON m.project = p.id AND {IS_ME} WHERE p.id = $2 AND {open_to('p', '$1', '$3')}",
        me.id, project_id, me.programmes_as("manager"),
    )  # fmt: skip
    if found is None or not (found.is_mine or me.works_for(found.programme)):
        raise NotFound
    return found


class ProjectLine(msgspec.Struct, frozen=True):
    """A project in a list."""

    id: UUID
    name: str
    summary: str
    programme: UUID
    programme_name: str
    commune_name: str | None
    created_at: datetime
    can_write: bool = True


async def projects_of(me: Person, *, after: str | None = None, programme: UUID | None = None) -> Page[ProjectLine]:
    """One's own projects, newest first, fifty a page; with `programme`, those of that programme."""
    key = read_cursor(after, tuple[datetime, UUID]) or (None, None)
    found = await rows(
        ProjectLine,
        "SELECT p.id, p.name, p.summary, p.programme, g.name, c.name, p.created_at, m.role <> 'reader' FROM project p"
        " JOIN programme g ON g.id = p.programme LEFT JOIN commune c ON c.insee_code = p.commune"
        f" JOIN team_member m ON m.project = p.id AND {IS_ME}"
        " WHERE ($2::uuid IS NULL OR p.programme = $2) AND ($3::timestamptz IS NULL OR (p.created_at, p.id) < ($3, $4::uuid))"
        " ORDER BY p.created_at DESC, p.id DESC LIMIT $5",
        me.id, programme, *key, SIZE + 1,
    )  # fmt: skip
    return cut(found, lambda line: (line.created_at, line.id))


class Editing(msgspec.Struct, frozen=True):
    """What an act on a project judges, its row locked. `role`: one's own in the team, or none."""

    id: UUID
    programme: UUID
    name: str
    summary: str
    commune: str | None
    version: int
    role: str | None

    def is_in_charge(self, me: Person) -> bool:
        """True for the depositor and for the programme's manager: they change the team."""
        return self.role == "depositor" or me.manages(self.programme)

    def may_write(self, me: Person) -> bool:
        """True for who changes the project's card: depositor, editors, the programme's manager."""
        return self.role in ("depositor", "editor") or me.manages(self.programme)


async def editing(me: Person, project_id: UUID) -> Editing:
    """A project of one's own or of a programme one works for, locked until the act ends; read after the lock is held.

    Raises `NotFound`.
    """
    await execute("SELECT FROM project WHERE id = $1 FOR UPDATE", project_id)
    found = await row(
        Editing,
        "SELECT p.id, p.programme, p.name, p.summary, p.commune, p.version, m.role"
        f" FROM project p LEFT JOIN team_member m ON m.project = p.id AND {IS_ME}"
        f" WHERE p.id = $2 AND {open_to('p', '$1', '$3')}",
        me.id, project_id, me.programmes_as("manager"),
    )  # fmt: skip
    if found is None or not (found.role is not None or me.works_for(found.programme)):
        raise NotFound
    return found
