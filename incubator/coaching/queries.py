"""Who coaches whom and what was said; each read starts from who asks. Private notes have a query of their own (R34)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from incubator.coaching.rules import Assigning, Followed, Journey, Load, Standing
from incubator.core.database import execute, row, rows
from incubator.core.errors import NotFound, Refused
from incubator.core.language import _
from incubator.core.paging import SIZE, Page, cut
from incubator.people.queries import Person

_STANDING = (
    "SELECT p.id, p.name, p.programme,"
    " EXISTS (SELECT FROM team_member t WHERE t.project = p.id AND t.account = $2 AND t.left_at IS NULL),"
    " EXISTS (SELECT FROM team_member t WHERE t.project = p.id AND t.account = $2 AND t.left_at IS NULL"
    " AND t.role = 'depositor'),"
    " p.programme = ANY($3) AND EXISTS (SELECT FROM coach_assignment c WHERE c.project = p.id AND c.coach = $2"
    " AND c.until_on IS NULL), p.programme = ANY($3), p.programme = ANY($4),"
    " EXISTS (SELECT FROM team_member t WHERE t.project = p.id AND t.account = $2 AND t.left_at IS NULL AND t.role = 'reader')"
)


async def standing_of(me: Person, project_id: UUID) -> Standing:
    """What one is to a project. Raises `NotFound` for who is not of its team, no coach and no manager of its programme."""
    found = await row(
        Standing,
        f"{_STANDING} FROM project p WHERE p.id = $1",
        project_id, me.id, me.programmes_as("coach"), me.programmes_as("manager"),
    )  # fmt: skip
    if found is None or not (found.is_team or found.is_colleague or found.is_manager):
        raise NotFound
    return found


class CoachLine(msgspec.Struct, frozen=True):
    """Someone who coaches or coached a project."""

    id: UUID
    coach: UUID
    name: str
    email: str
    is_lead: bool
    from_on: date
    until_on: date | None
    planned_days: Decimal


async def coaches_of(standing: Standing) -> list[CoachLine]:
    """The coaches of a project one may see, present ones first, the lead before the others."""
    return await rows(
        CoachLine,
        "SELECT c.id, c.coach, a.name, a.email, c.is_lead, c.from_on, c.until_on, c.planned_days FROM coach_assignment c"
        " JOIN account a ON a.id = c.coach WHERE c.project = $1"
        " ORDER BY c.until_on DESC NULLS FIRST, c.is_lead DESC, a.name, c.id LIMIT 50",
        standing.project,
    )


async def loads_in(programmes: list[UUID]) -> list[Load]:
    """The coaches of these programmes with how many projects on their way each follows (R31), by name."""
    return await rows(
        Load,
        "SELECT a.id, a.name, count(DISTINCT c.project) FILTER (WHERE e.id IS NOT NULL)::int,"
        " COALESCE(sum(c.planned_days) FILTER (WHERE e.id IS NOT NULL), 0)"
        " FROM (SELECT DISTINCT r.account FROM role_assignment r WHERE r.role = 'coach' AND r.programme = ANY($1)) r"
        " JOIN account a ON a.id = r.account AND a.disabled_at IS NULL"
        " LEFT JOIN coach_assignment c ON c.coach = a.id AND c.until_on IS NULL"
        " LEFT JOIN enrolment e ON e.project = c.project AND e.ended_on IS NULL"
        " GROUP BY a.id, a.name ORDER BY a.name, a.id LIMIT 100",
        programmes,
    )


async def assigning(standing: Standing, coach: UUID, *, lock: bool) -> Assigning:
    """What decides whether that person may coach the project; with `lock`, nobody else assigns meanwhile."""
    if lock:
        await execute("SELECT FROM project WHERE id = $1 FOR NO KEY UPDATE", standing.project)
    found = await row(
        Assigning,
        "SELECT EXISTS (SELECT FROM enrolment e WHERE e.project = $1 AND e.ended_on IS NULL),"
        " EXISTS (SELECT FROM role_assignment r JOIN account a ON a.id = r.account WHERE r.account = $2 AND r.role = 'coach'"
        " AND r.programme = $3 AND a.disabled_at IS NULL),"
        " (SELECT c.coach FROM coach_assignment c WHERE c.project = $1 AND c.is_lead AND c.until_on IS NULL),"
        " COALESCE((SELECT json_agg(c.coach) FROM coach_assignment c WHERE c.project = $1 AND NOT c.is_lead"
        " AND c.until_on IS NULL), '[]')::text",
        standing.project, coach, standing.programme,
    )  # fmt: skip
    if found is None:
        raise NotFound
    return found


async def journey_of(standing: Standing) -> Journey:
    """When the agreement was signed by both, and whether the path goes on."""
    found = await row(
        Journey,
        "SELECT (SELECT min(GREATEST(g.project_signed_at, g.programme_signed_at)) FROM agreement g JOIN place l ON l.id = g.place"
        " WHERE l.project = $1 AND g.project_signed_at IS NOT NULL AND g.programme_signed_at IS NOT NULL),"
        " EXISTS (SELECT FROM enrolment e WHERE e.project = $1 AND e.ended_on IS NULL),"
        " (SELECT max(e.ended_on) FROM enrolment e WHERE e.project = $1)",
        standing.project,
    )
    if found is None:
        raise NotFound
    return found


class Correction(msgspec.Struct, frozen=True):
    """Why a session was corrected, and what it said before."""

    at: datetime
    by: str
    reason: str
    before: dict[str, str]


class SessionView(msgspec.Struct, frozen=True):
    """A session; its words are null for a coach who does not follow the project."""

    id: UUID
    held_on: date
    duration_minutes: int
    kind: str
    coach_name: str
    next_on: date | None
    is_mine: bool
    participants: str | None
    done: str | None
    decided: str | None
    next_steps: str | None
    no_next_reason: str | None
    logged_at: datetime
    version: int
    corrections: list[Correction]


async def sessions_of(
    me: Person, standing: Standing, after: tuple[date, UUID] | None = None, *, size: int = SIZE
) -> Page[SessionView]:
    """The sessions of a project, latest first. Words are fetched only for who may read them."""
    day, key = after or (None, None)
    found = await rows(
        SessionView,
        "SELECT s.id, s.held_on, s.duration_minutes, s.kind, a.name, s.next_on, s.coach = $2,"
        " CASE WHEN w.may THEN s.participants END, CASE WHEN w.may THEN s.done END, CASE WHEN w.may THEN s.decided END,"
        " CASE WHEN w.may THEN s.next_steps END, CASE WHEN w.may THEN s.no_next_reason END, s.logged_at, s.version,"
        " CASE WHEN w.may THEN COALESCE((SELECT json_agg(json_build_object('at', k.corrected_at, 'by', b.name,"
        " 'reason', k.reason, 'before', k.before) ORDER BY k.corrected_at DESC) FROM session_correction k"
        " JOIN account b ON b.id = k.corrected_by WHERE k.session = s.id), '[]') ELSE '[]' END::text"
        " FROM support_session s JOIN account a ON a.id = s.coach CROSS JOIN LATERAL (SELECT $3 OR s.coach = $2 AS may) w"
        " WHERE s.project = $1 AND ($4::date IS NULL OR (s.held_on, s.id) < ($4, $5::uuid))"
        " ORDER BY s.held_on DESC, s.id DESC LIMIT $6",
        standing.project, me.id, standing.reads_minutes, day, key, size + 1,
    )  # fmt: skip
    return cut(found, lambda session: (session.held_on, session.id), size)


class NoteView(msgspec.Struct, frozen=True):
    """A private note: its author and the programme's manager read it, nobody else (R34)."""

    session: UUID
    author_name: str
    text: str
    written_at: datetime


async def private_notes(me: Person, sessions: list[UUID]) -> dict[UUID, NoteView]:
    """The private notes of these sessions that one wrote, or that one reads as manager of the programme (R34)."""
    found = await rows(
        NoteView,
        "SELECT n.session, a.name, n.text, n.written_at FROM private_note n JOIN support_session s ON s.id = n.session"
        " JOIN project p ON p.id = s.project JOIN account a ON a.id = n.author"
        " WHERE n.session = ANY($1) AND (n.author = $2 OR p.programme = ANY($3)) ORDER BY n.written_at, n.id LIMIT 100",
        sessions, me.id, me.programmes_as("manager"),
    )  # fmt: skip
    return {note.session: note for note in found}


class OwnSession(msgspec.Struct, frozen=True):
    """A session its author changes."""

    id: UUID
    project: UUID
    coach: UUID
    held_on: date
    duration_minutes: int
    kind: str
    participants: str
    done: str
    decided: str
    next_steps: str
    next_on: date | None
    no_next_reason: str
    logged_at: datetime
    version: int


async def own_session(me: Person, session_id: UUID, *, lock: bool = False) -> OwnSession:
    """A session one logged. Raises `NotFound` when one may not see it, `Refused` when someone else wrote it."""
    if lock:
        await execute("SELECT FROM support_session WHERE id = $1 FOR NO KEY UPDATE", session_id)
    found = await row(
        OwnSession,
        "SELECT id, project, coach, held_on, duration_minutes, kind, participants, done, decided, next_steps, next_on,"
        " no_next_reason, logged_at, version FROM support_session WHERE id = $1",
        session_id,
    )
    if found is None:
        raise NotFound
    await standing_of(me, found.project)
    if found.coach != me.id:
        raise Refused(_("Seule la personne qui a noté cette séance la modifie."))
    return found


async def portfolio(me: Person) -> list[Followed]:
    """The projects one coaches that are on their way, by name."""
    return await rows(
        Followed,
        "SELECT p.id, p.name, m.name, f.name, f.alert_days, e.state, e.starts_on, c.is_lead, s.held_on, s.next_on"
        " FROM coach_assignment c JOIN project p ON p.id = c.project JOIN enrolment e ON e.project = p.id AND e.ended_on IS NULL"
        " JOIN phase f ON f.id = e.phase LEFT JOIN commune m ON m.insee_code = p.commune"
        " LEFT JOIN LATERAL (SELECT s.held_on, s.next_on FROM support_session s WHERE s.project = p.id"
        " ORDER BY s.held_on DESC, s.id DESC LIMIT 1) s ON true"
        " WHERE c.coach = $1 AND c.until_on IS NULL AND p.programme = ANY($2) ORDER BY p.name, p.id LIMIT 200",
        me.id, me.programmes_as("coach"),
    )  # fmt: skip
