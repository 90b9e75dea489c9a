"""What the whole story shares, and the diary in which its plots write what happens when."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from incubator.calls.queries import Choices
from incubator.demo.calendar import Calendar
from incubator.demo.cast import Staff
from incubator.demo.dossiers import Sheet
from incubator.documents.storage import Kept
from incubator.people.queries import Person

Act = Callable[[datetime], Awaitable[None]]


class Diary:
    """Acts with their instants. Telling them in order gives a journal in order; what lies ahead has not happened."""

    def __init__(self) -> None:
        self.notes: list[tuple[datetime, int, Act]] = []

    def note(self, at: datetime, act: Act) -> None:
        """At that instant, this happens."""
        self.notes.append((at, len(self.notes), act))

    async def tell(self, until: datetime) -> None:
        """Everything up to that instant, in order."""
        for at, _number, act in sorted(self.notes, key=lambda note: note[:2]):
            if at <= until:
                await act(at)


class Stage:
    """Who and what exists so far, by the keys of the story."""

    def __init__(self, calendar: Calendar, staff: Staff, choices: Choices, sheets: dict[str, Sheet], kept: Kept) -> None:
        self.calendar, self.staff, self.choices, self.sheets, self.kept = calendar, staff, choices, sheets, kept
        self.diary = Diary()
        self.holders: dict[str, Person] = {}
        self.projects: dict[str, UUID] = {}
        self.applications: dict[tuple[str, str], UUID] = {}
        self.committees: dict[str, UUID] = {}
        self.cohorts: dict[str, UUID] = {}

    def on(self, days: int, act: Act, hour: int = 10, minute: int = 0) -> None:
        """That many days from today, at that hour, this happens."""
        self.diary.note(self.calendar.at(days, hour, minute), act)
