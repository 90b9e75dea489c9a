"""The ranking: kept figures read through an index, never recomputed. It informs; the committee decides."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import msgspec

from incubator.core.database import row, rows
from incubator.core.paging import SIZE, Page, cut, read_cursor
from incubator.people.queries import Person
from incubator.selection.queries.committees import CommitteeFacts, committee_with_scores

UNDECIDED_TOLD_MAX = 6
_INTEREST = (
    "EXISTS (SELECT FROM seat s JOIN declaration d ON d.seat = s.id AND d.presentation = p.id AND d.has_interest"
    " WHERE s.account = $3)"
)

# The first few names are read in order and the reader's interests are few: neither looks at every application.
_UNDONE = (
    " FROM presentation p JOIN application a ON a.id = p.application AND a.state = 'admissible'"
    " WHERE p.committee = $1"
    " AND NOT EXISTS (SELECT FROM decision e WHERE e.presentation = p.id)"
)


class Key(msgspec.Struct, frozen=True, array_like=True):
    """Where a page of the ranking ends; `position` is the last one told."""

    mean: Decimal
    knock_out_mean: Decimal
    first_block_mean: Decimal
    presentation: UUID
    position: int


class RankingLine(msgspec.Struct, frozen=True):
    """An application in the ranking. Figures out of 100, null while no voice counts; `voices_count` is how many do."""

    position: int
    application: UUID
    project: UUID
    name: str
    commune: str | None
    phase: str | None
    state: str
    voices_count: int
    mean: Decimal | None
    median: Decimal | None
    low: Decimal | None
    high: Decimal | None
    deviation: Decimal | None
    flags: list[str]
    outcome: str | None
    decided_phase: str | None
    waiting_rank: int | None


class PhasePlaces(msgspec.Struct, frozen=True):
    """The places of an entry phase, and how many projects are retained or waiting for it (R26)."""

    code: str
    name: str
    places_count: int
    retained_count: int
    waiting_count: int

    @property
    def overshoot(self) -> int:
        """By how many the retained exceed the places."""
        return max(0, self.retained_count - self.places_count)


class Ranking(msgspec.Struct, frozen=True):
    """A committee's ranking, fifty a page."""

    committee: CommitteeFacts
    lines: Page[RankingLine]


class _Row(msgspec.Struct, frozen=True):
    presentation: UUID
    application: UUID
    project: UUID
    name: str
    commune: str | None
    phase: str | None
    state: str
    voices_count: int
    mean: Decimal
    median: Decimal
    low: Decimal
    high: Decimal
    deviation: Decimal
    knock_out_mean: Decimal
    first_block_mean: Decimal
    flags: list[str]
    outcome: str | None
    decided_phase: str | None
    waiting_rank: int | None


# The page is cut first, by the index, with a limit the planner can read: the joins then cost the same whatever the
# committee's size, and the plan is kept from one request to the next.
_PAGE = (
    "WITH page AS MATERIALIZED (SELECT p.* FROM presentation p WHERE p.committee = $1 AND NOT EXISTS (SELECT FROM seat s"
    " JOIN declaration d ON d.seat = s.id AND d.presentation = p.id AND d.has_interest"
    " WHERE s.committee = $1 AND s.account = $2){after} ORDER BY {order} LIMIT {limit})"
    " SELECT p.id, a.id, a.project, a.filed_name, m.name, f.name, a.state, p.assessments_count, p.mean, p.median, p.low, p.high,"
    " p.deviation, p.knock_out_mean, p.first_block_mean, to_json(p.flags)::text, e.outcome, q.name, e.waiting_rank"
    " FROM page p JOIN application a ON a.id = p.application"
    " LEFT JOIN commune m ON m.insee_code = a.filed_commune LEFT JOIN phase f ON f.id = a.phase"
    " LEFT JOIN decision e ON e.presentation = p.id LEFT JOIN phase q ON q.id = e.phase ORDER BY {order}"
)
_ORDER = "p.mean DESC, p.knock_out_mean DESC, p.first_block_mean DESC, p.id DESC"
_AFTER = " AND (p.mean, p.knock_out_mean, p.first_block_mean, p.id) < ($3, $4, $5, $6)"
_FIRST_PAGE = _PAGE.format(after="", order=_ORDER, limit=SIZE + 1)
_NEXT_PAGE = _PAGE.format(after=_AFTER, order=_ORDER, limit=SIZE + 1)


async def ranking(me: Person, committee: UUID, after: str | None) -> Ranking:
    """Applications by mean, then knock-out criteria, then the first block (R22), then a stable order.

    An application in which the reader declared an interest is not there (R10).
    """
    facts = await committee_with_scores(me, committee)
    key = read_cursor(after, Key)
    place = (key.mean, key.knock_out_mean, key.first_block_mean, key.presentation) if key else ()
    found = await rows(_Row, _NEXT_PAGE if key else _FIRST_PAGE, committee, me.id, *place)
    first = key.position + 1 if key else 1
    numbered = [(first + index, line) for index, line in enumerate(found)]
    page = cut(numbered, _key)
    return Ranking(facts, Page([_line(position, line) for position, line in page.items], page.next))


def _key(numbered: tuple[int, _Row]) -> Key:
    position, line = numbered
    return Key(line.mean, line.knock_out_mean, line.first_block_mean, line.presentation, position)


def _line(position: int, line: _Row) -> RankingLine:
    known = line.voices_count > 0
    return RankingLine(
        position=position,
        application=line.application,
        project=line.project,
        name=line.name,
        commune=line.commune,
        phase=line.phase,
        state=line.state,
        voices_count=line.voices_count,
        mean=line.mean if known else None,
        median=line.median if known else None,
        low=line.low if known else None,
        high=line.high if known else None,
        deviation=line.deviation if known else None,
        flags=line.flags,
        outcome=line.outcome,
        decided_phase=line.decided_phase,
        waiting_rank=line.waiting_rank,
    )


async def places_of(committee: CommitteeFacts) -> list[PhasePlaces]:
    """The entry phases of the call in order, with what was decided for each."""
    return await rows(
        PhasePlaces,
        "SELECT f.code, f.name, n.places_count, count(e.id) FILTER (WHERE e.outcome = 'retained'),"
        " count(e.id) FILTER (WHERE e.outcome = 'waiting_list')"
        " FROM entry_places n JOIN phase f ON f.id = n.phase"
        " LEFT JOIN (decision e JOIN presentation p ON p.id = e.presentation AND p.committee = $2) ON e.phase = f.id"
        " WHERE n.call = $1 GROUP BY f.id, f.code, f.name, f.position, n.places_count ORDER BY f.position LIMIT 20",
        committee.call, committee.id,
    )  # fmt: skip


class ToTell(msgspec.Struct, frozen=True):
    """How many teams a decision is for."""

    outcome: str
    teams_count: int


async def to_tell(committee: UUID) -> list[ToTell]:
    """Who is written to when the decisions are published, by decision."""
    return await rows(
        ToTell,
        "SELECT e.outcome, count(*)::int FROM presentation p"
        " JOIN application a ON a.id = p.application AND a.state = 'admissible'"
        " JOIN decision e ON e.presentation = p.id WHERE p.committee = $1 GROUP BY e.outcome ORDER BY e.outcome LIMIT 20",
        committee,
    )


class Undecided(msgspec.Struct, frozen=True):
    """Names of applications still in and without a decision (the first few), and whether any was presented at all.

    One in which the reader declared an interest is counted apart, without its name (R10).
    """

    names: list[str]
    unnamed_count: int
    is_any_presented: bool


async def undecided(committee: UUID, me: Person) -> Undecided:
    """What keeps the decisions from being published."""
    found = await row(
        Undecided,
        "SELECT COALESCE((SELECT json_agg(u.name) FROM (SELECT a.filed_name AS name"
        f"{_UNDONE} AND NOT {_INTEREST} ORDER BY p.id LIMIT $2) u),"
        f" '[]')::text, (SELECT count(*)::int{_UNDONE} AND p.id IN (SELECT d.presentation FROM seat s JOIN declaration d"
        " ON d.seat = s.id AND d.has_interest WHERE s.committee = $1 AND s.account = $3)),"
        " EXISTS (SELECT FROM presentation p WHERE p.committee = $1)",
        committee, UNDECIDED_TOLD_MAX, me.id,
    )  # fmt: skip
    return found or Undecided([], 0, False)
