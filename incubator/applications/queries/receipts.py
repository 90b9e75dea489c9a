"""A deposit by the number of its receipt, for whoever holds one."""

from __future__ import annotations

from hmac import compare_digest

import msgspec

from incubator.applications.rules.dossier import Content, content_hash
from incubator.core.database import row


class _Kept(msgspec.Struct, frozen=True):
    content_hash: str
    content: Content


async def matches(number: str, sha256: str) -> bool:
    """True when a deposit has this number and its content, hashed again now, has this SHA-256. Nothing else is told."""
    kept = await row(_Kept, "SELECT content_hash, content::text FROM deposit WHERE number = $1", number.strip().upper())
    given = "".join(sha256.split()).lower()
    if kept is None or not given.isascii():
        return False
    return compare_digest(given, kept.content_hash) and compare_digest(given, content_hash(kept.content))
