"""The arithmetic of assessments, held against an independent computation (R16 to R21)."""

from __future__ import annotations

import statistics
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.calls.queries import CriterionView
from incubator.core.errors import Invalid
from incubator.core.ids import new_id
from incubator.selection.forms import AssessmentForm, Mark
from incubator.selection.rules import scoring

WEIGHTS = {"A1": 12, "A2": 10, "A3": 8, "B4": 9, "B5": 8, "B6": 8, "C7": 10, "C8": 7, "C9": 8, "D10": 8, "D11": 6, "D12": 6}
GRID = [
    CriterionView(
        id=new_id(), position=index, code=code, block=code[0], block_title=f"Bloc {code[0]}", label=code, weight=weight,
        is_knock_out=code in ("A1", "B6"), is_preselection=False, anchor_1="1", anchor_3="3", anchor_5="5",
    )
    for index, (code, weight) in enumerate(WEIGHTS.items())
]  # fmt: skip

one_mark = st.one_of(st.none(), st.integers(1, 5))
a_voice = st.fixed_dictionaries({code: one_mark for code in WEIGHTS})
a_whole_voice = st.fixed_dictionaries({code: st.integers(1, 5) for code in WEIGHTS})
voices_of = st.lists(a_voice, max_size=15)


def all_marks(mark: int | None, **others: int | None) -> dict[str, int | None]:
    return {code: others.get(code, mark) for code in WEIGHTS}


def three_decimals(value: Fraction) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return exact.quantize(Decimal("0.001"), ROUND_HALF_UP)


def expected_total(marks: dict[str, int | None]) -> Fraction | None:
    scored = {code: mark for code, mark in marks.items() if mark is not None}
    weight = sum(WEIGHTS[code] for code in scored)
    if weight < 80:
        return None
    return 20 * Fraction(sum(WEIGHTS[code] * mark for code, mark in scored.items()), weight)


def test_the_weights_of_this_grid_sum_to_100() -> None:
    assert sum(WEIGHTS.values()) == 100


@given(a_voice)
def test_a_total_is_the_weighted_mean_of_what_was_scored(marks: dict[str, int | None]) -> None:
    assert scoring.member_total(marks, GRID) == expected_total(marks)


@given(a_voice)
def test_a_total_is_never_below_20_nor_above_100(marks: dict[str, int | None]) -> None:
    total = scoring.member_total(marks, GRID)
    assert total is None or 20 <= total <= 100


@given(a_whole_voice, st.sampled_from([code for code, weight in WEIGHTS.items() if weight <= 10]))
def test_nsp_is_left_out_and_never_counts_as_0(marks: dict[str, int | None], code: str) -> None:
    rest = [(WEIGHTS[other], mark) for other, mark in marks.items() if other != code]
    mean = Fraction(sum(weight * mark for weight, mark in rest), sum(weight for weight, _mark in rest))
    assert scoring.member_total(marks | {code: None}, GRID) == 20 * mean


def test_four_fifths_of_the_weight_are_needed_for_a_total() -> None:
    exactly = all_marks(3, A1=None, B5=None)  # 12 + 8 missing: 80 remain
    assert scoring.member_total(exactly, GRID) == 60
    assert scoring.member_total(exactly | {"D11": None}, GRID) is None


@given(voices_of)
def test_totals_add_up_as_the_standard_library_says(voices: list[dict[str, int | None]]) -> None:
    totals = [total for marks in voices if (total := expected_total(marks)) is not None]
    sums = scoring.add_up(voices, GRID)
    if not totals:
        assert (sums.count, sums.mean, sums.median, sums.low, sums.high, sums.deviation) == (0, 0, 0, 0, 0, 0)
        return
    assert sums.count == len(totals)
    assert sums.mean == three_decimals(Fraction(sum(totals), len(totals)))
    assert sums.median == three_decimals(statistics.median(totals))
    assert (sums.low, sums.high) == (three_decimals(min(totals)), three_decimals(max(totals)))
    with localcontext() as context:
        context.prec = 60
        variance = statistics.pvariance(totals)
        root = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
        assert sums.deviation == root.quantize(Decimal("0.001"), ROUND_HALF_UP)


@given(voices_of)
def test_each_criterion_adds_up_the_marks_it_got(voices: list[dict[str, int | None]]) -> None:
    sums = scoring.add_up(voices, GRID)
    for code in WEIGHTS:
        marks = [mark for voice in voices if (mark := voice[code]) is not None]
        if not marks:
            assert code not in sums.criteria
            continue
        spread = sums.criteria[code]
        assert (spread.count, spread.low, spread.high) == (len(marks), min(marks), max(marks))
        assert spread.mean == three_decimals(Fraction(sum(marks), len(marks)))
        assert abs(spread.deviation - Decimal(str(statistics.pstdev(marks)))) <= Decimal("0.0006")


@given(voices_of)
def test_figures_are_exact_decimals_and_fit_their_columns(voices: list[dict[str, int | None]]) -> None:
    sums = scoring.add_up(voices, GRID)
    for figure in (sums.mean, sums.median, sums.low, sums.high, sums.deviation, sums.knock_out_mean, sums.first_block_mean):
        assert isinstance(figure, Decimal)
        assert figure == figure.quantize(Decimal("0.001"))
        assert 0 <= figure <= 100


@given(st.permutations(range(5)), st.lists(a_voice, min_size=5, max_size=5))
def test_the_order_of_voices_changes_nothing(order: list[int], voices: list[dict[str, int | None]]) -> None:
    assert scoring.add_up(voices, GRID) == scoring.add_up([voices[index] for index in order], GRID)


def test_fewer_than_three_voices_are_insufficient() -> None:
    assert "insufficient" in scoring.add_up([], GRID).flags
    assert "insufficient" in scoring.add_up([all_marks(3)] * 2, GRID).flags
    assert "insufficient" not in scoring.add_up([all_marks(3)] * 3, GRID).flags


def test_a_voice_without_a_total_is_no_third_voice_but_its_marks_count() -> None:
    partial = all_marks(None, A1=5)
    sums = scoring.add_up([all_marks(3), all_marks(3), partial], GRID)
    assert sums.count == 2
    assert "insufficient" in sums.flags
    assert sums.criteria["A1"].count == 3
    assert sums.mean == 60


def test_a_knock_out_criterion_below_2_blocks_and_2_does_not() -> None:
    below = [all_marks(3, A1=2), all_marks(3, A1=2), all_marks(3, A1=1)]
    assert scoring.add_up(below, GRID).flags == ["blocking:A1"]
    assert scoring.add_up([all_marks(3, A1=2)] * 3, GRID).flags == []
    assert scoring.add_up([all_marks(3, C7=1)] * 3, GRID).flags == []


def test_the_threshold_is_that_of_the_grid() -> None:
    """R20: what blocks is said by the grid."""
    sums = scoring.add_up([all_marks(3, A1=2)] * 3, GRID, knock_out_below=Decimal("2.5"))
    assert sums.flags == ["blocking:A1"]
    assert scoring.add_up([all_marks(3, A1=1)] * 3, GRID, knock_out_below=Decimal("1.0")).flags == []


def test_three_marks_apart_on_one_criterion_is_to_debate() -> None:
    assert scoring.add_up([all_marks(3, C7=1), all_marks(3, C7=4), all_marks(3)], GRID).flags == ["to_debate"]
    assert scoring.add_up([all_marks(3, C7=2), all_marks(3, C7=4), all_marks(3)], GRID).flags == []


def test_members_eight_tenths_apart_is_to_debate() -> None:
    """Means 2 and 4 by halves: deviation 1; 3 and 4: deviation 0.5; 2, 3, 4: √⅔ ≈ 0.816, just over."""
    assert scoring.add_up([all_marks(2), all_marks(4), all_marks(2), all_marks(4)], GRID).flags == ["to_debate"]
    assert scoring.add_up([all_marks(2), all_marks(3), all_marks(4)], GRID).flags == ["to_debate"]
    assert scoring.add_up([all_marks(3), all_marks(4), all_marks(3), all_marks(4)], GRID).flags == []


def test_a_deviation_is_of_the_population_not_of_a_sample() -> None:
    """Totals 40 and 80: 20 for the population, 28.284 for a sample."""
    assert scoring.add_up([all_marks(2), all_marks(4)], GRID).deviation == 20


def test_ties_are_settled_by_knock_out_criteria_then_the_first_block() -> None:
    """A1 (12) and B6 (8) are the knock-outs; A1, A2, A3 the first block (R22)."""
    sums = scoring.add_up([all_marks(3, A1=5, B6=2, A2=1, A3=4)], GRID)
    assert sums.knock_out_mean == three_decimals(Fraction(12 * 5 + 8 * 2, 20))
    assert sums.first_block_mean == three_decimals(Fraction(12 * 5 + 10 * 1 + 8 * 4, 30))


@pytest.mark.parametrize(
    ("value", "words"),
    [(Fraction(1, 3), "0.333"), (Fraction(2, 3), "0.667"), (Fraction(1, 2000), "0.001"), (Fraction(100), "100.000")],
)
def test_rounding_is_half_up(value: Fraction, words: str) -> None:
    assert str(scoring.rounded(value)) == words


@pytest.mark.parametrize(
    ("mean", "label"), [("70", "Favorable"), ("69.999", "À débattre"), ("55", "À débattre"), ("54.999", "Réservé")]
)
def test_reading_aids_are_labels(mean: str, label: str) -> None:
    assert scoring.reading(Decimal(mean)) == label


def test_a_draft_may_lack_scores_and_a_finished_one_may_not() -> None:
    partial = {code: Mark.THREE for code in list(WEIGHTS)[1:]}
    scoring.check_scores(AssessmentForm(scores=partial), GRID)
    with pytest.raises(Invalid) as refused:
        scoring.check_scores(AssessmentForm(scores=partial, finished=True), GRID)
    assert refused.value.errors == {"scores.A1": "A1 : donnez une note de 1 à 5, ou NSP."}


def test_a_criterion_of_another_grid_is_refused_by_name() -> None:
    with pytest.raises(Invalid) as refused:
        scoring.check_scores(AssessmentForm(scores={"Z9": Mark.ONE}, comments={"Z8": "non"}), GRID)
    assert set(refused.value.errors) == {"scores.Z9", "comments.Z8"}
