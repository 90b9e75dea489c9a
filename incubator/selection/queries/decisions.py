"""Decisions: what they are judged on, what was recorded, what is published."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.calls.queries import CriterionView, criteria_of
from incubator.core.database import row, rows
from incubator.core.errors import NotFound, Refused
from incubator.people.queries import Person
from incubator.selection.queries.assessments import ASSESSED, Assessed, assessed, sums_of
from incubator.selection.queries.committees import CommitteeFacts, committee_for_manager
from incubator.selection.queries.members import NOT_FOR_ME
from incubator.selection.queries.ranking import PhasePlaces, places_of, undecided
from incubator.selection.rules.decisions import Deciding, Publishing, Reason
from incubator.selection.rules.scoring import Sums

PUBLISHED_MAX = 1000


class Recorded(msgspec.Struct, frozen=True):
    """A decision as it stands; `phase` is a code."""

    id: UUID
    outcome: str
    phase: str
    waiting_rank: int | None
    conditions: str
    orientation: str
    no_quorum_reason: str
    voters_count: int
    voices_count: int
    colleges_count: int
    decided_at: datetime
    decided_by: str
    version: int
    reasons: list[Reason]


class DecisionDesk(msgspec.Struct, frozen=True):
    """What the manager has before their eyes when recording a decision."""

    facts: Assessed
    deciding: Deciding
    sums: Sums
    criteria: list[CriterionView]
    places: list[PhasePlaces]
    recorded: Recorded | None


_VOTER = (
    "s.committee = p.committee AND s.is_voting AND s.ended_at IS NULL AND NOT EXISTS (SELECT FROM declaration d"
    f" WHERE d.seat = s.id AND d.presentation = p.id AND d.has_interest) AND NOT {NOT_FOR_ME}"
)
_VOICE = f"{_VOTER} AND EXISTS (SELECT FROM assessment x WHERE x.seat = s.id AND x.presentation = p.id AND x.state = 'handed_in')"
_DECIDING = (
    "SELECT p.id, p.committee, a.id, a.project, a.state, EXISTS (SELECT FROM publication b WHERE b.committee = p.committee),"
    " COALESCE((SELECT json_object_agg(t.key, t.value -> 'mean') FROM jsonb_each(p.criteria) t), '{}')::text,"
    " (SELECT json_agg(r.code ORDER BY r.position) FROM criterion r WHERE r.grid = k.grid)::text,"
    " COALESCE((SELECT json_object_agg(f.code, f.id) FROM entry_places n JOIN phase f ON f.id = n.phase"
    " WHERE n.call = k.id), '{}')::text,"
    f" (SELECT count(*) FROM seat s WHERE {_VOTER}), (SELECT count(*) FROM seat s WHERE {_VOICE}),"
    f" (SELECT count(DISTINCT s.college) FROM seat s WHERE {_VOICE}),"
    " COALESCE((SELECT json_agg(e.waiting_rank) FROM decision e JOIN presentation o ON o.id = e.presentation"
    " JOIN phase f ON f.id = e.phase WHERE o.committee = p.committee AND o.id <> p.id AND f.code = $2"
    " AND e.outcome = 'waiting_list'), '[]')::text,"
    " COALESCE((SELECT e.version FROM decision e WHERE e.presentation = p.id), 0)"
    " FROM presentation p JOIN application a ON a.id = p.application JOIN committee c ON c.id = p.committee"
    " JOIN call k ON k.id = c.call WHERE p.application = $1"
)
_REASONS = (
    "COALESCE((SELECT json_agg(json_build_object('code', k.code, 'is_strength', r.is_strength, 'text', r.text)"
    " ORDER BY k.position) FROM decision_reason r JOIN criterion k ON k.id = r.criterion WHERE r.decision = e.id), '[]')::text"
)


async def may_decide(me: Person, application: UUID) -> Assessed:
    """An application whose decision one records: the manager's (same refusals as `assessed`, and `Refused` for instructors)."""
    facts = await assessed(me, application)
    if not me.manages(facts.programme):
        raise Refused
    return facts


async def is_decider(me: Person, application: UUID) -> bool:
    """True for the manager of the programme, unless they declared an interest in this application (R10)."""
    found = await row(Assessed, ASSESSED, application, me.id) if me.is_staff else None
    return found is not None and found.is_mine_to_see and me.manages(found.programme)


async def deciding(application: UUID, phase: str) -> Deciding:
    """What a decision is judged on; `phase` is the code asked, for the waiting ranks already given in it."""
    found = await row(Deciding, _DECIDING, application, phase)
    if found is None:
        raise NotFound
    return found


async def recorded_decision(presentation: UUID) -> Recorded | None:
    """The decision recorded on an application, or None."""
    return await row(
        Recorded,
        "SELECT e.id, e.outcome, COALESCE(f.code, ''), e.waiting_rank, e.conditions, e.orientation, e.no_quorum_reason,"
        f" e.voters_count, e.voices_count, e.colleges_count, e.decided_at, u.name, e.version, {_REASONS}"
        " FROM decision e JOIN account u ON u.id = e.decided_by LEFT JOIN phase f ON f.id = e.phase WHERE e.presentation = $1",
        presentation,
    )


async def decision_desk(me: Person, application: UUID) -> DecisionDesk:
    """Everything needed to record a decision on an application (same refusals as `may_decide`)."""
    facts = await may_decide(me, application)
    sums = await sums_of(facts.presentation)
    recorded = await recorded_decision(facts.presentation)
    judged = await deciding(application, recorded.phase if recorded else "")
    committee = await committee_for_manager(me, facts.committee)
    if sums is None:
        raise NotFound
    return DecisionDesk(facts, judged, sums, await criteria_of(facts.grid), await places_of(committee), recorded)


async def publishing(me: Person, committee: CommitteeFacts) -> Publishing:
    """What keeps the decisions of a committee from being published, if anything."""
    left = await undecided(committee.id, me)
    return Publishing(committee.call_code, committee.is_published, int(left.is_any_presented), left.names, left.unnamed_count)


class PublishedReason(msgspec.Struct, frozen=True):
    """Why, on one criterion, in words for the team."""

    code: str
    label: str
    is_strength: bool
    text: str


class PublishedDecision(msgspec.Struct, frozen=True):
    """A decision that is out. `phase` is set for a retained or waiting project, `waiting_rank` for a waiting one."""

    id: UUID
    application: UUID
    project: UUID
    project_name: str
    call: UUID
    call_title: str
    contact_email: str
    programme: UUID
    outcome: str
    phase: UUID | None
    phase_code: str | None
    phase_name: str | None
    waiting_rank: int | None
    conditions: str
    orientation: str
    published_at: datetime
    reasons: list[PublishedReason]


_PUBLISHED = (
    "SELECT e.id, a.id, j.id, j.name, c.id, c.title, g.contact_email, g.id, e.outcome, f.id, f.code, f.name, e.waiting_rank,"
    " e.conditions, e.orientation, b.published_at,"
    " COALESCE((SELECT json_agg(json_build_object('code', k.code, 'label', k.label, 'is_strength', r.is_strength,"
    " 'text', r.text) ORDER BY k.position) FROM decision_reason r JOIN criterion k ON k.id = r.criterion"
    " WHERE r.decision = e.id), '[]')::text"
    " FROM publication b JOIN presentation p ON p.committee = b.committee JOIN decision e ON e.presentation = p.id"
    " JOIN application a ON a.id = p.application JOIN project j ON j.id = a.project JOIN call c ON c.id = a.call"
    " JOIN programme g ON g.id = c.programme LEFT JOIN phase f ON f.id = e.phase"
)


async def published_decision(application: UUID) -> PublishedDecision | None:
    """The decision on an application once it is out, whoever asks: for later rooms, which check who sees it."""
    return await row(PublishedDecision, f"{_PUBLISHED} WHERE a.id = $1", application)


async def published_decision_of_project(project: UUID, call: UUID) -> PublishedDecision | None:
    """The decision on a project in a call once it is out, whoever asks."""
    return await row(PublishedDecision, f"{_PUBLISHED} WHERE j.id = $1 AND c.id = $2", project, call)


async def retained_of(call: UUID) -> list[PublishedDecision]:
    """The projects a call retained, by phase and name, once its decisions are out; none withdrawn since."""
    return await rows(
        PublishedDecision,
        f"{_PUBLISHED} WHERE c.id = $1 AND e.outcome = 'retained' AND a.state = 'admissible'"
        " ORDER BY f.position, j.name, e.id LIMIT $2",
        call, PUBLISHED_MAX,
    )  # fmt: skip


async def waiting_list(call: UUID, phase: UUID) -> list[PublishedDecision]:
    """The projects waiting for a place in a phase, first rank first; none withdrawn since."""
    return await rows(
        PublishedDecision,
        f"{_PUBLISHED} WHERE c.id = $1 AND f.id = $2 AND e.outcome = 'waiting_list' AND a.state = 'admissible'"
        " ORDER BY e.waiting_rank, e.id LIMIT $3",
        call, phase, PUBLISHED_MAX,
    )  # fmt: skip


async def decision_for_team(me: Person, application: UUID) -> PublishedDecision:
    """The decision on an application once it is out, for its team and for staff without an interest in it (R10).

    Raises `NotFound` before, and for others.
    """
    found = await row(
        PublishedDecision,
        f"{_PUBLISHED} WHERE a.id = $1 AND (g.id = ANY($3::uuid[]) AND NOT EXISTS (SELECT FROM declaration d"
        " JOIN seat s ON s.id = d.seat WHERE d.presentation = p.id AND d.has_interest AND s.account = $2)"
        " OR EXISTS (SELECT FROM team_member t WHERE t.project = j.id AND t.account = $2 AND t.left_at IS NULL))",
        application, me.id, me.programmes,
    )  # fmt: skip
    if found is None:
        raise NotFound
    return found


class TeamMate(msgspec.Struct, frozen=True):
    """Someone who is told the decision."""

    account: UUID
    name: str
    email: str
    language: str
    project: UUID


async def teams_of(committee: UUID) -> list[TeamMate]:
    """Members with an account of every project decided on by a committee, by project."""
    return await rows(
        TeamMate,
        "SELECT u.id, u.name, u.email, u.language, a.project FROM presentation p JOIN decision e ON e.presentation = p.id"
        " JOIN application a ON a.id = p.application AND a.state = 'admissible'"
        " JOIN team_member t ON t.project = a.project AND t.left_at IS NULL"
        " JOIN account u ON u.id = t.account AND u.disabled_at IS NULL"
        " WHERE p.committee = $1 ORDER BY a.project, t.role, u.id LIMIT 20000",
        committee,
    )


async def published_by(committee: UUID) -> list[PublishedDecision]:
    """Every decision a committee published, by project name."""
    return await rows(
        PublishedDecision,
        f"{_PUBLISHED} WHERE b.committee = $1 AND a.state = 'admissible' ORDER BY j.name, e.id LIMIT 20000",
        committee,
    )
