"""Dates and counts as people read them."""

from datetime import UTC, date, datetime, timedelta

from incubator.core.language import language
from incubator.core.words import count_words, date_words, days_from_now, minutes_words, time_left


def test_a_date_in_both_languages():
    assert date_words(date(2026, 11, 23)) == "lundi 23 novembre 2026"
    assert date_words(date(2026, 6, 1)) == "lundi 1er juin 2026"
    token = language.set("en")
    try:
        assert date_words(date(2026, 11, 23)) == "Monday 23 November 2026"
    finally:
        language.reset(token)


def test_how_far_a_day_is():
    today = date(2026, 11, 23)
    told = [days_from_now(date(2026, 11, day), today) for day in (21, 22, 23, 24, 25)]
    assert told == ["il y a 2 jours", "hier", "aujourd’hui", "demain", "dans 2 jours"]


def test_a_duration():
    assert [minutes_words(minutes) for minutes in (45, 60, 95)] == ["45\u00a0min", "1\u00a0h", "1\u00a0h\u00a035"]


def test_a_bounded_count():
    assert [count_words(count) for count in (0, 12, 99, 100)] == ["0", "12", "99", "plus de 99"]
    token = language.set("en")
    try:
        assert count_words(100) == "more than 99"
    finally:
        language.reset(token)


def test_the_time_left_is_never_told_longer_than_it_is():
    at = datetime(2026, 1, 30, 12, 0, tzinfo=UTC)
    lasts = {
        timedelta(days=12, hours=5): "12 jours",
        timedelta(days=1, hours=5, minutes=59): "1 jour et 5 heures",
        timedelta(hours=7, minutes=59): "7 heures",
        timedelta(hours=3, minutes=10, seconds=59): "3 heures et 10 minutes",
        timedelta(minutes=1): "1 minute",
        timedelta(seconds=59): "moins d’une minute",
        timedelta(0): "",
        timedelta(seconds=-5): "",
    }
    assert {last: time_left(at + last, at) for last in lasts} == lasts
