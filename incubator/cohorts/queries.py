"""Cohorts, their places and members; each read starts from who asks."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from incubator.cohorts.rules import PlaceFacts, answer_deadline
from incubator.core.database import execute, row, rows, value
from incubator.core.errors import NotFound
from incubator.core.paging import SIZE, Page, cut
from incubator.people.queries import Person

_PUBLISHED = (
    " FROM decision d JOIN presentation pr ON pr.id = d.presentation JOIN application a ON a.id = pr.application"
    " JOIN publication pb ON pb.committee = pr.committee JOIN project p ON p.id = a.project"
)
_GIVES_A_PLACE = "d.outcome IN ('retained', 'waiting_list') AND a.state <> 'withdrawn'"
_FACTS = (
    "SELECT d.id, p.id, p.name, p.programme, a.call, ph.id, ph.code, ph.name, d.conditions, d.outcome, d.waiting_rank,"
    " pb.published_at, co.id, co.name, co.created_at, co.starts_on, pl.id, pl.state, pl.answer_by, pl.answered_at,"
    " COALESCE(ca.places_count, 0), COALESCE(ca.taken_count, 0), ag.id, ag.text_hash, ag.project_signed_at,"
    " ag.project_signed_by, ag.programme_signed_at, ag.programme_signed_by, e.id, e.state,"
    " EXISTS (SELECT FROM team_member t WHERE t.project = p.id AND t.account = $2 AND t.left_at IS NULL),"
    " EXISTS (SELECT FROM team_member t WHERE t.project = p.id AND t.account = $2 AND t.left_at IS NULL"
    " AND t.role = 'depositor')" + _PUBLISHED + " JOIN phase ph ON ph.id = d.phase LEFT JOIN cohort co ON co.call = a.call"
    " LEFT JOIN place pl ON pl.decision = d.id LEFT JOIN capacity ca ON ca.cohort = co.id AND ca.phase = d.phase"
    " LEFT JOIN agreement ag ON ag.place = pl.id LEFT JOIN enrolment e ON e.place = pl.id AND e.phase = d.phase"
)


async def place_of(me: Person, project_id: UUID, *, lock: bool = False) -> PlaceFacts:
    """The latest published place of a project, for its team and its programme's staff. Raises `NotFound`.

    With `lock`, no other answer about it goes on meanwhile.
    """
    decision = await value(
        "SELECT d.id" + _PUBLISHED + f" WHERE p.id = $1 AND {_GIVES_A_PLACE} ORDER BY pb.published_at DESC, d.id DESC LIMIT 1",
        project_id,
    )
    return await place_by_decision(me, decision, lock=lock)


async def place_by_decision(me: Person, decision_id: UUID | None, *, lock: bool = False) -> PlaceFacts:
    """The place a published decision gives. Raises `NotFound`."""
    if lock:
        await execute("SELECT FROM decision WHERE id = $1 FOR NO KEY UPDATE", decision_id)
    facts = await row(PlaceFacts, _FACTS + f" WHERE d.id = $1 AND {_GIVES_A_PLACE}", decision_id, me.id)
    if facts is None or not (facts.is_team or me.works_for(facts.programme)):
        raise NotFound
    return facts


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


class CallToGather(msgspec.Struct, frozen=True):
    """A call and whether it has its cohort."""

    id: UUID
    programme: UUID
    code: str
    title: str
    closes_at: datetime
    has_cohort: bool


async def call_to_gather(me: Person, code: str) -> CallToGather:
    """A call of one's programme, by its code. Raises `NotFound`."""
    found = await row(
        CallToGather,
        "SELECT c.id, c.programme, c.code, c.title, c.closes_at, EXISTS (SELECT FROM cohort co WHERE co.call = c.id)"
        " FROM call c WHERE c.code = $1",
        code,
    )
    if found is None or not me.works_for(found.programme):
        raise NotFound
    return found


async def calls_without_cohort(me: Person) -> list[CallToGather]:
    """Calls whose decisions are published and that have no cohort yet, latest first."""
    return await rows(
        CallToGather,
        "SELECT c.id, c.programme, c.code, c.title, c.closes_at, false FROM call c WHERE c.programme = ANY($1)"
        " AND NOT EXISTS (SELECT FROM cohort co WHERE co.call = c.id) AND EXISTS (SELECT FROM committee k"
        " JOIN publication pb ON pb.committee = k.id WHERE k.call = c.id) ORDER BY c.closes_at DESC, c.id LIMIT 20",
        me.programmes,
    )


class CohortLine(msgspec.Struct, frozen=True):
    """A cohort in a list: its places, and how many projects are on their way."""

    id: UUID
    name: str
    call_code: str
    call_title: str
    starts_on: date
    places_count: int
    taken_count: int
    active_count: int


_LINE = (
    "SELECT co.id, co.name, c.code, c.title, co.starts_on,"
    " COALESCE((SELECT sum(ca.places_count) FROM capacity ca WHERE ca.cohort = co.id), 0)::int,"
    " COALESCE((SELECT sum(ca.taken_count) FROM capacity ca WHERE ca.cohort = co.id), 0)::int,"
    " (SELECT count(*) FROM enrolment e WHERE e.cohort = co.id AND e.ended_on IS NULL AND e.state <> 'to_start')::int"
    " FROM cohort co JOIN call c ON c.id = co.call"
)


async def cohorts_for(me: Person, after: tuple[date, UUID] | None = None) -> Page[CohortLine]:
    """The cohorts of one's programmes, latest start first."""
    day, key = after or (None, None)
    found = await rows(
        CohortLine,
        _LINE + " WHERE co.programme = ANY($1) AND ($2::date IS NULL OR (co.starts_on, co.id) < ($2, $3::uuid))"
        " ORDER BY co.starts_on DESC, co.id DESC LIMIT $4",
        me.programmes, day, key, SIZE + 1,
    )  # fmt: skip
    return cut(found, lambda line: (line.starts_on, line.id))


class PhasePlaces(msgspec.Struct, frozen=True):
    """The places of an entry phase; `free_count` are neither taken nor waiting for an answer."""

    phase: UUID
    phase_name: str
    places_count: int
    taken_count: int
    awaited_count: int
    waiting_count: int
    free_count: int


class CohortMember(msgspec.Struct, frozen=True):
    """A project called to the cohort and where it stands."""

    decision: UUID
    project: UUID
    project_name: str
    commune: str | None
    phase: UUID
    phase_name: str
    outcome: str
    waiting_rank: int | None
    state: str
    answer_by: datetime | None
    is_signed: bool
    enrolment_phase: str | None
    enrolment_state: str | None


class CohortView(msgspec.Struct, frozen=True):
    """A cohort with its places and all its members."""

    id: UUID
    name: str
    programme: UUID
    programme_name: str
    call_code: str
    call_title: str
    starts_on: date
    created_at: datetime
    capacities: list[PhasePlaces]
    members: list[CohortMember]


class _Cohort(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    programme: UUID
    programme_name: str
    call_code: str
    call_title: str
    starts_on: date
    created_at: datetime
    call: UUID


async def cohort(me: Person, cohort_id: UUID) -> CohortView:
    """A cohort of one's programme. Raises `NotFound`."""
    found = await row(
        _Cohort,
        "SELECT co.id, co.name, co.programme, g.name, c.code, c.title, co.starts_on, co.created_at, c.id FROM cohort co"
        " JOIN call c ON c.id = co.call JOIN programme g ON g.id = co.programme WHERE co.id = $1",
        cohort_id,
    )
    if found is None or not me.works_for(found.programme):
        raise NotFound
    capacities, members = await places_in(cohort_id), await _members(found.call, found.created_at)
    return CohortView(
        found.id, found.name, found.programme, found.programme_name, found.call_code, found.call_title,
        found.starts_on, found.created_at, capacities, members,
    )  # fmt: skip


_AWAITED = "count(d.id) FILTER (WHERE pl.state = 'offered' OR (pl.id IS NULL AND d.outcome = 'retained'))::int"


async def places_in(cohort_id: UUID, phase_id: UUID | None = None) -> list[PhasePlaces]:
    """The places of each entry phase of a cohort, in the order of the phases."""
    return await rows(
        PhasePlaces,
        f"SELECT ph.id, ph.name, ca.places_count, ca.taken_count, {_AWAITED},"
        " count(d.id) FILTER (WHERE pl.id IS NULL AND d.outcome = 'waiting_list')::int,"
        f" GREATEST(0, ca.places_count - ca.taken_count - {_AWAITED})"
        " FROM capacity ca JOIN cohort co ON co.id = ca.cohort JOIN phase ph ON ph.id = ca.phase"
        f" LEFT JOIN (SELECT d.id, d.phase, d.outcome, a.call{_PUBLISHED} WHERE {_GIVES_A_PLACE}) d"
        " ON d.call = co.call AND d.phase = ca.phase LEFT JOIN place pl ON pl.decision = d.id"
        " WHERE ca.cohort = $1 AND ($2::uuid IS NULL OR ca.phase = $2)"
        " GROUP BY ph.id, ph.name, ph.position, ca.places_count, ca.taken_count ORDER BY ph.position LIMIT 20",
        cohort_id,
        phase_id,
    )


async def _members(call_id: UUID, created_at: datetime) -> list[CohortMember]:
    """`answer_by` holds, until the last lines, since when a retained project can answer."""
    found = await rows(
        CohortMember,
        "SELECT d.id, p.id, p.name, m.name, ph.id, ph.name, d.outcome, d.waiting_rank,"
        " COALESCE(pl.state, CASE d.outcome WHEN 'retained' THEN 'awaiting' ELSE 'waiting' END),"
        " COALESCE(pl.answer_by, CASE d.outcome WHEN 'retained' THEN GREATEST(pb.published_at, $2::timestamptz) END),"
        " ag.project_signed_at IS NOT NULL AND ag.programme_signed_at IS NOT NULL, e.phase_name, e.state"
        + _PUBLISHED
        + " JOIN phase ph ON ph.id = d.phase LEFT JOIN place pl ON pl.decision = d.id"
        " LEFT JOIN agreement ag ON ag.place = pl.id LEFT JOIN commune m ON m.insee_code = p.commune"
        " LEFT JOIN LATERAL (SELECT f.name AS phase_name, e.state FROM enrolment e JOIN phase f ON f.id = e.phase"
        " WHERE e.place = pl.id ORDER BY f.position DESC LIMIT 1) e ON true"
        f" WHERE a.call = $1 AND {_GIVES_A_PLACE}"
        " ORDER BY ph.position, d.waiting_rank NULLS FIRST, p.name, p.id LIMIT 500",
        call_id,
        created_at,
    )
    return [
        replace(member, answer_by=answer_deadline(member.answer_by))
        if member.state == "awaiting" and member.answer_by
        else member
        for member in found
    ]


class NextInLine(msgspec.Struct, frozen=True):
    """The first of the waiting list who was not offered a place yet."""

    decision: UUID
    project: UUID
    project_name: str


async def next_in_line(call_id: UUID, phase_id: UUID) -> NextInLine | None:
    """Who comes next for a place in that phase."""
    return await row(
        NextInLine,
        "SELECT d.id, p.id, p.name" + _PUBLISHED + " LEFT JOIN place pl ON pl.decision = d.id"
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
        "SELECT d.id, p.id, p.name, ph.name, pb.published_at" + _PUBLISHED + " JOIN phase ph ON ph.id = d.phase"
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
