"""Taking answers from one form to another: a newer version of the same form, or another call's (R8). No database.

An answer goes with the code of its question. It is carried when it says exactly the same there, in another kind if need be;
else it stays where it was, and one is told why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from incubator.applications.forms.answers import read_answer
from incubator.applications.forms.values import Wrong
from incubator.applications.rules.dossier import Answers, SetAside
from incubator.calls.definitions import NUMERIC, TEXTUAL, Column, FormDefinition, Kind, Question
from incubator.core.language import _

LISTS = frozenset({Kind.CHOICES, Kind.RANKED})
SINGLE = frozenset({Kind.CHOICE, Kind.YES_NO, Kind.PHASE})


class Carried(msgspec.Struct, frozen=True):
    """An answer that goes along; `section`: where it now stands, `moved_from`: where it stood, when that is elsewhere."""

    question: str
    label: str
    section: str
    value: Any
    is_converted: bool = False
    moved_from: str = ""


class Left(msgspec.Struct, frozen=True):
    """An answer that does not fit, and why; `value`: it."""

    question: str
    label: str
    why: str
    value: Any


class Carrying(msgspec.Struct, frozen=True):
    """What becomes of each answer; `asked_anew`: questions the first form did not have."""

    carried: list[Carried]
    left: list[Left]
    asked_anew: list[SetAside]

    @property
    def moved(self) -> list[Carried]:
        """Those that stand in another section."""
        return [one for one in self.carried if one.moved_from]

    @property
    def converted(self) -> list[Carried]:
        """Those whose question is answered in another way, for the same meaning."""
        return [one for one in self.carried if one.is_converted]


def carry(
    old: FormDefinition, new: FormDefinition, answers: Answers, phases: Collection[str], *, to_another: bool = False
) -> Carrying:
    """What becomes of the answers to a form on another; `to_another`: application, whose statements and files are its own."""
    carried, left = [], []
    places = {question.code: (section, question) for section in new.sections for question in section.questions}
    for was_in, question in _questions(old):
        value = answers.get(question.code)
        if value is None:
            continue
        section, target = places.get(question.code, (None, None))
        try:
            taken = _taken(question, target, value, phases, to_another=to_another)
        except Wrong as wrong:
            left.append(Left(question.code, question.label, next(iter(wrong.errors.values())), value))
            continue
        moved = was_in.title if section and section.code != was_in.code else ""
        label, title = (target or question).label, section.title if section else ""
        carried.append(Carried(question.code, label, title, taken, taken != value, moved))
    known = {question.code for _section, question in _questions(old)}
    anew = [
        SetAside(s.code, q.code, q.label) for s, q in _questions(new) if q.code not in known and q.kind is not Kind.INFORMATION
    ]
    return Carrying(carried, left, anew)


def _questions(definition: FormDefinition) -> Iterator[tuple[Any, Question]]:
    for section in definition.sections:
        for question in section.questions:
            yield section, question


def _taken(old: Question, new: Question | None, value: Any, phases: Collection[str], *, to_another: bool) -> Any:
    """The value as the new question keeps it. Raises `Wrong` when it would not say the same."""
    if new is None:
        raise Wrong({"": _("Cette question n’existe plus.")})
    if to_another and Kind.FILE in (old.kind, new.kind):
        raise Wrong({"": _("Les fichiers appartiennent à leur dossier : ajoutez-les de nouveau.")})
    if Kind.STATEMENT in (old.kind, new.kind) and (to_another or not _same_words(old, new)):
        raise Wrong({"": _("Cette déclaration est à relire et à accepter de nouveau.")})
    if _is_measured_otherwise(old, new):
        raise Wrong({"": _("Cette réponse se mesure ou se choisit maintenant autrement : donnez-la de nouveau.")})
    sent = value if old.kind is new.kind else _reshaped(old.kind, new.kind, value)
    read = read_answer(new, sent, phases)
    if not _says_the_same(sent, read):
        raise Wrong({"": _("Cette réponse ne tient pas dans la nouvelle question.")})
    return read


def _same_words(old: Question, new: Question) -> bool:
    """True when what was accepted reads as it did, to the letter."""
    return (old.kind, old.label, old.help) == (new.kind, new.label, new.help)


def _is_measured_otherwise(old: Question | Column, new: Question | Column) -> bool:
    """True when the same figure, or the same code in a row, would say something else: k€ for €, 5 of 10 for 5 of 5."""
    if old.kind in NUMERIC and new.kind in NUMERIC:
        before, after = _measure(old), _measure(new)
        return bool(before and after and before != after)
    if isinstance(old, Question) and isinstance(new, Question) and old.kind is new.kind is Kind.ROWS:
        columns = {column.code: column for column in old.columns}
        pairs = [(columns[column.code], column) for column in new.columns if column.code in columns]
        return any(
            (one.kind is Kind.CHOICE) != (two.kind is Kind.CHOICE) or _is_measured_otherwise(one, two) for one, two in pairs
        )
    return False


def _measure(asked: Question | Column) -> str:
    """What a number counts; "" when nothing says so."""
    if asked.kind is Kind.AMOUNT:
        return "€"
    if asked.kind is Kind.SCALE:
        return f"{asked.least} {asked.most}"
    unit = asked.unit.strip().casefold()
    return "€" if unit in ("euro", "euros") else unit


def _reshaped(old: Kind, new: Kind, value: Any) -> Any:
    """The value in the shape of another kind. Raises `Wrong` for kinds that have nothing in common: an order is not a choice."""
    if old in TEXTUAL | NUMERIC | {Kind.DAY, Kind.SIREN, Kind.SIRET} and new in TEXTUAL:
        return value
    if old in NUMERIC and new in NUMERIC:
        return value
    if old in TEXTUAL and new in NUMERIC | {Kind.DAY, Kind.SIREN, Kind.SIRET}:
        return value
    if old in SINGLE and new in LISTS:
        return [value]
    if old in LISTS and new in SINGLE and len(value) == 1:
        return value[0]
    if (old in SINGLE and new in SINGLE) or (old in LISTS and new in LISTS and len(value) == 1):
        return value
    raise Wrong({"": _("Cette question attend maintenant une réponse d’une autre sorte.")})


def _says_the_same(sent: Any, read: Any) -> bool:
    """Nothing was dropped on the way: rows keep every cell, lists every item, numbers their value."""
    if sent == read:
        return True
    if isinstance(sent, str) and isinstance(read, str):
        digits = read.replace(" ", "")
        return _number(sent) == _number(read) is not None or sent.replace(" ", "") == digits
    if isinstance(sent, list) and isinstance(read, list) and all(isinstance(item, Mapping) for item in [*sent, *read]):
        return len(sent) == len(read)
    return isinstance(sent, list) and isinstance(read, list) and sorted(sent) == sorted(read)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None
