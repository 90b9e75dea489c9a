"""Each week the clock proposes what has been kept long enough; staff confirm; the worker carries out (R55). Holds win."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from incubator.core.database import column, execute, row, transaction
from incubator.core.errors import Conflict
from incubator.core.ids import new_id
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.privacy.actions.erasing import forget_person
from incubator.privacy.actions.forgetting import (
    empty_application,
    empty_committee,
    empty_whole_project,
    forget_draft,
    forget_notes,
)
from incubator.privacy.actions.prospects import forget_prospect
from incubator.privacy.queries.cases import managed
from incubator.privacy.queries.due import due
from incubator.privacy.queries.retention import months_of
from incubator.privacy.rules.keeping import LIVES, Keep, passed_before

KEPT_FOR = timedelta(days=365)
CARRIED_OUT_A_TURN = 50

Erase = Callable[..., Awaitable[None]]
ERASERS: Mapping[Keep, Erase] = {
    Keep.PROSPECT: forget_prospect,
    Keep.DRAFT: forget_draft,
    Keep.REFUSED: empty_application,
    Keep.VOTES: empty_committee,
    Keep.SUPPORTED: empty_whole_project,
    Keep.NOTES: forget_notes,
    Keep.ACCOUNT: forget_person,
}


async def propose(*, at: datetime) -> int:
    """Propose what is due and is not proposed already, nor was kept on purpose within a year; how many lines."""
    made = 0
    programmes = await column("SELECT id FROM programme ORDER BY id")
    for programme in programmes:
        months = await months_of(programme)
        for keep, life in LIVES.items():
            if life.is_proposed and keep is not Keep.ACCOUNT:
                made += await _propose(keep, programme, passed_before(at, months[keep]), at)
    return made + await _propose(Keep.ACCOUNT, None, passed_before(at, LIVES[Keep.ACCOUNT].months), at)


async def _propose(keep: Keep, programme: UUID | None, before: datetime, at: datetime) -> int:
    found = await due(keep, programme, before)
    return await execute(
        "INSERT INTO retention_line (id, programme, keep, subject, since, proposed_at, state)"
        " SELECT n.id, $1, $2, n.subject, n.since, $3, 'proposed' FROM unnest($4::uuid[], $5::uuid[], $6::timestamptz[])"
        " AS n (id, subject, since) WHERE NOT EXISTS (SELECT FROM retention_line l WHERE l.keep = $2 AND l.subject = n.subject"
        " AND (l.state IN ('proposed', 'confirmed') OR (l.state = 'kept' AND l.decided_at > $7)))"
        " ON CONFLICT (keep, subject) WHERE state IN ('proposed', 'confirmed') DO NOTHING",
        programme, keep.value, at, [new_id() for _one in found], [one.subject for one in found], [one.since for one in found],
        at - KEPT_FOR,
    )  # fmt: skip


async def decide(lines: list[UUID], *, confirmed: bool, by: Person, at: datetime) -> int:
    """Confirm these proposals, or keep them a year more; how many. Raises `Conflict` when none is left to decide."""
    async with transaction():
        state = "confirmed" if confirmed else "kept"
        decided = await column(
            "UPDATE retention_line SET state = $1, decided_at = $2, decided_by = $3 WHERE id = ANY($4) AND state = 'proposed'"
            " AND (programme = ANY($5) OR (programme IS NULL AND cardinality($5::uuid[]) > 0)) RETURNING subject",
            state, at, by.id, lines, managed(by),
        )  # fmt: skip
        if not decided:
            raise Conflict(_("Aucune de ces propositions n’attend plus de réponse."))
        for subject in decided:
            await record(f"retention.{state}", subject, by=by.id, at=at)
        return len(decided)


class _Line(msgspec.Struct, frozen=True):
    id: UUID
    programme: UUID | None
    keep: str
    subject: UUID
    decided_by: UUID


async def carry_out(*, at: datetime) -> int:
    """Erase or anonymise what was confirmed, each in a transaction of its own; how many. Killed half-way, it goes on later."""
    done = 0
    while done < CARRIED_OUT_A_TURN and await _carry_out_one(at):
        done += 1
    return done


async def _carry_out_one(at: datetime) -> bool:
    async with transaction():
        line = await row(
            _Line,
            "SELECT id, programme, keep, subject, decided_by FROM retention_line WHERE state = 'confirmed'"
            " ORDER BY decided_at, id LIMIT 1 FOR UPDATE SKIP LOCKED",
        )
        if line is None:
            return False
        keep = Keep(line.keep)
        months = (await months_of(line.programme))[keep] if line.programme else LIVES[keep].months
        if await due(keep, line.programme, passed_before(at, months), only=line.subject):
            await ERASERS[keep](line.subject, by=line.decided_by, at=at)
            await record("retention.carried_out", line.subject, by=line.decided_by, at=at, data={"class": keep.value})
            await execute("UPDATE retention_line SET state = 'done', done_at = $2 WHERE id = $1", line.id, at)
        else:  # held, or used again since: proposed anew when its time comes
            await execute("DELETE FROM retention_line WHERE id = $1", line.id)
        return True
