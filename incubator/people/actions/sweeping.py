"""Forgetting what is long dead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from incubator.core.database import execute

LOGGED_FOR, USELESS_AFTER, DEVICE_STAYS = timedelta(days=365), timedelta(days=30), timedelta(days=190)


async def sweep(*, at: datetime, kept: Sequence[UUID] = ()) -> int:
    """Forget sessions and address changes a year after they ended, links and tries after a month; how many.

    `kept`: accounts whose sessions and address changes stay (R50).
    """
    before, stay = at - LOGGED_FOR, list(kept)
    gone = await execute("DELETE FROM session WHERE LEAST(expires_at, ended_at) < $1 AND account <> ALL($2)", before, stay)
    gone += await execute("DELETE FROM email_change WHERE expires_at < $1 AND account <> ALL($2)", before, stay)
    gone += await execute("DELETE FROM link_token WHERE expires_at < $1", at - USELESS_AFTER)
    gone += await execute("DELETE FROM challenge WHERE expires_at < $1", at)
    gone += await execute("DELETE FROM known_device WHERE seen_at < $1", at - DEVICE_STAYS)
    return gone + await execute("DELETE FROM throttle WHERE opened_at < $1", at - USELESS_AFTER)
