"""The worker's part: documents looked at by the scanner, one after the other. Killed at any instant, the next one goes on.

A document is claimed by moving the instant of its next try: no transaction is open while the scanner reads.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from incubator.core.database import execute, row, transaction
from incubator.core.errors import Unavailable
from incubator.documents.queries import DocumentView, document_of
from incubator.documents.rules import AWAY, LOST, NO_SCANNER, TOO_LARGE, next_try
from incubator.documents.scanning import ScannerAway, TooLarge, scan
from incubator.documents.storage import Kept, Lost
from incubator.documents.tables import DocumentState
from incubator.journal.actions import record
from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.people.queries import person

A_TIME = 50
CLAIM_LASTS = timedelta(minutes=3)
CLEAN, HELD, INFECTED = DocumentState.CLEAN, DocumentState.HELD, DocumentState.INFECTED
Tell = Callable[[DocumentView], Awaitable[None]]


class Claimed(msgspec.Struct, frozen=True):
    """A document to look at. `state` is what it was before."""

    id: UUID
    about: UUID
    key: str
    state: str
    attempts_count: int
    uploaded_by: UUID


async def scan_due(kept: Kept, scanner: str, *, demo: bool, at: datetime, tell: Tell) -> int:
    """Look at what is due; how many got an answer. `tell`: whom else to tell of what is dangerous, in the same transaction.

    Without a scanner the demo says that nothing was looked at; elsewhere everything is held until there is one.
    """
    if not scanner:
        return await (_show_unscanned() if demo else _hold_all(at))
    done = 0
    while done < A_TIME and (claimed := await _claim(at)):
        if not await _look(kept, scanner, claimed, at, tell):
            break
        done += 1
    if done:
        await execute("UPDATE document SET next_try_at = $1 WHERE state = 'held' AND reason = $2 AND next_try_at > $1", at, AWAY)
    return done


async def _show_unscanned() -> int:
    return await execute(
        "UPDATE document SET state = 'unscanned', next_try_at = NULL WHERE state IN ('received', 'held') AND removed_at IS NULL"
    )


async def _hold_all(at: datetime) -> int:
    sql = "UPDATE document SET state = 'held', reason = $2, next_try_at = $1 WHERE state = 'received' AND removed_at IS NULL"
    return await execute(sql, at, NO_SCANNER)


async def _claim(at: datetime) -> Claimed | None:
    return await row(
        Claimed,
        "UPDATE document d SET next_try_at = $2, attempts_count = d.attempts_count + 1 WHERE d.id = (SELECT o.id FROM document o"
        " WHERE o.next_try_at <= $1 AND o.removed_at IS NULL ORDER BY o.next_try_at, o.id LIMIT 1 FOR UPDATE SKIP LOCKED)"
        " RETURNING d.id, d.about, d.key, d.state, d.attempts_count, d.uploaded_by",
        at, at + CLAIM_LASTS,
    )  # fmt: skip


async def _look(kept: Kept, scanner: str, claimed: Claimed, at: datetime, tell: Tell) -> bool:
    """True when the scanner or the storage said something of this very document; False when asking others is vain."""
    try:
        found = await scan(scanner, kept.read(claimed.key))
    except (ScannerAway, Unavailable):
        await _settle(claimed, HELD, AWAY, at, next_try_at=next_try(claimed.attempts_count, at))
        return False
    except TooLarge:
        await _settle(claimed, HELD, TOO_LARGE, at)
    except Lost:
        await _settle(claimed, HELD, LOST, at)
    else:
        if found.signature:
            await _put_aside(claimed, found.signature, at, tell)
            await kept.erase(claimed.key)
        else:
            await _settle(claimed, CLEAN, "", at, scanned_at=at)
    return True


async def _settle(
    claimed: Claimed,
    state: DocumentState,
    reason: str,
    at: datetime,
    *,
    next_try_at: datetime | None = None,
    scanned_at: datetime | None = None,
) -> None:
    """Write down what is known. What was clean stays open when it cannot be looked at again just now."""
    if state is HELD and claimed.state == CLEAN.value:
        await execute("UPDATE document SET next_try_at = $2 WHERE id = $1", claimed.id, next_try_at)
        return
    async with transaction():
        changed = await execute(
            "UPDATE document SET state = $2, reason = $3, next_try_at = $4, scanned_at = COALESCE($5, scanned_at),"
            " attempts_count = CASE WHEN $4::timestamptz IS NULL THEN 0 ELSE attempts_count END"
            " WHERE id = $1 AND state <> 'infected'",
            claimed.id, state.value, reason, next_try_at, scanned_at,
        )  # fmt: skip
        if changed and (state.value != claimed.state):
            data = {"from": claimed.state, "reason": reason}
            await record(f"document.{state.value}", claimed.id, by=None, at=at, data=data)


async def _put_aside(claimed: Claimed, signature: str, at: datetime, tell: Tell) -> None:
    """Dangerous: nobody opens it, its sender is told; its hash and what was found stay (C05)."""
    async with transaction():
        changed = await execute(
            "UPDATE document SET state = 'infected', reason = $2, key = '', next_try_at = NULL, scanned_at = $3"
            " WHERE id = $1 AND state <> 'infected'",
            claimed.id, signature, at,
        )  # fmt: skip
        if not changed:
            return
        await record("document.infected", claimed.id, by=None, at=at, data={"from": claimed.state, "signature": signature})
        document = await document_of(claimed.about, claimed.id)
        sender = await person(claimed.uploaded_by)
        letter = write("documents/letters/infected.txt", sender.language, name=sender.name, file=document.name)
        await post(letter, kind="documents.infected", about=claimed.id, to_email=sender.email, to_account=sender.id, at=at)
        await tell(document)


async def scan_again(before: datetime, *, at: datetime) -> int:
    """Have everything looked at again that the scanner saw before an instant (its signatures are newer); how many."""
    return await execute(
        "UPDATE document SET next_try_at = $2 WHERE state = 'clean' AND scanned_at < $1 AND removed_at IS NULL"
        " AND next_try_at IS NULL",
        before, at,
    )  # fmt: skip
