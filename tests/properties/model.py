"""What is asked, needed and deposited, said a second time, as plainly as can be, beside the application's own code."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from incubator.calls.definitions import Condition, FormDefinition, Kind, Question

Values = Mapping[str, Any]


def is_met(condition: Condition, seen: Values) -> bool:
    """Whether the earlier answers that count are what the condition waits for."""
    if condition.every:
        return not [part for part in condition.every if not is_met(part, seen)]
    if condition.some:
        return bool([part for part in condition.some if is_met(part, seen)])
    if condition.question not in seen:
        return False
    given = seen[condition.question]
    if condition.values:
        said = given if isinstance(given, list) else ["true" if given is True else given]
        return bool(set(said) & set(condition.values))
    low = Decimal("-Infinity") if condition.least is None else condition.least
    high = Decimal("Infinity") if condition.most is None else condition.most
    return bool(low <= Decimal(given) <= high)


def visible(definition: FormDefinition, stored: Values) -> dict[str, Any]:
    """The answers that count: those to questions asked, given the answers before them that count."""
    seen: dict[str, Any] = {}
    for question in definition.questions:
        if question.code in stored and (question.when is None or is_met(question.when, seen)):
            seen[question.code] = stored[question.code]
    return seen


def asked(definition: FormDefinition, stored: Values) -> set[str]:
    """The codes of the questions that are asked."""
    seen = visible(definition, stored)
    return {one.code for one in definition.questions if one.when is None or is_met(one.when, seen)}


def lacking(definition: FormDefinition, stored: Values) -> list[str]:
    """The codes of the questions that must still be answered, in order; whole answers only were given."""
    seen, open_now = visible(definition, stored), asked(definition, stored)
    return [one.code for one in definition.questions if one.code in open_now - set(seen) and _is_needed(one, seen)]


def _is_needed(question: Question, seen: Values) -> bool:
    return question.required or (question.required_when is not None and is_met(question.required_when, seen))


def phase_of(definition: FormDefinition, stored: Values, entries: tuple[str, ...]) -> str | None:
    """The phase that a deposit is for: what is answered to a question that is asked, else the only one there is."""
    seen = visible(definition, stored)
    for question in definition.questions:
        if question.kind is Kind.PHASE and seen.get(question.code) in entries:
            return str(seen[question.code])
    return entries[0] if len(entries) == 1 else None
