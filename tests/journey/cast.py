"""Who takes part: those who run the programme, ten teams and a late one, twelve committee members in three colleges."""

from __future__ import annotations

from typing import Any

from incubator.core.clock import now
from incubator.demo.cast import MEMBERS, address
from incubator.demo.dossiers import Sheet, answers, sheets
from incubator.demo.papers import cv
from tests.journey.house import House
from tests.journey.visitors import Visitor

TEN = ("bricole", "bocaux", "sologne", "tissu", "abri", "aines", "ondes", "cantine", "croc", "repair")
LATE = "velo"
QUALITY = {
    "bricole": 5,
    "bocaux": 4,
    "cantine": 4,
    "aines": 4,
    "sologne": 4,
    "ondes": 4,
    "croc": 3,
    "repair": 3,
    "tissu": 3,
    "abri": 2,
}
CONFLICTS = {5: "tissu", 10: "bocaux"}  # places in MEMBERS: who has an interest in which project


class Team:
    """A fictional project, its depositor, and what exists of it so far."""

    def __init__(self, house: House, sheet: Sheet) -> None:
        self.sheet = sheet
        self.holder = Visitor(house, sheet.depositor, address(sheet.depositor, sheet.house))
        self.phase = "incubation" if sheet.key == "bricole" else "pre_incubation"
        self.project = self.application = self.enrolment = ""
        self.mate: Visitor | None = None

    @property
    def name(self) -> str:
        """The project's name."""
        return self.sheet.name

    @property
    def answers(self) -> dict[str, Any]:
        """By question code."""
        return answers(self.sheet, self.phase)

    @property
    def cvs(self) -> list[tuple[str, bytes]]:
        """Name and content of what the form asks of each of them."""
        return [(f"CV {mate[0]}.pdf", cv(mate, self.name, now())) for mate in self.sheet.team]


class Member:
    """A committee member."""

    def __init__(self, house: House, number: int) -> None:
        name, home, college = MEMBERS[number]
        self.number, self.college = number, college.value
        self.visitor = Visitor(house, name, address(name, home))
        self.conflict = CONFLICTS.get(number)


class Cast:
    """Everybody, and what they share as the journey goes."""

    def __init__(self, house: House) -> None:
        known = sheets()
        self.house = house
        self.manager = Visitor(house, "Nadège Belkacem", "nadege.belkacem@alterincub.example")
        self.coach = Visitor(house, "Thibault Ferrand", "thibault.ferrand@alterincub.example")
        self.other_coach = Visitor(house, "Judith Marchand", "judith.marchand@alterincub.example")
        self.teams = {key: Team(house, known[key]) for key in TEN}
        self.late = Team(house, known[LATE])
        self.members = [Member(house, number) for number in range(len(MEMBERS))]
        self.call = self.committee = self.cohort = ""
        self.form: dict[str, Any] = {}
