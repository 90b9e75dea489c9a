"""Cohorts, their places and members, for the staff of their programme."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from incubator.cohorts.queries.places import GIVES_A_PLACE, PUBLISHED
from incubator.cohorts.rules import answer_deadline
from incubator.core.database import row, rows
from incubator.core.errors import NotFound
from incubator.core.paging import SIZE, Page, cut
from incubator.people.queries import Person


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
        f" LEFT JOIN (SELECT d.id, d.phase, d.outcome, a.call{PUBLISHED} WHERE {GIVES_A_PLACE}) d"
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
        + PUBLISHED
        + " JOIN phase ph ON ph.id = d.phase LEFT JOIN place pl ON pl.decision = d.id"
        " LEFT JOIN agreement ag ON ag.place = pl.id LEFT JOIN commune m ON m.insee_code = p.commune"
        " LEFT JOIN LATERAL (SELECT f.name AS phase_name, e.state FROM enrolment e JOIN phase f ON f.id = e.phase"
        " WHERE e.place = pl.id ORDER BY f.position DESC LIMIT 1) e ON true"
        f" WHERE a.call = $1 AND {GIVES_A_PLACE}"
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
