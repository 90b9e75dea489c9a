"""A project's identity card, for those who may open its page."""

from __future__ import annotations

from uuid import UUID

import msgspec

from incubator.core.database import row
from incubator.core.errors import NotFound
from incubator.home.rules.facts import Viewer
from incubator.people.queries import Person
from incubator.projects.queries import open_to


class ProjectCard(msgspec.Struct, frozen=True):
    """Who a project is, and what its reader is to it."""

    id: UUID
    programme: UUID
    programme_name: str
    name: str
    summary: str
    commune: str | None
    epci: str | None
    departement: str | None
    team: list[str]
    coaches: list[str]
    viewer: Viewer


async def project_card(me: Person, project_id: UUID) -> ProjectCard:
    """The card of a project, for its team and the staff of its programme. Raises `NotFound`."""
    found = await row(
        ProjectCard,
        "SELECT p.id, p.programme, g.name, p.name, p.summary, m.name, ep.name, dp.name,"
        " COALESCE((SELECT json_agg(t.name ORDER BY t.role, t.joined_at, t.id) FROM team_member t WHERE t.project = p.id"
        " AND t.left_at IS NULL), '[]')::text,"
        " COALESCE((SELECT json_agg(b.name ORDER BY k.is_lead DESC, b.name) FROM coach_assignment k JOIN account b"
        " ON b.id = k.coach WHERE k.project = p.id AND k.until_on IS NULL), '[]')::text,"
        " json_build_object('is_team', EXISTS (SELECT FROM team_member t WHERE t.project = p.id AND t.account = $2"
        " AND t.left_at IS NULL), 'is_staff', p.programme = ANY($3), 'follows', p.programme = ANY($4) OR EXISTS (SELECT"
        " FROM team_member t WHERE t.project = p.id AND t.account = $2 AND t.left_at IS NULL), 'manages',"
        " p.programme = ANY($5), 'writes', EXISTS (SELECT FROM team_member t WHERE t.project = p.id AND t.account = $2"
        " AND t.left_at IS NULL AND t.role <> 'reader'), 'handles', p.programme = ANY($6),"
        " 'has_interest', EXISTS (SELECT FROM seat s"
        " JOIN declaration c ON c.seat = s.id AND c.has_interest JOIN presentation pr"
        " ON pr.id = c.presentation JOIN application a ON a.id = pr.application WHERE s.account = $2 AND a.project = p.id))::text"
        " FROM project p JOIN programme g ON g.id = p.programme LEFT JOIN commune m ON m.insee_code = p.commune"
        " LEFT JOIN epci ep ON ep.siren = m.epci LEFT JOIN departement dp ON dp.code = m.departement WHERE p.id = $1"
        f" AND {open_to('p', '$2', '$5')}",
        project_id,
        me.id,
        me.programmes,
        me.programmes_as("coach", "manager"),
        me.programmes_as("manager"),
        me.programmes_as("manager", "instructor"),
    )
    if found is None or not (found.viewer.is_team or found.viewer.is_staff):
        raise NotFound
    return found
