"""How long a programme keeps what, and what waits for its manager's word."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import rows
from incubator.core.errors import NotFound
from incubator.people.queries import Person
from incubator.privacy.queries.cases import managed
from incubator.privacy.rules.keeping import LIVES, Keep

LINES_MAX = 200


class _Period(msgspec.Struct, frozen=True):
    keep: str
    months: int


async def months_of(programme: UUID) -> dict[Keep, int]:
    """How many months this programme keeps each class."""
    own = await rows(_Period, "SELECT keep, months_count FROM retention_period WHERE programme = $1 ORDER BY keep", programme)
    return {keep: life.months for keep, life in LIVES.items()} | {Keep(one.keep): one.months for one in own}


class Line(msgspec.Struct, frozen=True):
    """A proposal in words; `name` is read now, never kept with the proposal."""

    id: UUID
    keep: str
    name: str
    since: datetime
    proposed_at: datetime
    state: str


_NAMES = "COALESCE(p.name, pa.name || ' · ' || c.code, k.name, a.name, s.email, r.email, v.email, '')"


async def lines(me: Person) -> list[Line]:
    """What waits for a manager's word, and what was confirmed and is being carried out. Raises `NotFound` for others."""
    if not (programmes := managed(me)):
        raise NotFound
    return await rows(
        Line,
        f"SELECT l.id, l.keep, {_NAMES}, l.since, l.proposed_at, l.state FROM retention_line l"
        " LEFT JOIN project p ON p.id = l.subject LEFT JOIN application x ON x.id = l.subject"
        " LEFT JOIN project pa ON pa.id = x.project LEFT JOIN call c ON c.id = x.call"
        " LEFT JOIN committee k ON k.id = l.subject LEFT JOIN account a ON a.id = l.subject"
        " LEFT JOIN subscription s ON s.id = l.subject LEFT JOIN registration r ON r.id = l.subject"
        " LEFT JOIN self_test_result v ON v.id = l.subject"
        " WHERE l.state IN ('proposed', 'confirmed') AND (l.programme = ANY($1) OR l.programme IS NULL)"
        " ORDER BY l.keep, l.since, l.id LIMIT $2",
        programmes, LINES_MAX,
    )  # fmt: skip


class HoldLine(msgspec.Struct, frozen=True):
    """A hold that stands."""

    id: UUID
    programme: UUID
    subject: UUID
    name: str
    reason: str
    placed_by: str
    placed_at: datetime


async def holds(me: Person) -> list[HoldLine]:
    """The holds that stand in one's programmes, latest first."""
    return await rows(
        HoldLine,
        "SELECT h.id, h.programme, h.subject, COALESCE(p.name, pa.name || ' · ' || c.code, cl.title, k.name, a.name, ''),"
        " h.reason, b.name, h.placed_at FROM hold h JOIN account b ON b.id = h.placed_by"
        " LEFT JOIN project p ON p.id = h.subject LEFT JOIN application x ON x.id = h.subject"
        " LEFT JOIN project pa ON pa.id = x.project LEFT JOIN call c ON c.id = x.call LEFT JOIN call cl ON cl.id = h.subject"
        " LEFT JOIN committee k ON k.id = h.subject LEFT JOIN account a ON a.id = h.subject"
        " WHERE h.lifted_at IS NULL AND h.programme = ANY($1) ORDER BY h.placed_at DESC LIMIT $2",
        managed(me), LINES_MAX,
    )  # fmt: skip
