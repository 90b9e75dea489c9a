"""How entries are hashed into a chain. A block covers the hash before it and every byte of its entries, in order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """One act, as stored; `data` is JSON text, so that its bytes can be hashed."""

    number: int
    verb: str
    subject: UUID
    project: UUID | None
    by: UUID | None
    at: datetime
    reason: str
    data: str


def reason_mark(salt: bytes, words: str) -> str:
    """What the chain keeps of a reason: proof of its words while they are there, nothing once they are erased."""
    return f"sha256:{hashlib.sha256(salt + words.encode()).hexdigest()}" if words else ""


def entry_bytes(entry: Entry) -> bytes:
    """An entry as canonical JSON."""
    return msgspec.json.encode(msgspec.structs.asdict(entry), order="sorted")


def block_hash(previous: bytes, entries: Iterable[bytes]) -> bytes:
    """SHA-256 over the previous hash, then each entry with its length."""
    digest = hashlib.sha256(previous)
    for entry in entries:
        digest.update(len(entry).to_bytes(8, "big"))
        digest.update(entry)
    return digest.digest()
