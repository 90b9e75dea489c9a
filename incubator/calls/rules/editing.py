"""Changing a form that is being built: each change gives the form as it becomes. No database.

A code that was given once is never given again: `taken` holds those of every version of the programme (R54).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from typing import Protocol, TypeVar

import msgspec

from incubator.calls.definitions import EligibilityRule, FormDefinition, Question, Section, SelfTestQuestion
from incubator.core.errors import Conflict, NotFound
from incubator.core.language import _
from incubator.core.text import search_form

SECTIONS_MAX, QUESTIONS_MAX, RULES_MAX, SELF_TEST_MAX = 30, 60, 40, 20


class Coded(Protocol):
    """Anything that has a code."""

    @property
    def code(self) -> str:
        """Its code."""


C = TypeVar("C", bound=Coded)


def codes_of(definition: FormDefinition) -> set[str]:
    """Every code the form gives to a section, a question, a rule or a question of the self-test."""
    groups: tuple[Iterable[Coded], ...] = (
        definition.sections, definition.questions, definition.eligibility, definition.self_test,
    )  # fmt: skip
    return {one.code for group in groups for one in group}


def place_of(items: tuple[C, ...], code: str) -> int:
    """Where the thing of this code stands. Raises `NotFound`."""
    for place, one in enumerate(items):
        if one.code == code:
            return place
    raise NotFound


def replaced(items: tuple[C, ...], code: str, item: C) -> tuple[C, ...]:
    """The same with that one changed."""
    place = place_of(items, code)
    return (*items[:place], item, *items[place + 1 :])


def without(items: tuple[C, ...], code: str) -> tuple[C, ...]:
    """The same without that one."""
    place = place_of(items, code)
    return (*items[:place], *items[place + 1 :])


def moved(items: tuple[C, ...], code: str, position: int) -> tuple[C, ...]:
    """The same with that one standing at `position`, counted from 0 among the others."""
    item, others = items[place_of(items, code)], without(items, code)
    place = max(0, min(position, len(others)))
    return (*others[:place], item, *others[place:])


def shifted(items: tuple[C, ...], code: str, by: int) -> tuple[C, ...]:
    """The same with that one so many places later, or earlier."""
    return moved(items, code, place_of(items, code) + by)


def section_of(definition: FormDefinition, code: str) -> Section:
    """The section a question stands in. Raises `NotFound`."""
    for section in definition.sections:
        if any(question.code == code for question in section.questions):
            return section
    raise NotFound


def question_of(definition: FormDefinition, code: str) -> Question:
    """A question by its code. Raises `NotFound`."""
    return definition.questions[place_of(definition.questions, code)]


def earlier_than(definition: FormDefinition, code: str) -> tuple[Question, ...]:
    """The questions asked before this one. Raises `NotFound`."""
    return definition.questions[: place_of(definition.questions, code)]


def with_question(definition: FormDefinition, question: Question) -> FormDefinition:
    """The form with that question changed."""
    return _in_section(
        definition, section_of(definition, question.code).code, lambda held: replaced(held, question.code, question)
    )


def add_question(definition: FormDefinition, section: str, question: Question, position: int | None = None) -> FormDefinition:
    """The form with one more question, at the end of a section or at `position`."""

    def grown(held: tuple[Question, ...]) -> tuple[Question, ...]:
        if len(held) >= QUESTIONS_MAX:
            raise Conflict(_("Une section a au plus {count} questions. Ouvrez-en une autre.").format(count=QUESTIONS_MAX))
        place = len(held) if position is None else max(0, min(position, len(held)))
        return (*held[:place], question, *held[place:])

    return _in_section(definition, section, grown)


def copy_question(definition: FormDefinition, code: str, new: str) -> FormDefinition:
    """The form with a copy of a question right after it, under a code of its own."""
    section = section_of(definition, code)
    question = msgspec.structs.replace(question_of(definition, code), code=new)
    return add_question(definition, section.code, question, place_of(section.questions, code) + 1)


def without_question(definition: FormDefinition, code: str) -> FormDefinition:
    """The form without that question; what depended on it is then a fault to mend before publishing."""
    return _in_section(definition, section_of(definition, code).code, lambda held: without(held, code))


def move_question(definition: FormDefinition, code: str, section: str, position: int) -> FormDefinition:
    """The form with a question at a position of a section, counted from 0 without it."""
    question = question_of(definition, code)
    return add_question(without_question(definition, code), section, question, position)


def shift_question(definition: FormDefinition, code: str, by: int) -> FormDefinition:
    """The form with a question one place later or earlier; beyond the end of its section it enters the next one."""
    here = section_of(definition, code)
    place = place_of(here.questions, code)
    if 0 <= place + by < len(here.questions):
        return _in_section(definition, here.code, lambda held: shifted(held, code, by))
    rank = place_of(definition.sections, here.code) + by
    if not 0 <= rank < len(definition.sections):
        return definition
    there = definition.sections[rank]
    return move_question(definition, code, there.code, 0 if by > 0 else len(there.questions))


def add_section(definition: FormDefinition, section: Section) -> FormDefinition:
    """The form with one more section, at its end."""
    if len(definition.sections) >= SECTIONS_MAX:
        raise Conflict(_("Un formulaire a au plus {count} sections.").format(count=SECTIONS_MAX))
    return msgspec.structs.replace(definition, sections=(*definition.sections, section))


def with_sections(definition: FormDefinition, change: Callable[[tuple[Section, ...]], tuple[Section, ...]]) -> FormDefinition:
    """The form with its sections changed."""
    return msgspec.structs.replace(definition, sections=change(definition.sections))


def add_rule(definition: FormDefinition, rule: EligibilityRule) -> FormDefinition:
    """The form with one more rule of eligibility."""
    if len(definition.eligibility) >= RULES_MAX:
        raise Conflict(_("Un formulaire a au plus {count} règles de recevabilité.").format(count=RULES_MAX))
    return msgspec.structs.replace(definition, eligibility=(*definition.eligibility, rule))


def add_self_test(definition: FormDefinition, question: SelfTestQuestion) -> FormDefinition:
    """The form with one more question in its self-test."""
    if len(definition.self_test) >= SELF_TEST_MAX:
        raise Conflict(_("L’autodiagnostic a au plus {count} questions.").format(count=SELF_TEST_MAX))
    return msgspec.structs.replace(definition, self_test=(*definition.self_test, question))


def next_code(prefix: str, taken: Collection[str]) -> str:
    """The number after the highest ever given with this prefix: `1.` → `1.9`, `S` → `S11`."""
    found = [re.match(rf"{re.escape(prefix)}(\d{{1,6}})", code, re.ASCII) for code in taken]
    return f"{prefix}{max((int(one[1]) for one in found if one), default=0) + 1}"


def next_question_code(section: str, taken: Collection[str]) -> str:
    """The next code of a section: `1.9` in `S1`."""
    number = re.search(r"\d+$", section, re.ASCII)
    return next_code(f"{number[0] if number else section[:12]}.", taken)


def proposed_option_code(label: str, taken: Collection[str]) -> str:
    """A code from the words of an answer: `Oui, un peu` → `oui_un_peu`; `oui_2` when it is taken."""
    plain = "_".join(re.findall("[a-z0-9]+", search_form(label)))[:30].strip("_") or "reponse"
    number = next(number for number in range(1, len(taken) + 2) if (plain if number == 1 else f"{plain}_{number}") not in taken)
    return plain if number == 1 else f"{plain}_{number}"


def _in_section(
    definition: FormDefinition, code: str, change: Callable[[tuple[Question, ...]], tuple[Question, ...]]
) -> FormDefinition:
    section = definition.sections[place_of(definition.sections, code)]
    changed = msgspec.structs.replace(section, questions=change(section.questions))
    return msgspec.structs.replace(definition, sections=replaced(definition.sections, code, changed))
