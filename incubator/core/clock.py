"""The one place that reads the clock. Acts never do: they are given `at`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def local(at: datetime) -> datetime:
    """The instant as people in France read it."""
    return at.astimezone(PARIS)


def local_date(at: datetime) -> date:
    """The day it is in France at that instant."""
    return local(at).date()


def end_of_day(day: date) -> datetime:
    """The last instant of that day in Paris, in UTC: the whole second of 23:59:59 is before it."""
    return datetime.combine(day, time.max, PARIS).astimezone(UTC)


def why_not_local(wall: datetime) -> str | None:
    """`absent` or `ambiguous` when a naive Paris time falls in a change of clock, else None."""
    early, late = wall.replace(tzinfo=PARIS, fold=0), wall.replace(tzinfo=PARIS, fold=1)
    if early.utcoffset() == late.utcoffset():
        return None
    back = early.astimezone(UTC).astimezone(PARIS).replace(tzinfo=None)
    return "ambiguous" if back == wall else "absent"


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))
