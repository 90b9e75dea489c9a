"""A project's place, who comes next for one, its agreement; whom to write to about it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.cohorts.rules import PlaceFacts
from incubator.core.database import execute, row, rows, value
from incubator.core.errors import NotFound
from incubator.people.queries import Person

PUBLISHED = (
    " FROM decision d JOIN presentation pr ON pr.id = d.presentation JOIN application a ON a.id = pr.application"
    " JOIN publication pb ON pb.committee = pr.committee JOIN project p ON p.id = a.project"
)
GIVES_A_PLACE = "d.outcome IN ('retained', 'waiting_list') AND a.state <> 'withdrawn'"
_FACTS = (
    "SELECT d.id, p.id, p.name, p.programme, a.call, ph.id, ph.code, ph.name, d.conditions, d.outcome, d.waiting_rank,"
    " pb.published_at, co.id, co.name, co.created_at, co.starts_on, pl.id, pl.state, pl.answer_by, pl.answered_at,"
    " COALESCE(ca.places_count, 0), COALESCE(ca.taken_count, 0), ag.id, ag.text_hash, ag.project_signed_at,"
    " ag.project_signed_by, ag.programme_signed_at, ag.programme_signed_by, e.id, e.state,"
    " EXISTS (SELECT FROM team_member t WHERE t.project = p.id AND t.account = $2 AND t.left_at IS NULL),"
    " EXISTS (SELECT FROM team_member t WHERE t.project = p.id AND t.account = $2 AND t.left_at IS NULL"
    " AND t.role = 'depositor')" + PUBLISHED + " JOIN phase ph ON ph.id = d.phase LEFT JOIN cohort co ON co.call = a.call"
    " LEFT JOIN place pl ON pl.decision = d.id LEFT JOIN capacity ca ON ca.cohort = co.id AND ca.phase = d.phase"
    " LEFT JOIN agreement ag ON ag.place = pl.id LEFT JOIN enrolment e ON e.place = pl.id AND e.phase = d.phase"
)


async def place_of(me: Person, project_id: UUID, *, lock: bool = False) -> PlaceFacts:
    """The latest published place of a project, for its team and its programme's staff. Raises `NotFound`.

    With `lock`, no other answer about it goes on meanwhile.
    """
    decision = await value(
        "SELECT d.id" + PUBLISHED + f" WHERE p.id = $1 AND {GIVES_A_PLACE} ORDER BY pb.published_at DESC, d.id DESC LIMIT 1",
        project_id,
    )
    return await place_by_decision(me, decision, lock=lock)


async def place_by_decision(me: Person, decision_id: UUID | None, *, lock: bool = False) -> PlaceFacts:
    """The place a published decision gives. Raises `NotFound`."""
    if lock:
        await execute("SELECT FROM decision WHERE id = $1 FOR NO KEY UPDATE", decision_id)
    facts = await row(PlaceFacts, _FACTS + f" WHERE d.id = $1 AND {GIVES_A_PLACE}", decision_id, me.id)
    if facts is None or not (facts.is_team or me.works_for(facts.programme)):
        raise NotFound
    return facts


class NextInLine(msgspec.Struct, frozen=True):
    """The first of the waiting list who was not offered a place yet."""

    decision: UUID
    project: UUID
    project_name: str


async def next_in_line(call_id: UUID, phase_id: UUID) -> NextInLine | None:
    """Who comes next for a place in that phase."""
    return await row(
        NextInLine,
        "SELECT d.id, p.id, p.name" + PUBLISHED + " LEFT JOIN place pl ON pl.decision = d.id"
        " WHERE a.call = $1 AND d.phase = $2 AND d.outcome = 'waiting_list' AND pl.id IS NULL AND a.state <> 'withdrawn'"
        " ORDER BY d.waiting_rank, d.id LIMIT 1",
        call_id,
        phase_id,
    )


class Called(msgspec.Struct, frozen=True):
    """A retained project that can answer now."""

    decision: UUID
    project: UUID
    project_name: str
    phase_name: str
    published_at: datetime


async def retained_by(call_id: UUID) -> list[Called]:
    """The retained projects of a call, in a stable order."""
    return await rows(
        Called,
        "SELECT d.id, p.id, p.name, ph.name, pb.published_at" + PUBLISHED + " JOIN phase ph ON ph.id = d.phase"
        " WHERE a.call = $1 AND d.outcome = 'retained' AND a.state <> 'withdrawn' ORDER BY p.name, p.id LIMIT 500",
        call_id,
    )


class AgreementView(msgspec.Struct, frozen=True):
    """An agreement and its two signatures."""

    id: UUID
    text: str
    text_hash: str
    drawn_up_at: datetime
    project_signed_at: datetime | None
    project_signed_name: str | None
    programme_signed_at: datetime | None
    programme_signed_name: str | None


async def agreement_of(place: PlaceFacts) -> AgreementView | None:
    """The agreement of a place its reader was allowed to see."""
    return await row(
        AgreementView,
        "SELECT ag.id, ag.text, ag.text_hash, ag.drawn_up_at, ag.project_signed_at, s.name, ag.programme_signed_at, m.name"
        " FROM agreement ag LEFT JOIN account s ON s.id = ag.project_signed_by"
        " LEFT JOIN account m ON m.id = ag.programme_signed_by WHERE ag.id = $1",
        place.agreement,
    )


class AgreementParties(msgspec.Struct, frozen=True):
    """Who and what an agreement names."""

    programme_name: str
    carrier: str
    phase_name: str
    planned_months: float
    team: list[str]


async def parties_of(place: PlaceFacts) -> AgreementParties:
    """What the text of the agreement of a place needs to say."""
    found = await row(
        AgreementParties,
        "SELECT g.name, g.carrier, ph.name, ph.planned_months::float8, COALESCE((SELECT json_agg(t.name ORDER BY t.role, t.name)"
        " FROM team_member t WHERE t.project = $1 AND t.left_at IS NULL), '[]')::text"
        " FROM programme g, phase ph WHERE g.id = $2 AND ph.id = $3",
        place.project, place.programme, place.phase,
    )  # fmt: skip
    assert found is not None
    return found


class TeamAddress(msgspec.Struct, frozen=True):
    """Someone to write to."""

    id: UUID
    name: str
    email: str
    language: str


async def team_addresses(project_id: UUID) -> list[TeamAddress]:
    """The members of a team who have an account."""
    return await rows(
        TeamAddress,
        "SELECT a.id, a.name, a.email, a.language FROM team_member t JOIN account a ON a.id = t.account"
        " WHERE t.project = $1 AND t.left_at IS NULL AND a.disabled_at IS NULL ORDER BY a.name, a.id LIMIT 50",
        project_id,
    )


async def manager_addresses(programme_id: UUID) -> list[TeamAddress]:
    """The managers of a programme."""
    return await rows(
        TeamAddress,
        "SELECT a.id, a.name, a.email, a.language FROM role_assignment r JOIN account a ON a.id = r.account"
        " WHERE r.programme = $1 AND r.role = 'manager' AND a.disabled_at IS NULL ORDER BY a.name, a.id LIMIT 50",
        programme_id,
    )
