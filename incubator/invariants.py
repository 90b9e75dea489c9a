"""What must always be true of the database, whoever wrote to it. Each query returns the rows that break its sentence."""

from __future__ import annotations

from uuid import UUID

import msgspec

from incubator.applications.rules.dossier import Content, content_hash
from incubator.core.database import column, rows

DEPOSITS_A_TIME = 500
INVARIANTS: dict[str, str] = {
    "places taken are the places accepted": (
        "SELECT c.id FROM capacity c WHERE c.taken_count <> (SELECT count(*) FROM place p WHERE p.cohort = c.cohort"
        " AND p.phase = c.phase AND p.state = 'accepted')"
    ),
    "places taken never exceed places": "SELECT id FROM capacity WHERE taken_count > places_count",
    "one voice a seat and application": ("SELECT seat FROM assessment GROUP BY seat, presentation HAVING count(*) > 1"),
    "no voice counts beside an interest": (
        "SELECT p.id FROM presentation p WHERE p.assessments_count <> (SELECT count(*) FROM assessment a"
        " WHERE a.presentation = p.id AND a.state = 'handed_in' AND a.total IS NOT NULL AND NOT EXISTS (SELECT FROM declaration d"
        " WHERE d.seat = a.seat AND d.presentation = a.presentation AND d.has_interest))"
    ),
    "every decision has its reasons": (
        "SELECT d.id FROM decision d WHERE NOT EXISTS (SELECT FROM decision_reason r WHERE r.decision = d.id)"
    ),
    "what is deposited has a deposit": (
        "SELECT a.id FROM application a WHERE a.state NOT IN ('draft', 'withdrawn')"
        " AND NOT EXISTS (SELECT FROM deposit d WHERE d.application = a.id)"
    ),
    "what is pronounced has its ruling": (
        "SELECT a.id FROM application a WHERE a.state IN ('admissible', 'inadmissible')"
        " AND NOT EXISTS (SELECT FROM ruling r WHERE r.application = a.id)"
    ),
    "only the admissible stand before a committee": (
        "SELECT p.id FROM presentation p JOIN application a ON a.id = p.application"
        " WHERE a.state NOT IN ('admissible', 'withdrawn')"
    ),
    "a place comes from a published decision": (
        "SELECT p.id FROM place p JOIN decision d ON d.id = p.decision JOIN presentation s ON s.id = d.presentation"
        " WHERE d.outcome NOT IN ('retained', 'waiting_list')"
        " OR NOT EXISTS (SELECT FROM publication b WHERE b.committee = s.committee)"
    ),
    "only who accepted a place is enrolled": (
        "SELECT e.id FROM enrolment e JOIN place p ON p.id = e.place WHERE p.state <> 'accepted' AND e.state <> 'stopped'"
    ),
    "the weights of a grid sum to 100": (
        "SELECT g.id FROM grid g WHERE g.published_at IS NOT NULL"
        " AND (SELECT sum(weight) FROM criterion c WHERE c.grid = g.id) <> 100"
    ),
    "the last revision of an answer is the answer": (
        "SELECT w.id FROM answer w WHERE NOT EXISTS (SELECT FROM answer_revision r WHERE r.application = w.application"
        " AND r.question = w.question AND r.version = w.version AND r.value = w.value)"
    ),
    "every deposit is in the journal": (
        "SELECT d.id FROM deposit d WHERE NOT EXISTS (SELECT FROM journal_entry j"
        " WHERE j.subject = d.application AND j.verb IN ('application.deposited', 'complement.answered')"
        " AND j.data ->> 'number' = d.number AND j.data ->> 'hash' = d.content_hash)"
    ),
}


async def broken() -> list[str]:
    """One sentence for each invariant that does not hold, with the first rows that break it."""
    found = []
    for sentence, sql in INVARIANTS.items():
        wrong = await column(f"{sql} LIMIT 5")
        if wrong:
            found.append(f"not true: {sentence} ({', '.join(str(row) for row in wrong)})")
    return found + [f"not true: what was deposited is what its receipt says ({number})" for number in await _torn_receipts()]


class _Deposit(msgspec.Struct, frozen=True):
    id: UUID
    number: str
    content_hash: str
    content: Content


async def _torn_receipts() -> list[str]:
    """Numbers of the receipts whose hash is no longer that of the content beside it (R4)."""
    torn: list[str] = []
    read: list[_Deposit] = []
    while not torn:
        read = await rows(
            _Deposit,
            "SELECT id, number, content_hash, content::text FROM deposit WHERE ($1::uuid IS NULL OR id > $1)"
            " AND anonymised_at IS NULL ORDER BY id LIMIT $2",
            read[-1].id if read else None,
            DEPOSITS_A_TIME,
        )
        torn += [one.number for one in read if content_hash(one.content) != one.content_hash]
        if len(read) < DEPOSITS_A_TIME:
            break
    return torn[:5]
