"""Days counted from today, so that the story is always alive."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from incubator.core.clock import PARIS, add_months

SATURDAY = 5


class Calendar:
    """Turns "so many days ago, at ten" into days and instants."""

    def __init__(self, today: date) -> None:
        self.today = today

    def day(self, days: int) -> date:
        """That many days from today; a weekend becomes the Friday before. Days three apart stay in order."""
        chosen = self.today + timedelta(days=days)
        return chosen - timedelta(days=max(0, chosen.weekday() - SATURDAY + 1))

    def months(self, months: int, days: int = 0) -> int:
        """How many days from today are so many months and days."""
        return (add_months(self.today, months) - self.today).days + days

    def at(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """An instant of that day, in Paris."""
        return moment(self.day(days), hour, minute)

    def days_until(self, day: date) -> int:
        """How many days from today a day is; negative in the past."""
        return (day - self.today).days


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """An instant of a day, in Paris."""
    return datetime.combine(day, time(hour, minute), PARIS).astimezone(UTC)
