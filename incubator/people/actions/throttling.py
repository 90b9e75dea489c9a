"""Counting tries, in the database: across processes and restarts."""

from __future__ import annotations

from datetime import datetime

from incubator.core.database import value
from incubator.core.errors import TooMany
from incubator.core.language import _
from incubator.people import rules


async def spend_try(bucket: str, tries_max: int, *, at: datetime) -> None:
    """Count a try before it is made. Raises `TooMany` past `tries_max` in a quarter of an hour."""
    if await count_try(bucket, at=at) > tries_max:
        raise TooMany(_("Trop d’essais. Attendez un quart d’heure, ou demandez un lien de connexion."), 900)


async def count_try(bucket: str, *, at: datetime) -> int:
    """Count a try; how many were made in the quarter of an hour that is running."""
    tries: int = await value(
        "INSERT INTO throttle (bucket, opened_at, tries_count) VALUES ($1, $2, 1) ON CONFLICT (bucket) DO UPDATE SET"
        " tries_count = CASE WHEN throttle.opened_at < $3 THEN 1 ELSE throttle.tries_count + 1 END,"
        " opened_at = CASE WHEN throttle.opened_at < $3 THEN $2 ELSE throttle.opened_at END RETURNING tries_count",
        bucket, at, at - rules.TRIES_WINDOW,
    )  # fmt: skip
    return tries
