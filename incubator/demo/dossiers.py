"""What the teams of the story answer, question by question: their own words, else those of `phrases.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from incubator.demo.cast import slug

FOLDER = Path(__file__).parent / "projects"
SHEETS = ("first", "spring", "autumn", "others")


class Sheet:
    """A fictional project. `said(field)` is what its team writes about something."""

    def __init__(self, key: str, number: int, facts: Mapping[str, Any], phrases: Mapping[str, list[str]]) -> None:
        self.key, self.number, self.facts, self.phrases = key, number, facts, phrases
        self.name: str = facts["name"]
        self.commune: str = facts["commune"]
        self.team: list[list[Any]] = facts["team"]
        self.house = f"{slug(self.name)}.example"

    @property
    def depositor(self) -> str:
        """The first of the team signs for it."""
        return str(self.team[0][0])

    def said(self, field: str) -> str:
        """Their own words, else a phrase that many could have written."""
        own = self.facts.get(field)
        if own is not None:
            return " ".join(str(own).split())
        choices = self.phrases[field]
        return choices[self.number % len(choices)].format(name=self.name, town=self.team[0][1])

    def listed(self, field: str, otherwise: list[Any]) -> list[Any]:
        """Their own list, else that one."""
        return list(self.facts.get(field, otherwise))


def sheets() -> dict[str, Sheet]:
    """Every project of the story, by its key."""
    phrases = _read("phrases")["phrases"]
    facts = [pair for name in SHEETS for pair in _read(name).items()]
    return {key: Sheet(key, number, said, phrases) for number, (key, said) in enumerate(facts)}


def _read(name: str) -> dict[str, Any]:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))  # type: ignore[no-any-return]


def answers(sheet: Sheet, phase: str) -> dict[str, Any]:
    """By question code, everything the form asks for."""
    return _project(sheet, phase) | _team(sheet) | _need(sheet) | _partners(sheet) | _model(sheet, phase) | _ahead(sheet)


def _project(sheet: Sheet, phase: str) -> dict[str, Any]:
    return {
        "1.1": sheet.name,
        "1.2": sheet.said("tagline"),
        "1.3": sheet.said("summary"),
        "1.4": sheet.said("sector"),
        "1.4b": sheet.listed("sectors", []),
        "1.5": phase,
        "1.6": sheet.commune,
        "1.6b": sheet.said("scope"),
        "1.6c": [["frr"], [], ["qpv"]][sheet.number % 3],
        "1.7": ["meeting", "web", "alumni", "press"][sheet.number % 4],
        "1.8": ["meeting", "call", "meeting", "not_yet"][sheet.number % 4],
    }


def _team(sheet: Sheet) -> dict[str, Any]:
    columns = ("name", "commune", "role", "days", "skills")
    return {
        "2.1": [dict(zip(columns, mate, strict=True)) for mate in sheet.team],
        "2.2": sheet.said("background"),
        "2.3": sheet.said("missing"),
        "2.4": ["partly", "assured", "partly", "not_assured"][sheet.number % 4],
        "2.5": "is_not",
    }


def _need(sheet: Sheet) -> dict[str, Any]:
    return {
        "3.1": sheet.said("need"),
        "3.2": sheet.said("public"),
        "3.3": sheet.said("evidence"),
        "3.4": sheet.said("existing"),
        "4.1": sheet.said("solution"),
        "4.2": sheet.listed("novelty_kinds", [["service"], ["organisation", "service"], ["distribution"]][sheet.number % 3]),
        "4.2b": sheet.said("novelty"),
        "4.3": sheet.said("tested"),
        "4.4": sheet.said("risks"),
    }


def _partners(sheet: Sheet) -> dict[str, Any]:
    town = sheet.team[0][1]
    known = [
        [f"Ville de {town}", "authority", "Accueil du projet et mise en relation", "considered"],
        ["Centre social", "association", "Rencontre des usagers", "committed"],
    ]
    columns = ("name", "type", "role", "state")
    return {
        "5.1": sheet.said("users"),
        "5.2": [dict(zip(columns, partner, strict=True)) for partner in sheet.listed("partners", known)],
        "5.3": sheet.said("governance"),
        "5.4": sheet.said("form"),
        "5.5": sheet.said("met"),
    }


def _model(sheet: Sheet, phase: str) -> dict[str, Any]:
    size = 1 + sheet.number % 4
    return {
        "6.1": sheet.said("model"),
        "6.2": sheet.said("rivals"),
        "6.3": _budget(size) if phase == "incubation" else [],
        "6.4": sheet.facts.get("jobs_1", size * 0.5),
        "6.4b": sheet.facts.get("jobs_3", size * 1.5),
        "6.4c": sheet.said("jobs"),
        "6.5": "is_not",
        "7.1": sheet.said("impact"),
        "7.2": [
            {"indicator": text} for text in sheet.listed("indicators", ["Personnes accueillies", "Heures rendues au territoire"])
        ],
        "7.3": sheet.said("harm"),
    }


def _budget(size: int) -> list[dict[str, Any]]:
    lines = [
        ("charge", "Salaires et cotisations", 62_000),
        ("charge", "Local, énergie, assurances", 21_000),
        ("charge", "Achats et sous-traitance", 34_000),
        ("income", "Ventes", 71_000),
        ("income", "Prestations et conventions", 32_000),
        ("income", "Aides et mécénat", 18_000),
    ]
    return [
        {"side": side, "item": item, "year_1": amount * size, "year_2": amount * size * 2, "year_3": amount * size * 3}
        for side, item, amount in lines
    ]


def _ahead(sheet: Sheet) -> dict[str, Any]:
    return {
        "8.1": sheet.facts.get("stage", ["idea", "study", "test"][sheet.number % 3]),
        "8.1b": sheet.said("steps"),
        "8.2": sheet.listed("wants", [["need", "model", "legal"], ["funding", "market", "team"]][sheet.number % 2]),
        "8.2b": sheet.said("wants_text"),
        "8.3": "is_not",
        "8.4": sheet.said("gives"),
        "10.1": True,
        "10.2": True,
        "10.3": True,
        "10.4": True,
        "10.5": sheet.number % 4 != 3,
        "10.6": True,
        "10.7": [],
    }
