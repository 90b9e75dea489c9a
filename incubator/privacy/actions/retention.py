"""Each week the clock proposes what has been kept long enough; staff confirm; the worker carries out (R55). Holds win."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import structlog

from incubator.core.database import column, execute, row, rows, transaction
from incubator.core.errors import Conflict
from incubator.core.failures import DATABASE_AWAY
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

log = structlog.get_logger("incubator.worker")
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


class _Line(msgspec.Struct, frozen=True):
    id: UUID
    programme: UUID | None
    keep: str
    subject: UUID
    decided_by: UUID | None


_LINE = "SELECT id, programme, keep, subject, decided_by FROM retention_line"


async def propose(*, at: datetime) -> int:
    """Propose what is due and is not proposed already, nor was kept on purpose within a year; how many lines.

    What was proposed before and is held since, or used again, is proposed no more.
    """
    made = 0
    async with transaction():
        await _withdraw_stale(await rows(_Line, f"{_LINE} WHERE state = 'proposed' ORDER BY id FOR UPDATE"), at)
    programmes = await column("SELECT id FROM programme ORDER BY id")
    for programme in programmes:
        for keep, life in LIVES.items():
            if life.is_proposed and keep is not Keep.ACCOUNT:
                made += await _propose(keep, programme, at)
    return made + await _propose(Keep.ACCOUNT, None, at)


async def _propose(keep: Keep, programme: UUID | None, at: datetime) -> int:
    found = await due(keep, programme, await _before(keep, programme, at), kept_since=at - KEPT_FOR)
    return await execute(
        "INSERT INTO retention_line (id, programme, keep, subject, since, proposed_at, state)"
        " SELECT n.id, $1, $2, n.subject, n.since, $3, 'proposed' FROM unnest($4::uuid[], $5::uuid[], $6::timestamptz[])"
        " AS n (id, subject, since) ON CONFLICT (keep, subject) WHERE state IN ('proposed', 'confirmed') DO NOTHING",
        programme, keep.value, at, [new_id() for _one in found], [one.subject for one in found], [one.since for one in found],
    )  # fmt: skip


async def decide(lines: list[UUID], *, confirmed: bool, by: Person, at: datetime) -> int:
    """Confirm these proposals, or keep them a year more; how many. Raises `Conflict` when none is left to decide.

    What is held since it was proposed, or used again, is not confirmed: its proposal is withdrawn.
    """
    async with transaction():
        waiting = await rows(
            _Line,
            f"{_LINE} WHERE id = ANY($1) AND state = 'proposed' AND (programme = ANY($2) OR (programme IS NULL"
            " AND cardinality($2::uuid[]) > 0)) ORDER BY id FOR UPDATE",
            lines, managed(by),
        )  # fmt: skip
        if not waiting:
            raise Conflict(_("Aucune de ces propositions n’attend plus de réponse."))
        still = await _withdraw_stale(waiting, at) if confirmed else waiting
        state = "confirmed" if confirmed else "kept"
        await execute(
            "UPDATE retention_line SET state = $1, decided_at = $2, decided_by = $3 WHERE id = ANY($4)",
            state, at, by.id, [line.id for line in still],
        )  # fmt: skip
        for line in still:
            await record(f"retention.{state}", line.subject, by=by.id, at=at)
        return len(still)


async def _withdraw_stale(lines: list[_Line], at: datetime) -> list[_Line]:
    """Withdraw the proposals whose thing is no longer due; those that stand."""
    standing: set[UUID] = set()
    for keep, programme in sorted({(line.keep, line.programme) for line in lines}, key=str):
        asked = {line.subject: line.id for line in lines if (line.keep, line.programme) == (keep, programme)}
        found = await due(Keep(keep), programme, await _before(Keep(keep), programme, at), among=list(asked))
        standing |= {asked[one.subject] for one in found}
    await execute("DELETE FROM retention_line WHERE id = ANY($1)", [line.id for line in lines if line.id not in standing])
    return [line for line in lines if line.id in standing]


async def _before(keep: Keep, programme: UUID | None, at: datetime) -> datetime:
    """Until when a class must have ended to have been kept long enough."""
    return passed_before(at, (await months_of(programme))[keep] if programme else LIVES[keep].months)


async def carry_out(*, at: datetime) -> int:
    """Erase or anonymise what was confirmed, each in a transaction of its own; how many. Killed half-way, it goes on later.

    What fails is tried again at the next turn, and stops nothing that comes after it.
    """
    done = 0
    for line in await column("SELECT id FROM retention_line WHERE state = 'confirmed' ORDER BY decided_at, id"):
        if done == CARRIED_OUT_A_TURN:
            break
        try:
            done += await _carry_out_one(line, at)
        except DATABASE_AWAY:
            raise
        except Exception:
            log.exception("erasure failed", line=str(line))
    return done


async def _carry_out_one(line_id: UUID, at: datetime) -> bool:
    async with transaction():
        line = await row(_Line, f"{_LINE} WHERE id = $1 AND state = 'confirmed' FOR UPDATE SKIP LOCKED", line_id)
        if line is None:
            return False
        if await _withdraw_stale([line], at):  # else held, or used again since: proposed anew when its time comes
            await ERASERS[Keep(line.keep)](line.subject, by=line.decided_by, at=at)
            await record("retention.carried_out", line.subject, by=line.decided_by, at=at, data={"class": line.keep})
            await execute("UPDATE retention_line SET state = 'done', done_at = $2 WHERE id = $1", line.id, at)
        return True
