"""Answers to every question of a form, as long as people write them, always the same for the same chance."""

from __future__ import annotations

import random
from typing import Any

from incubator.calls.definitions import Column, FormDefinition, Kind, Question
from incubator.calls.rules import is_asked

_TEXT = """
atelier réparation commune habitants partage service rural mobilité épicerie jardin réemploi accueil énergie
soin jeunesse lien territoire coopérative association bénévole salarié usager besoin enquête marché modèle
essai gouvernance impact emploi formation transport habitat culture numérique autonomie voisinage filière
collecte
"""
WORDS = _TEXT.split()
LINE_LETTERS_MAX = 60
SHARE_OF_LIMIT = 0.55
EPCI = "244500468"


def sentence(chance: random.Random, letters: int) -> str:
    """Words up to about so many letters, never more."""
    found: list[str] = []
    length = 0
    while True:
        word = chance.choice(WORDS)
        length += len(word) + 1
        if length > letters:
            return " ".join(found).capitalize() or word[:letters]
        found.append(word)


def answers(form: FormDefinition, chance: random.Random, commune: str, phase: str) -> dict[str, Any]:
    """A value for each question that is asked, by its code; files are sent, not written."""
    given: dict[str, Any] = {}
    for question in form.questions:
        if is_asked(question, given) and question.kind not in (Kind.INFORMATION, Kind.FILE):
            given[question.code] = _value(question, chance, commune, phase)
    return given


def _value(question: Question, chance: random.Random, commune: str, phase: str) -> Any:
    match question.kind:
        case Kind.COMMUNE:
            return commune
        case Kind.PHASE:
            return phase
        case Kind.EPCI:
            return EPCI
        case Kind.STATEMENT:
            return True
        case Kind.ROWS:
            count = min(question.rows_max, 3)
            return [{column.code: _cell(column, chance) for column in question.columns} for _row in range(count)]
        case Kind.CHOICES:
            return [question.options[chance.randrange(len(question.options))].code]
        case Kind.RANKED:
            return [option.code for option in chance.sample(question.options, question.ranks)]
        case _:
            return _simple(question, chance)


def _numbered(start: str, length: int, chance: random.Random) -> str:
    """A company's number, or its establishment's: digits of which the last makes the Luhn sum right. Each team has its own."""
    digits = start + "".join(str(chance.randrange(10)) for _one in range(length - 1 - len(start)))
    doubled = (2 * int(digit) if place % 2 == 0 else int(digit) for place, digit in enumerate(reversed(digits)))
    return digits + str(-sum(one // 10 + one % 10 for one in doubled) % 10)


def _cell(column: Column, chance: random.Random) -> Any:
    return _simple(column, chance)


def _simple(asked: Question | Column, chance: random.Random) -> Any:
    match asked.kind:
        case Kind.NUMBER | Kind.AMOUNT:
            low = asked.least or 0
            return str(chance.randint(low, min(asked.most or 1000, low + 50)))
        case Kind.DAY:
            return f"{chance.randint(2019, 2024)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        case Kind.SCALE:
            return str(chance.randint(asked.least or 1, asked.most or 5))
        case Kind.YES_NO:
            return chance.choice(["yes", "no"])
        case Kind.SIREN:
            return _numbered("", 9, chance)
        case Kind.SIRET:
            return _numbered(_numbered("", 9, chance), 14, chance)
        case Kind.CHOICE:
            return asked.options[chance.randrange(len(asked.options))].code
        case Kind.TEXT:
            return sentence(chance, int(asked.limit * SHARE_OF_LIMIT))
        case _:
            return sentence(chance, min(asked.limit, LINE_LETTERS_MAX))
