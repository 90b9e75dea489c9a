"""A deposit by the number of its receipt, for whoever holds one."""

from __future__ import annotations

from enum import StrEnum
from hmac import compare_digest

import msgspec

from incubator.applications.rules.dossier import Content, content_hash
from incubator.core.database import row


class Verified(StrEnum):
    """What can be said of a number and a hash."""

    MATCHES = "matches"
    DIFFERS = "differs"
    ERASED = "erased"


class _Kept(msgspec.Struct, frozen=True):
    content_hash: str
    content: Content
    is_anonymised: bool


async def verified(number: str, sha256: str) -> Verified:
    """Whether a deposit has this number and its content, hashed again now, has this SHA-256. Nothing else is told.

    `erased`: they go together, but personal data have left the content since: it cannot be hashed again (RGPD, article 17).
    """
    sql = "SELECT content_hash, content::text, anonymised_at IS NOT NULL FROM deposit WHERE number = $1"
    kept = await row(_Kept, sql, number.strip().upper())
    given = "".join(sha256.split()).lower()
    if kept is None or not given.isascii() or not compare_digest(given, kept.content_hash):
        return Verified.DIFFERS
    if kept.is_anonymised:
        return Verified.ERASED
    return Verified.MATCHES if compare_digest(given, content_hash(kept.content)) else Verified.DIFFERS
