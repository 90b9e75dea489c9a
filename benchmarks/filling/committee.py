"""The committee: twelve members, every application presented, three assessments of twelve scores each handed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from benchmarks.filling.applications import CHUNK, FilledCall
from benchmarks.filling.people import COLLEGES, People
from benchmarks.filling.rows import Filling, copy
from incubator.core.ids import new_id

VOICES = 3
THOUSANDTH = Decimal("0.001")

PRESENT = """
WITH mark AS (
    SELECT x.presentation, k.code, k.weight, k.block, k.is_knock_out, k.position, o.value
    FROM score o JOIN assessment x ON x.id = o.assessment JOIN criterion k ON k.id = o.criterion WHERE o.value IS NOT NULL
), by_criterion AS (
    SELECT presentation, code, weight, block, is_knock_out, count(*) AS count, round(avg(value), 3) AS mean, min(value) AS low,
        max(value) AS high, round(stddev_pop(value), 3) AS deviation, min(position) AS position
    FROM mark GROUP BY presentation, code, weight, block, is_knock_out
), criteria AS (
    SELECT presentation,
        jsonb_object_agg(code, jsonb_build_object('count', count, 'mean', mean::text, 'low', low, 'high', high,
            'deviation', deviation::text)) AS criteria,
        COALESCE(round(sum(weight * mean) FILTER (WHERE is_knock_out) / sum(weight) FILTER (WHERE is_knock_out), 3), 0)
            AS knock_out_mean,
        COALESCE(round(sum(weight * mean) FILTER (WHERE block = $2) / sum(weight) FILTER (WHERE block = $2), 3), 0)
            AS first_block_mean,
        COALESCE(array_agg('blocking:' || code ORDER BY position) FILTER (WHERE is_knock_out AND mean < 2), '{}') AS blocking,
        bool_or(high - low >= 3) AS is_wide
    FROM by_criterion GROUP BY presentation
), totals AS (
    SELECT presentation, count(total) AS voices, round(avg(total), 3) AS mean, round((percentile_cont(0.5)
        WITHIN GROUP (ORDER BY total))::numeric, 3) AS median, min(total) AS low, max(total) AS high,
        round(stddev_pop(total), 3) AS deviation
    FROM assessment GROUP BY presentation
)
INSERT INTO presentation (id, committee, application, presented_at, presented_by, assessments_count, mean, median, low, high,
    deviation, knock_out_mean, first_block_mean, flags, criteria)
SELECT d.id, $1, d.application, d.presented_at, d.presented_by, t.voices, t.mean, t.median, t.low, t.high, t.deviation,
    c.knock_out_mean, c.first_block_mean,
    c.blocking || CASE WHEN c.is_wide OR t.deviation >= 16 THEN '{to_debate}'::text[] ELSE '{}' END, c.criteria
FROM presented d JOIN totals t ON t.presentation = d.id JOIN criteria c ON c.presentation = d.id ORDER BY d.id
"""


async def fill_committee(filling: Filling, people: People, call: FilledCall) -> UUID:
    """The committee's id. Everyone has signed, and declared no interest in anything."""
    connection, at, committee = filling.connection, filling.at, new_id()
    await copy(
        connection,
        "committee",
        "id call name created_at created_by",
        [(committee, call.id, "Comité de sélection", at, people.manager)],
    )
    seats = [new_id() for _member in people.members]
    sitting = zip(seats, people.members, strict=True)
    await copy(
        connection,
        "seat",
        "id committee account college is_voting given_at",
        (
            (seat, committee, member, COLLEGES[number % len(COLLEGES)].value, True, at)
            for number, (seat, member) in enumerate(sitting)
        ),
    )
    await copy(connection, "undertaking", "id seat signed_at text_hash", ((new_id(), seat, at, "banc") for seat in seats))
    await connection.execute(
        "CREATE TEMP TABLE presented (id uuid, application uuid, presented_at timestamptz, presented_by uuid)"
    )
    presentations = [new_id() for _application in call.applications]
    for start in range(0, len(presentations), CHUNK):
        await _fill_assessments(filling, people, call, seats, presentations, start)
    first_block = await connection.fetchval(
        "SELECT block FROM criterion WHERE grid = $1 ORDER BY position LIMIT 1", filling.reference.grid
    )
    await connection.execute("ANALYZE score, assessment, criterion, presented")
    await connection.execute(PRESENT, committee, first_block)
    await connection.execute("DROP TABLE presented")
    return committee


async def _fill_assessments(
    filling: Filling, people: People, call: FilledCall, seats: list[UUID], presentations: list[UUID], start: int
) -> None:
    connection, at = filling.connection, filling.at
    chosen = presentations[start : start + CHUNK]
    pairs = zip(chosen, call.applications[start : start + CHUNK], strict=True)
    await copy(
        connection,
        "presented",
        "id application presented_at presented_by",
        ((presentation, application, at, people.manager) for presentation, application in pairs),
    )
    await copy(
        connection,
        "declaration",
        "id seat presentation has_interest declared_at",
        ((new_id(), seat, presentation, False, at) for presentation in chosen for seat in seats),
    )
    assessments: list[tuple[Any, ...]] = []
    scores: list[tuple[object, ...]] = []
    for number, presentation in enumerate(chosen, start):
        for voice in range(VOICES):
            assessment, marks = new_id(), _marks(filling)
            seat = seats[(number + voice) % len(seats)]
            total = _total(filling, marks)
            handed_in = at + timedelta(minutes=number % 1000)
            assessments.append((assessment, seat, presentation, "handed_in", "", total, at, handed_in, 2))
            scores += _scores(filling, assessment, marks)
    await copy(connection, "assessment", "id seat presentation state comment total saved_at handed_in_at version", assessments)
    await copy(connection, "score", "id assessment criterion value comment", scores)
    await copy(
        connection,
        "journal_entry",
        "verb subject by at",
        (("assessment.handed_in", row[0], people.members[seats.index(row[1])], row[7]) for row in assessments),
    )


def _marks(filling: Filling) -> list[int]:
    taste = filling.chance.choice((2, 3, 3, 4))
    return [max(1, min(5, taste + filling.chance.randint(-1, 1))) for _criterion in filling.reference.criteria]


def _total(filling: Filling, marks: list[int]) -> Decimal:
    weighted = sum(criterion.weight * mark for criterion, mark in zip(filling.reference.criteria, marks, strict=True))
    weight = sum(criterion.weight for criterion in filling.reference.criteria)
    return (Decimal(20 * weighted) / weight).quantize(THOUSANDTH, ROUND_HALF_UP)


def _scores(filling: Filling, assessment: UUID, marks: list[int]) -> Iterator[tuple[object, ...]]:
    for criterion, mark in zip(filling.reference.criteria, marks, strict=True):
        yield (new_id(), assessment, criterion.id, mark, "")
