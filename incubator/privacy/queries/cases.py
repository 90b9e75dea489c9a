"""Requests about personal data: one's own, and those a manager answers."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from incubator.core.database import execute, row, rows
from incubator.core.errors import NotFound
from incubator.people.queries import Person
from incubator.privacy.rules.requests import Ties
from incubator.privacy.tables import RequestKind, RequestState

LIMIT = 100


def in_reach(programmes: str) -> str:
    """SQL: this request (`q`) is for the managers of these programmes. Someone tied to none is answered by any manager."""
    return (
        "(EXISTS (SELECT FROM team_member m JOIN project p ON p.id = m.project WHERE m.account = q.account"
        f" AND p.programme = ANY({programmes}))"
        f" OR EXISTS (SELECT FROM role_assignment r WHERE r.account = q.account AND r.programme = ANY({programmes}))"
        " OR EXISTS (SELECT FROM seat s JOIN committee k ON k.id = s.committee JOIN call c ON c.id = k.call"
        f" WHERE s.account = q.account AND c.programme = ANY({programmes}))"
        " OR NOT EXISTS (SELECT FROM team_member m WHERE m.account = q.account UNION ALL SELECT FROM role_assignment r"
        " WHERE r.account = q.account UNION ALL SELECT FROM seat s WHERE s.account = q.account))"
    )


class Case(msgspec.Struct, frozen=True):
    """A request and who made it."""

    id: UUID
    account: UUID
    name: str
    email: str
    language: str
    kind: RequestKind
    text: str
    state: RequestState
    asked_at: datetime
    due_on: date
    answer: str
    answered_at: datetime | None
    limited_at: datetime | None


_CASE = (
    "SELECT q.id, q.account, a.name, a.email, a.language, q.kind, q.text, q.state, q.asked_at, q.due_on, q.answer, q.answered_at,"
    " a.limited_at FROM data_request q JOIN account a ON a.id = q.account"
)


def managed(me: Person) -> list[UUID]:
    """The programmes one manages."""
    return [held.programme for held in me.roles if me.manages(held.programme)]


async def own_requests(me: Person) -> list[Case]:
    """One's own requests, latest first."""
    return [_typed(one) for one in await rows(Case, f"{_CASE} WHERE q.account = $1 ORDER BY q.asked_at DESC LIMIT 20", me.id)]


async def cases(me: Person) -> list[Case]:
    """What a manager has to answer, the most pressing first, then what was answered lately."""
    if not (programmes := managed(me)):
        raise NotFound
    found = await rows(
        Case, f"{_CASE} WHERE {in_reach('$1')} ORDER BY q.answered_at IS NOT NULL, q.due_on, q.id LIMIT $2", programmes, LIMIT
    )
    return [_typed(one) for one in found]


async def case_for(me: Person, request_id: UUID, *, lock: bool = False) -> Case:
    """One request within a manager's reach. Raises `NotFound`."""
    if not (programmes := managed(me)):
        raise NotFound
    if lock:
        await execute("SELECT FROM data_request WHERE id = $1 FOR UPDATE", request_id)
    found = await row(Case, f"{_CASE} WHERE {in_reach('$1')} AND q.id = $2", programmes, request_id)
    if found is None:
        raise NotFound
    return _typed(found)


def _typed(case: Case) -> Case:
    return msgspec.structs.replace(case, kind=RequestKind(case.kind), state=RequestState(case.state))


# What a hold may have been placed on that keeps this person: themselves, what they wrote with a team or noted of one, those they
# wrote it with, what they sat in.
_AROUND = (
    "SELECT $1::uuid UNION SELECT unnest(ARRAY[p.id, p.programme]) FROM team_member m JOIN project p ON p.id = m.project"
    " WHERE m.account = $1 UNION SELECT unnest(ARRAY[a.id, a.call, o.committee]) FROM team_member m JOIN application a"
    " ON a.project = m.project LEFT JOIN presentation o ON o.application = a.id WHERE m.account = $1"
    " UNION SELECT unnest(ARRAY[p.id, p.programme]) FROM private_note n JOIN support_session s ON s.id = n.session"
    " JOIN project p ON p.id = s.project WHERE n.author = $1"
    " UNION SELECT unnest(ARRAY[k.id, c.id, c.programme]) FROM seat s JOIN committee k ON k.id = s.committee"
    " JOIN call c ON c.id = k.call WHERE s.account = $1"
    " UNION SELECT o.account FROM team_member m JOIN team_member o ON o.project = m.project WHERE m.account = $1"
)


async def ties_of(account: UUID) -> Ties:
    """What still needs this person."""
    found = await row(
        Ties,
        f"SELECT EXISTS (SELECT FROM hold h WHERE h.lifted_at IS NULL AND h.subject IN ({_AROUND})),"
        " EXISTS (SELECT FROM role_assignment r WHERE r.account = $1),"
        " EXISTS (SELECT FROM seat s WHERE s.account = $1 AND s.ended_at IS NULL AND NOT EXISTS (SELECT FROM publication b"
        " WHERE b.committee = s.committee)),"
        " EXISTS (SELECT FROM team_member m JOIN enrolment e ON e.project = m.project WHERE m.account = $1 AND m.left_at IS NULL"
        " AND e.ended_on IS NULL),"
        " EXISTS (SELECT FROM team_member m JOIN application a ON a.project = m.project WHERE m.account = $1"
        " AND m.left_at IS NULL AND a.state IN ('deposited', 'complement_requested', 'admissible')"
        " AND NOT EXISTS (SELECT FROM presentation o"
        " JOIN publication b ON b.committee = o.committee WHERE o.application = a.id)),"
        " EXISTS (SELECT FROM team_member m WHERE m.account = $1 AND m.role = 'depositor' AND m.left_at IS NULL"
        " AND EXISTS (SELECT FROM team_member o WHERE o.project = m.project AND o.account <> $1 AND o.left_at IS NULL))",
        account,
    )
    assert found is not None
    return found
