"""From marks to figures: exact fractions all the way, each stored figure rounded once, half up, to three decimals.

A deviation is that of the whole population (divided by n): those who handed in are everyone whose voice counts,
not a sample of a larger committee.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import isqrt

import msgspec

from incubator.calls.queries import CriterionView as Criterion
from incubator.core.errors import Invalid
from incubator.core.language import _
from incubator.selection.forms import AssessmentForm

Marks = Mapping[str, int | None]

SHARE_SCORED_MIN = Fraction(80, 100)
VOICES_MIN = 3
KNOCK_OUT_BELOW = Decimal("2.0")
RANGE_TO_DEBATE = 3
VARIANCE_TO_DEBATE = Fraction(64, 100)
POINTS_A_MARK = 20
FAVORABLE_FROM, DEBATE_FROM = 70, 55


class Spread(msgspec.Struct, frozen=True):
    """The marks of a criterion, from 1 to 5."""

    count: int
    mean: Decimal
    low: int
    high: int
    deviation: Decimal


class Sums(msgspec.Struct, frozen=True):
    """What the assessments of an application add up to; totals out of 100, all zero while `count` is 0."""

    count: int
    mean: Decimal
    median: Decimal
    low: Decimal
    high: Decimal
    deviation: Decimal
    knock_out_mean: Decimal
    first_block_mean: Decimal
    criteria: dict[str, Spread]
    flags: list[str]


def check_scores(form: AssessmentForm, criteria: Sequence[Criterion]) -> None:
    """Every code is one of the grid; to hand in, each criterion has a mark or NSP. Raises `Invalid` naming the fields."""
    known = {criterion.code for criterion in criteria}
    errors = {
        f"{field}.{code}": _("Le critère {code} n’est pas dans la grille de cet appel.").format(code=code)
        for field, given in (("scores", form.scores), ("comments", form.comments))
        for code in given
        if code not in known
    }
    if form.finished:
        errors |= {
            f"scores.{criterion.code}": _("{code} : donnez une note de 1 à 5, ou NSP.").format(code=criterion.code)
            for criterion in criteria
            if criterion.code not in form.scores
        }
    if errors:
        raise Invalid(errors)


def member_total(marks: Marks, criteria: Sequence[Criterion]) -> Fraction | None:
    """Out of 100: 20 × Σ(weight × mark) ÷ Σ(weights of marked criteria), so never below 20.

    None when less than 80 % of the weight has a mark (R17).
    """
    marked = [(criterion.weight, mark) for criterion in criteria if (mark := marks.get(criterion.code)) is not None]
    weight = sum(weight for weight, _mark in marked)
    if not weight or Fraction(weight, sum(criterion.weight for criterion in criteria)) < SHARE_SCORED_MIN:
        return None
    return Fraction(POINTS_A_MARK * sum(weight * mark for weight, mark in marked), weight)


def add_up(voices: Sequence[Marks], criteria: Sequence[Criterion], *, knock_out_below: Decimal = KNOCK_OUT_BELOW) -> Sums:
    """The figures of an application from the marks of each member who handed in and is not recused (R18 to R21).

    `knock_out_below`: the grid's own threshold (R20).

    A member without a total (R17) does not count in the totals; each of their marks counts on its criterion.
    """
    totals = [total for marks in voices if (total := member_total(marks, criteria)) is not None]
    given = {
        criterion.code: [mark for marks in voices if (mark := marks.get(criterion.code)) is not None] for criterion in criteria
    }
    first_block = criteria[0].block if criteria else ""
    return Sums(
        count=len(totals),
        mean=rounded(mean(totals)),
        median=rounded(median(totals)),
        low=rounded(min(totals, default=Fraction(0))),
        high=rounded(max(totals, default=Fraction(0))),
        deviation=root(variance(totals)),
        knock_out_mean=_weighted([criterion for criterion in criteria if criterion.is_knock_out], given),
        first_block_mean=_weighted([criterion for criterion in criteria if criterion.block == first_block], given),
        criteria={code: _spread(marks) for code, marks in given.items() if marks},
        flags=_flags(totals, given, criteria, knock_out_below),
    )


def _spread(marks: list[int]) -> Spread:
    shares = [Fraction(mark) for mark in marks]
    return Spread(len(marks), rounded(mean(shares)), min(marks), max(marks), root(variance(shares)))


def _weighted(criteria: list[Criterion], given: Mapping[str, list[int]]) -> Decimal:
    """Mean of the criteria's means by weight, 1 to 5; 0 when none has a mark."""
    marked = [
        (criterion.weight, mean([Fraction(mark) for mark in given[criterion.code]]))
        for criterion in criteria
        if given[criterion.code]
    ]
    weight = sum(weight for weight, _mean in marked)
    return rounded(sum((weight * share for weight, share in marked), Fraction(0)) / weight if weight else Fraction(0))


def _flags(
    totals: list[Fraction], given: Mapping[str, list[int]], criteria: Sequence[Criterion], knock_out_below: Decimal
) -> list[str]:
    """`insufficient` (R19), `blocking:<code>` (R20), `to_debate` (R21). They alert, they never decide."""
    found = ["insufficient"] if len(totals) < VOICES_MIN else []
    found += [
        f"blocking:{criterion.code}"
        for criterion in criteria
        if criterion.is_knock_out and given[criterion.code] and _is_below(given[criterion.code], knock_out_below)
    ]
    wide = any(marks and max(marks) - min(marks) >= RANGE_TO_DEBATE for marks in given.values())
    apart = variance([total / POINTS_A_MARK for total in totals]) >= VARIANCE_TO_DEBATE
    return [*found, "to_debate"] if wide or apart else found


def _is_below(marks: list[int], limit: Decimal) -> bool:
    return sum(marks) < limit * len(marks)


def mean(values: Sequence[Fraction]) -> Fraction:
    """Arithmetic mean; 0 of nothing."""
    return sum(values, Fraction(0)) / len(values) if values else Fraction(0)


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle value, or the mean of the two middle ones; 0 of nothing."""
    if not values:
        return Fraction(0)
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def variance(values: Sequence[Fraction]) -> Fraction:
    """Of the population: the mean of the squared distances to the mean; 0 of nothing."""
    middle = mean(values)
    return mean([(value - middle) ** 2 for value in values])


def rounded(value: Fraction) -> Decimal:
    """Three decimals, half up (the values are never negative)."""
    return Decimal((2000 * value.numerator + value.denominator) // (2 * value.denominator)).scaleb(-3)


def root(value: Fraction) -> Decimal:
    """The square root to three decimals, half up, without leaving whole numbers."""
    twice = isqrt(4_000_000 * value.numerator // value.denominator)
    return Decimal((twice + 1) // 2).scaleb(-3)


def reading(mean_points: Decimal) -> str:
    """A label to read a mean by: it decides nothing (domain, principle 4)."""
    if mean_points >= FAVORABLE_FROM:
        return _("Favorable")
    return _("À débattre") if mean_points >= DEBATE_FROM else _("Réservé")
