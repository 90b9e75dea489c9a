"""A complement: what is asked for, until when, and when its team is reminded. No database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta

from incubator.calls.definitions import FormDefinition
from incubator.core.clock import PARIS, end_of_day, local_date
from incubator.core.language import _
from incubator.core.words import instant_words

COMPLEMENT_DAYS = 15
LONGEST_DAYS = 90
REMINDED_AT = time(8)


def complement_due(at: datetime, due_on: date | None = None) -> datetime:
    """Fifteen calendar days, or until the day that staff give, to 23:59:59 in Paris on the last one (R6, B25).

    Calendar days: the changes of clock and the public holidays among them change nothing.
    """
    return end_of_day(due_on or local_date(at) + timedelta(days=COMPLEMENT_DAYS))


def follow_ups(definition: FormDefinition, asked: Collection[str]) -> list[str]:
    """The questions that these answers open or make mandatory, and those that depend on them in turn, in the form's order."""
    moving = set(asked)
    for question in definition.questions:  # a condition looks at earlier questions only
        conditions = (question.when, question.required_when)
        if any(leaf.question in moving for one in conditions if one for leaf in one.leaves):
            moving.add(question.code)
    return [one.code for one in definition.questions if one.code in moving and one.code not in asked]


def check_complement(
    questions: Collection[str],
    known: Collection[str],
    message: str,
    sentences: Mapping[str, str],
    due_on: date | None,
    today: date,
) -> Mapping[str, str]:
    """What is wrong with what is asked for, or nothing."""
    if not questions:
        return {"questions": _("Choisissez au moins une question à compléter.")}
    if strangers := sorted(set(questions) - set(known)):
        return {"questions": _("La question {code} n’existe pas.").format(code=strangers[0])}
    if not message and (silent := [code for code in questions if not sentences.get(code)]):
        return {"message": _("Dites ce que vous attendez, ici ou sous chaque question choisie ({codes}).").format(
            codes=", ".join(sorted(silent))
        )}  # fmt: skip
    if due_on is not None and not COMPLEMENT_DAYS <= (due_on - today).days <= LONGEST_DAYS:
        first, last = (instant_words(end_of_day(today + timedelta(days=days))) for days in (COMPLEMENT_DAYS, LONGEST_DAYS))
        return {"due_on": _("Choisissez un jour entre le {first} et le {last}.").format(first=first, last=last)}
    return {}


def reminded_at(deadline: datetime, days: int) -> datetime:
    """When a reminder leaves: eight in the morning in Paris, so many calendar days before the deadline's day."""
    return datetime.combine(local_date(deadline) - timedelta(days=days), REMINDED_AT, PARIS)


def reminder_due(deadline: datetime, at: datetime, ahead: Collection[int]) -> int | None:
    """The reminder to send at this instant, in days before the deadline; None before the first and after the deadline (I02).

    Only the latest one that has come: whoever is late to start is not told twice at once.
    """
    if at >= deadline:
        return None
    return min((days for days in ahead if at >= reminded_at(deadline, days)), default=None)
