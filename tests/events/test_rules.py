"""When one may register and what a calendar gets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from incubator.core.ids import new_id
from incubator.events.rules import (
    Entry,
    MeetingFacts,
    calendar_file,
    check_meeting,
    is_due_reminder,
    is_web_address,
    why_not_change,
    why_not_leave,
    why_not_mark,
    why_not_register,
)

START = datetime(2026, 1, 14, 17, 0, tzinfo=UTC)
BEFORE, DURING, AFTER = START - timedelta(days=1), START + timedelta(minutes=5), START + timedelta(hours=3)


def facts(*, taken: int = 0, cancelled: bool = False) -> MeetingFacts:
    return MeetingFacts(
        id=new_id(),
        programme=new_id(),
        starts_at=START,
        ends_at=START + timedelta(hours=2),
        seats=10,
        seats_taken=taken,
        cancelled_at=BEFORE if cancelled else None,
        version=1,
    )


def test_one_registers_while_there_are_seats_and_the_meeting_is_to_come():
    assert why_not_register(facts(), 10, BEFORE) is None
    assert why_not_register(facts(taken=9), 1, START - timedelta(seconds=1)) is None
    assert "annulée" in why_not_register(facts(cancelled=True), 1, BEFORE)
    assert "a commencé" in why_not_register(facts(), 1, START)
    assert "Toutes les places sont prises" in why_not_register(facts(taken=10), 1, BEFORE)
    assert why_not_register(facts(taken=9), 2, BEFORE) == "Il reste 1 place."
    assert why_not_register(facts(taken=7), 4, BEFORE) == "Il reste 3 places."


def test_a_meeting_changes_until_it_is_over_and_seats_are_given_back_until_it_begins():
    assert why_not_change(facts(), DURING) is None
    assert "a eu lieu" in why_not_change(facts(), AFTER)
    assert "annulée" in why_not_change(facts(cancelled=True), BEFORE)
    assert why_not_leave(facts(), BEFORE) is None
    assert "a commencé" in why_not_leave(facts(), START)
    assert "n’a pas commencé" in why_not_mark(facts(), BEFORE)
    assert "annulée" in why_not_mark(facts(cancelled=True), AFTER)
    assert why_not_mark(facts(), START) is None


def test_a_meeting_needs_a_place_or_a_link_and_an_order():
    good = check_meeting(START, START + timedelta(hours=1), "MRESS", "", is_remote=False, at=BEFORE)
    assert good == {}
    assert set(check_meeting(START, START, "", "", is_remote=False, at=BEFORE)) == {"ends_at", "place_name"}
    assert set(check_meeting(START, START + timedelta(days=2), "", "", is_remote=True, at=AFTER)) == {
        "starts_at",
        "ends_at",
        "link",
    }
    assert set(check_meeting(START, AFTER, "", "javascript:alert(1)", is_remote=True, at=BEFORE)) == {"link"}


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://", "ftp://a.fr", "https://a b"]
)
def test_only_the_web_is_a_web_address(link):
    assert not is_web_address(link)


def test_the_reminder_is_due_the_day_before_from_nine_in_the_morning_in_paris():
    assert is_due_reminder(START, datetime(2026, 1, 13, 8, 0, tzinfo=UTC))
    assert not is_due_reminder(START, datetime(2026, 1, 13, 7, 59, tzinfo=UTC))
    assert not is_due_reminder(START, datetime(2026, 1, 12, 12, 0, tzinfo=UTC))
    assert not is_due_reminder(START, datetime(2026, 1, 14, 9, 0, tzinfo=UTC))


def entry(**changed):
    given = {
        "id": new_id(),
        "title": "Réunion",
        "description": "",
        "place": "MRESS",
        "starts_at": START,
        "ends_at": AFTER,
        "stamped_at": BEFORE,
        "sequence": 1,
        "is_cancelled": False,
        "link": "https://incubateur.example.fr/meetings/1",
    }
    return Entry(**(given | changed))


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_a_calendar_reads_the_meeting_in_utc():
    lines = unfolded(calendar_file(entry(), "https://incubateur.example.fr"))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert "DTSTART:20260114T170000Z" in lines
    assert "STATUS:CONFIRMED" in lines
    assert "SUMMARY:Réunion" in lines


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_what_people_write_ends_no_line_of_the_file(ending):
    title = f"a{ending}ATTENDEE:mailto:x@y.fr{ending}END:VEVENT"
    text = calendar_file(entry(title=title, description=title, place=title), "https://a.fr")
    assert len(unfolded(text)) == len(unfolded(calendar_file(entry(), "https://a.fr")))
    assert not any(line.startswith(("ATTENDEE", "END:VEVENT\\")) for line in unfolded(text))


def test_signs_of_the_format_are_escaped_and_long_lines_folded_between_characters():
    text = calendar_file(entry(title="a,b;c\\d", description="é" * 300), "https://a.fr")
    assert "SUMMARY:a\\,b\\;c\\\\d" in unfolded(text)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert f"DESCRIPTION:{'é' * 300}" in unfolded(text)
