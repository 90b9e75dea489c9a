"""A complement and its days (R6, B25), and when its team is reminded (I02): plain functions over instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from incubator.applications.rules.complements import check_complement, complement_due, reminded_at, reminder_due

TODAY = date(2026, 2, 5)
KNOWN = ["3.1", "3.2"]
DUE = datetime(2026, 2, 20, 22, 59, 59, 999_999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (datetime(2026, 2, 5, 22, 30, tzinfo=UTC), datetime(2026, 2, 20, 22, 59, 59, 999_999, tzinfo=UTC)),
        (datetime(2026, 2, 5, 23, 30, tzinfo=UTC), datetime(2026, 2, 21, 22, 59, 59, 999_999, tzinfo=UTC)),
        (datetime(2026, 10, 12, 10, tzinfo=UTC), datetime(2026, 10, 27, 22, 59, 59, 999_999, tzinfo=UTC)),
        (datetime(2026, 3, 15, 10, tzinfo=UTC), datetime(2026, 3, 30, 21, 59, 59, 999_999, tzinfo=UTC)),
        (datetime(2028, 2, 14, 10, tzinfo=UTC), datetime(2028, 2, 29, 22, 59, 59, 999_999, tzinfo=UTC)),
        (datetime(2026, 4, 29, 10, tzinfo=UTC), datetime(2026, 5, 14, 21, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_fifteen_calendar_days_end_at_midnight_in_paris(asked, due):
    """R6, B25: the day is that of Paris; the change of hour, 29 February and Ascension Day change nothing."""
    assert complement_due(asked) == due


def test_staff_may_give_longer():
    assert complement_due(datetime(2026, 2, 5, 10, tzinfo=UTC), date(2026, 4, 1)) == datetime(
        2026, 4, 1, 21, 59, 59, 999_999, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("questions", "message", "sentences", "due_on", "place"),
    [
        (["3.1"], "Précisez.", {}, None, None),
        (["3.1"], "", {"3.1": "Vos sources ?"}, None, None),
        (["3.1", "3.2"], "", {"3.1": "Vos sources ?"}, None, "message"),
        (["3.1"], "", {}, None, "message"),
        ([], "Précisez.", {}, None, "questions"),
        (["3.1", "9.9"], "Précisez.", {}, None, "questions"),
        (["3.1"], "Précisez.", {}, TODAY + timedelta(days=14), "due_on"),
        (["3.1"], "Précisez.", {}, TODAY + timedelta(days=15), None),
        (["3.1"], "Précisez.", {}, TODAY + timedelta(days=90), None),
        (["3.1"], "Précisez.", {}, TODAY + timedelta(days=91), "due_on"),
    ],
)
def test_what_is_asked_for_says_what_is_expected(questions, message, sentences, due_on, place):
    wrong = check_complement(questions, KNOWN, message, sentences, due_on, TODAY)
    assert list(wrong) == ([place] if place else [])


def test_a_reminder_leaves_at_eight_in_paris_so_many_days_before():
    assert reminded_at(DUE, 5) == datetime(2026, 2, 15, 7, tzinfo=UTC)
    after_the_change = datetime(2026, 3, 30, 21, 59, 59, 999_999, tzinfo=UTC)
    assert reminded_at(after_the_change, 5) == datetime(2026, 3, 25, 7, tzinfo=UTC)
    assert reminded_at(after_the_change, 1) == datetime(2026, 3, 29, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "days"),
    [
        (datetime(2026, 2, 15, 6, 59, 59, tzinfo=UTC), None),
        (datetime(2026, 2, 15, 7, tzinfo=UTC), 5),
        (datetime(2026, 2, 19, 6, 59, tzinfo=UTC), 5),
        (datetime(2026, 2, 19, 7, tzinfo=UTC), 1),
        (DUE - timedelta(seconds=1), 1),
        (DUE, None),
        (DUE + timedelta(days=1), None),
    ],
)
def test_only_the_latest_reminder_that_has_come_and_none_too_late(at, days):
    """I02: after the deadline nothing is said; a worker that was away does not say two things at once."""
    assert reminder_due(DUE, at, (5, 1)) == days
