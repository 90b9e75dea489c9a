"""Reading the journal back, and proving that nothing sealed was changed, added or taken away."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from incubator.core.database import column, rows, value
from incubator.journal.rules import Entry, block_hash, entry_bytes, reason_mark

UNSEALED_FOR_LONG = timedelta(minutes=10)


class Seal(msgspec.Struct, frozen=True):
    """A sealed block."""

    number: int
    previous: bytes
    hash: bytes
    entries_count: int


async def faults(*, at: datetime, anchor: str = "") -> list[str]:
    """What is wrong with the journal, in sentences; empty when every seal holds.

    `anchor` is the hash of a seal noted elsewhere (`incubator check` prints the newest): it proves that the chain up
    to it was not rebuilt or cut.
    """
    found = []
    previous = hashlib.sha256(b"").digest()
    hashes = set()
    expected = 1
    for seal in await rows(Seal, "SELECT number, previous, hash, entries_count FROM journal_seal ORDER BY number"):
        entries = await _entries_of(seal.number)
        if seal.number != expected:
            found.append(f"seal {expected} is missing")
        if seal.previous != previous:
            found.append(f"seal {seal.number} does not follow the one before it")
        if len(entries) != seal.entries_count:
            found.append(f"seal {seal.number} covers {seal.entries_count} entries, {len(entries)} are there")
        if block_hash(seal.previous, [entry_bytes(entry) for entry in entries]) != seal.hash:
            found.append(f"seal {seal.number} does not match its entries")
        previous, expected = seal.hash, seal.number + 1
        hashes.add(seal.hash.hex())
    if anchor and anchor.lower() not in hashes:
        found.append("no seal has the hash that was noted: the chain was cut or rebuilt")
    return found + await _changed_reasons() + await _late(at)


class _Reason(msgspec.Struct, frozen=True):
    entry: int
    salt: bytes
    words: str
    mark: str


async def _changed_reasons() -> list[str]:
    """Reasons whose words are no longer those of the entry. Erased ones are not faults: their hash proves nothing any more."""
    found = await rows(
        _Reason,
        "SELECT r.entry, r.salt, r.words, COALESCE(e.reason, '') FROM journal_reason r"
        " LEFT JOIN journal_entry e ON e.number = r.entry ORDER BY r.entry",
    )
    changed = [one.entry for one in found if reason_mark(one.salt, one.words) != one.mark]
    return [f"the reason of entry {entry} was changed" for entry in changed[:5]]


async def reasons_of(subject: UUID) -> list[str]:
    """The words given for acts on this thing, oldest first, without those that were erased."""
    found = await column(
        "SELECT r.words FROM journal_reason r JOIN journal_entry e ON e.number = r.entry WHERE e.subject = $1 ORDER BY r.entry",
        subject,
    )
    return [str(one) for one in found]


async def newest_seal() -> str:
    """The hash to note elsewhere, as hexadecimal; empty while nothing is sealed."""
    newest = await value("SELECT hash FROM journal_seal ORDER BY number DESC LIMIT 1")
    return newest.hex() if newest else ""


async def _entries_of(seal: int) -> list[Entry]:
    return await rows(
        Entry,
        'SELECT e.number, e.verb, e.subject, e.project, e."by", e.at, e.reason, e.data::text'
        " FROM journal_sealed_entry s JOIN journal_entry e ON e.number = s.entry WHERE s.seal = $1 ORDER BY e.number",
        seal,
    )


async def _late(at: datetime) -> list[str]:
    unsealed = await value(
        "SELECT count(*) FROM journal_entry e LEFT JOIN journal_sealed_entry s ON s.entry = e.number"
        " WHERE s.entry IS NULL AND e.at < $1",
        at - UNSEALED_FOR_LONG,
    )
    return [f"{unsealed} entries have not been sealed for ten minutes: does the worker run?"] if unsealed else []


async def was_by_someone(subject: UUID, verb: str) -> bool:
    """Whether a person did this, not the product by itself."""
    sql = 'SELECT EXISTS (SELECT FROM journal_entry WHERE subject = $1 AND verb = $2 AND "by" IS NOT NULL)'
    return bool(await value(sql, subject, verb))
