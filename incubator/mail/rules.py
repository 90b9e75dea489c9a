"""When to try a letter again."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)
GIVE_UP_AFTER = timedelta(days=2)


def next_try(attempts_count: int, at: datetime) -> datetime:
    """One minute after the first failure, then twice as long each time, four hours at most."""
    doublings: int = 2 ** min(attempts_count, 10)
    return at + min(FIRST_WAIT * doublings, LONGEST_WAIT)
