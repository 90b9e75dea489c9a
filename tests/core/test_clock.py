"""Dates as people count them, through both changes of clock."""

from datetime import UTC, date, datetime

from incubator.core.clock import add_months, end_of_day, local, why_not_local


def test_months_end_where_the_month_ends():
    assert [add_months(date(2026, 1, 31), n) for n in (0, 1, 2, 11, 12, 25)] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 12, 31),
        date(2027, 1, 31),
        date(2028, 2, 29),
    ]


def test_a_day_ends_in_paris():
    assert end_of_day(date(2026, 7, 1)) == datetime(2026, 7, 1, 21, 59, 59, 999_999, tzinfo=UTC)
    assert end_of_day(date(2026, 12, 1)) == datetime(2026, 12, 1, 22, 59, 59, 999_999, tzinfo=UTC)
    assert local(end_of_day(date(2026, 10, 25))).hour == 23


def test_hours_that_do_not_exist_or_exist_twice():
    hours = [datetime(2027, 3, 28, 2, 30), datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 12)]  # noqa: DTZ001
    assert [why_not_local(hour) for hour in hours] == ["absent", "ambiguous", None]
