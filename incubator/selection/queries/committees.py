"""A committee as its manager sees it: seats, what may still be put before it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import row, rows
from incubator.core.errors import NotFound, Refused
from incubator.people.queries import Person

SEATS_MAX = 200
ADMISSIBLE_MAX = 1000


class CommitteeFacts(msgspec.Struct, frozen=True):
    """A committee and the call it works for; `published_at` once its decisions are out."""

    id: UUID
    name: str
    call: UUID
    call_code: str
    call_title: str
    programme: UUID
    grid: UUID
    plan: UUID
    contact_email: str
    published_at: datetime | None

    @property
    def is_published(self) -> bool:
        """True once its decisions are out."""
        return self.published_at is not None


class CallFacts(msgspec.Struct, frozen=True):
    """A call in the eyes of who composes its committee."""

    id: UUID
    code: str
    title: str
    programme: UUID
    committee: UUID | None


class SeatLine(msgspec.Struct, frozen=True):
    """Someone's seat, and how far they are."""

    id: UUID
    name: str
    email: str
    college: str
    is_voting: bool
    given_at: datetime
    ended_at: datetime | None
    signed_at: datetime | None
    interests_count: int
    handed_in_count: int


class AdmissibleLine(msgspec.Struct, frozen=True):
    """An admissible application not yet put before a committee."""

    id: UUID
    name: str
    commune: str | None


class CommitteeDesk(msgspec.Struct, frozen=True):
    """Everything the manager needs to compose a committee and feed it."""

    committee: CommitteeFacts
    seats: list[SeatLine]
    admissible: list[AdmissibleLine]
    presented_count: int


_COMMITTEE = (
    "SELECT c.id, c.name, k.id, k.code, k.title, k.programme, k.grid, k.plan, g.contact_email, b.published_at"
    " FROM committee c JOIN call k ON k.id = c.call JOIN programme g ON g.id = k.programme"
    " LEFT JOIN publication b ON b.committee = c.id"
)


async def committee_for_manager(me: Person, committee: UUID) -> CommitteeFacts:
    """A committee of a programme one manages. Raises `NotFound` for outsiders, `Refused` for the rest of the staff."""
    found = await row(CommitteeFacts, f"{_COMMITTEE} WHERE c.id = $1", committee)
    if found is None or not me.works_for(found.programme):
        raise NotFound
    if not me.manages(found.programme):
        raise Refused
    return found


async def committee_with_scores(me: Person, committee: UUID) -> CommitteeFacts:
    """A committee whose scores one may see: its manager, and instructors once decisions are out (domain, 5.5)."""
    found = await row(CommitteeFacts, f"{_COMMITTEE} WHERE c.id = $1", committee)
    if found is None or not me.works_for(found.programme):
        raise NotFound
    if not sees_scores(me, found.programme, is_published=found.is_published):
        raise Refused
    return found


async def committee_of_seat(me: Person, seat: UUID) -> CommitteeFacts:
    """The committee of a seat, for its manager (same refusals as `committee_for_manager`)."""
    found = await row(_Of, "SELECT committee FROM seat WHERE id = $1", seat)
    if found is None:
        raise NotFound
    return await committee_for_manager(me, found.committee)


class _Of(msgspec.Struct, frozen=True):
    committee: UUID


def sees_scores(me: Person, programme: UUID, *, is_published: bool) -> bool:
    """The manager always; an instructor after the decisions; nobody else of the staff (domain, 5.5)."""
    return me.manages(programme) or (is_published and me.has("instructor", programme))


async def call_to_compose(me: Person, code: str) -> CallFacts:
    """The call whose committee one composes. Raises `NotFound`, or `Refused` for staff who do not manage it."""
    found = await row(
        CallFacts,
        "SELECT k.id, k.code, k.title, k.programme, c.id FROM call k LEFT JOIN committee c ON c.call = k.id"
        " WHERE k.code = $1 ORDER BY c.created_at LIMIT 1",
        code,
    )
    if found is None or not me.works_for(found.programme):
        raise NotFound
    if not me.manages(found.programme):
        raise Refused
    return found


async def committee_desk(me: Person, committee: UUID) -> CommitteeDesk:
    """What the manager sees of a committee: seats by college and name, admissible applications by name."""
    facts = await committee_for_manager(me, committee)
    admissible = await rows(
        AdmissibleLine,
        "SELECT a.id, a.filed_name, m.name FROM application a LEFT JOIN commune m ON m.insee_code = a.filed_commune"
        " WHERE a.call = $1 AND a.state = 'admissible' AND NOT EXISTS (SELECT FROM presentation p WHERE p.application = a.id)"
        " ORDER BY a.filed_name, a.id LIMIT $2",
        facts.call, ADMISSIBLE_MAX,
    )  # fmt: skip
    presented = await row(_Count, "SELECT count(*) FROM presentation WHERE committee = $1", committee)
    return CommitteeDesk(facts, await seats_of(committee), admissible, presented.count if presented else 0)


class _Count(msgspec.Struct, frozen=True):
    count: int


async def seats_of(committee: UUID) -> list[SeatLine]:
    """The seats of a committee, by college and name, those that ended last."""
    return await rows(
        SeatLine,
        "SELECT s.id, a.name, a.email, s.college, s.is_voting, s.given_at, s.ended_at, u.signed_at,"
        " (SELECT count(*) FROM declaration d WHERE d.seat = s.id AND d.has_interest),"
        " (SELECT count(*) FROM assessment x WHERE x.seat = s.id AND x.state = 'handed_in')"
        " FROM seat s JOIN account a ON a.id = s.account LEFT JOIN undertaking u ON u.seat = s.id"
        " WHERE s.committee = $1 ORDER BY s.ended_at IS NOT NULL, s.is_voting DESC, s.college, a.name, s.id LIMIT $2",
        committee, SEATS_MAX,
    )  # fmt: skip
