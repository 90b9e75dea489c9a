"""Whose pages a manager may look at: people of the project teams of their programme, and of no other."""

from __future__ import annotations

from uuid import UUID

import msgspec

from incubator.core.database import row, rows
from incubator.core.errors import NotFound
from incubator.core.text import like
from incubator.people.queries import Person


class Viewable(msgspec.Struct, frozen=True):
    """Someone of a team, and what decides whether their pages may be looked at. `interest`: who looks declared one (R10)."""

    account: UUID
    name: str
    email: str
    projects: str
    in_programme: bool
    elsewhere: bool
    works: bool
    sits: bool
    interest: bool


def facts_of(one: Viewable) -> dict[str, bool]:
    """What the rule looks at."""
    return {name: getattr(one, name) for name in ("in_programme", "elsewhere", "works", "sits", "interest")}


_SELECT = (
    "SELECT a.id, a.name, a.email, COALESCE((SELECT string_agg(p.name, ', ' ORDER BY p.name) FROM team_member m"
    " JOIN project p ON p.id = m.project WHERE m.account = a.id AND m.left_at IS NULL AND p.programme = $1), ''),"
    " EXISTS (SELECT FROM team_member m JOIN project p ON p.id = m.project"
    " WHERE m.account = a.id AND m.left_at IS NULL AND p.programme = $1),"
    " EXISTS (SELECT FROM team_member m JOIN project p ON p.id = m.project WHERE m.account = a.id AND p.programme <> $1),"
    " EXISTS (SELECT FROM role_assignment r WHERE r.account = a.id),"
    " EXISTS (SELECT FROM seat s WHERE s.account = a.id),"
    " EXISTS (SELECT FROM seat s JOIN declaration i ON i.seat = s.id AND i.has_interest JOIN presentation o"
    " ON o.id = i.presentation JOIN application x ON x.id = o.application JOIN team_member m ON m.project = x.project"
    " WHERE s.account = $2 AND m.account = a.id) FROM account a"
)
FOUND_MAX = 30


async def viewable(me: Person, programme: UUID, text: str) -> list[Viewable]:
    """People of the programme's teams whose name, address or project holds that text, by name."""
    if not me.manages(programme):
        raise NotFound
    return await rows(
        Viewable,
        f"{_SELECT} WHERE a.disabled_at IS NULL AND EXISTS (SELECT FROM team_member m JOIN project p ON p.id = m.project"
        " WHERE m.account = a.id AND m.left_at IS NULL AND p.programme = $1"
        " AND (a.name ILIKE $3 OR a.email ILIKE $3 OR p.name ILIKE $3)) ORDER BY a.name, a.id LIMIT $4",
        programme,
        me.id,
        f"%{like(text)}%",
        FOUND_MAX,
    )


async def one_viewable(me: Person, programme: UUID, account: UUID) -> Viewable:
    """Someone, locked against becoming staff meanwhile. Raises `NotFound`."""
    if not me.manages(programme):
        raise NotFound
    query = f"{_SELECT} WHERE a.id = $3 AND a.disabled_at IS NULL FOR UPDATE OF a"
    found = await row(Viewable, query, programme, me.id, account)
    if found is None or not found.in_programme:
        raise NotFound
    return found
