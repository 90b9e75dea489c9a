"""Forgetting what is long dead."""

from __future__ import annotations

from datetime import datetime, timedelta

from incubator.core.database import execute


async def sweep(*, at: datetime) -> int:
    """Forget sessions, links and tries that ended a month ago; how many."""
    before = at - timedelta(days=30)
    gone = await execute("DELETE FROM session WHERE expires_at < $1 OR ended_at < $1", before)
    gone += await execute("DELETE FROM link_token WHERE expires_at < $1", before)
    gone += await execute("DELETE FROM challenge WHERE expires_at < $1", at)
    gone += await execute("DELETE FROM email_change WHERE expires_at < $1", before)
    gone += await execute("DELETE FROM known_device WHERE seen_at < $1", at - timedelta(days=190))
    return gone + await execute("DELETE FROM throttle WHERE opened_at < $1", before)
