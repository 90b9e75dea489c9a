"""The queue of a call: what was deposited, first deposited first, with its age and who handles it. Drafts are only counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from incubator.applications.queries.dossiers import FREE_OF_INTEREST, READABLE
from incubator.applications.tables import ApplicationState
from incubator.calls.queries import CallView, call_by_code
from incubator.core.clock import local_date
from incubator.core.database import rows
from incubator.core.errors import NotFound
from incubator.core.paging import SIZE, Page, counted, cut, read_cursor
from incubator.people.queries import Person


class Handled(StrEnum):
    """Whose applications one looks at. To take: nobody’s, and still to be ruled on."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    TO_TAKE = "to_take"


_TO_TAKE = "a.instructor IS NULL AND a.state IN ('deposited', 'complement_requested')"
_HANDLED = {
    None: "",
    Handled.MINE: " AND a.instructor = $1",
    Handled.UNASSIGNED: " AND a.instructor IS NULL",
    Handled.TO_TAKE: f" AND {_TO_TAKE}",
}


class QueueLine(msgspec.Struct, frozen=True):
    """An application in the queue. `shown`: its state as it is told; `age_days`: since its first deposit.

    `is_late`: deposited after the closing, by derogation.
    """

    id: UUID
    project: UUID
    project_name: str
    commune: str | None
    departement: str | None
    phase: str | None
    state: str
    deposited_at: datetime
    complement_due_at: datetime | None
    instructor: UUID | None
    instructor_name: str | None
    is_late: bool
    shown: str
    age_days: int = 0


class Queue(msgspec.Struct, frozen=True):
    """The applications of a call, first deposited first, how many are in each state, and how many are to take.

    Of those one may open (R10, K06, R55); 100 stands for any number above 99.
    """

    call: CallView
    counts: dict[str, int]
    unassigned_count: int
    page: Page[QueueLine]


class _Count(msgspec.Struct, frozen=True):
    state: str
    count: int


_OPEN = f" FROM application a JOIN call c ON c.id = a.call WHERE a.call = $2 AND {FREE_OF_INTEREST} AND {READABLE}"
# Each state by its name, so that the planner knows how rare it is and reads a rare one by its index. As the list, nothing
# but drafts of what was never deposited.
_CONDITIONS = {
    state.value: f"a.state = '{state}'" + ("" if state is ApplicationState.DRAFT else " AND a.deposited_at IS NOT NULL")
    for state in ApplicationState
} | {"": _TO_TAKE}
_COUNTS = " UNION ALL ".join(
    f"SELECT '{key}', {counted(f'{_OPEN} AND {condition}')}" for key, condition in sorted(_CONDITIONS.items())
)


_SHOWN = (
    "CASE WHEN a.state = 'complement_requested' AND q.due_at < $8 THEN 'complement_overdue'"
    " WHEN a.state = 'deposited' AND (SELECT true FROM complement_request x WHERE x.application = a.id"
    " AND x.answered_at IS NOT NULL LIMIT 1) THEN 'complement_received' ELSE a.state END"
)


async def queue_of(
    me: Person,
    call_code: str,
    *,
    at: datetime,
    state: str | None = None,
    days: int | None = None,
    handled: Handled | None = None,
    after: str | None = None,
) -> Queue:
    """Fifty a page; `state`: in that state alone; `days`: deposited at least so many days ago. Raises `NotFound`."""
    call = await call_by_code(call_code)
    if not me.works_for(call.programme):
        raise NotFound
    counts = {one.state: one.count for one in await rows(_Count, _COUNTS, me.id, call.id)}
    key = read_cursor(after, tuple[datetime, UUID]) or (None, None)
    before = at - timedelta(days=days) if days else None
    found = await rows(
        QueueLine,
        "SELECT a.id, a.project, a.filed_name, m.name, d.name, h.name, a.state, a.deposited_at, q.due_at, a.instructor, i.name,"
        f" a.deposited_at >= c.closes_at, {_SHOWN}"
        " FROM application a JOIN call c ON c.id = a.call LEFT JOIN commune m ON m.insee_code = a.filed_commune"
        " LEFT JOIN departement d ON d.code = m.departement LEFT JOIN phase h ON h.id = a.phase"
        " LEFT JOIN account i ON i.id = a.instructor"
        " LEFT JOIN complement_request q ON q.application = a.id AND q.answered_at IS NULL"
        f" WHERE a.call = $7 AND a.deposited_at IS NOT NULL AND {FREE_OF_INTEREST} AND {READABLE}"
        " AND ($2::text IS NULL OR a.state = $2)"
        " AND ($3::timestamptz IS NULL OR a.deposited_at <= $3)"
        f" AND ($4::timestamptz IS NULL OR (a.deposited_at, a.id) > ($4, $5::uuid)){_HANDLED[handled]}"
        " ORDER BY a.deposited_at, a.id LIMIT $6",
        me.id, state or None, before, *key, SIZE + 1, call.id, at,
    )  # fmt: skip
    aged = [msgspec.structs.replace(one, age_days=(local_date(at) - local_date(one.deposited_at)).days) for one in found]
    return Queue(
        call=call,
        counts={one: count for one, count in counts.items() if one and count},
        unassigned_count=counts[""],
        page=cut(aged, lambda line: (line.deposited_at, line.id)),
    )
