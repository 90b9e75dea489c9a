"""Every reason of the rules of calls, in every state; no database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from incubator.calls import rules
from incubator.calls.definitions import (
    BlockDefinition,
    Column,
    Condition,
    CriterionDefinition,
    Effect,
    EligibilityRule,
    FormDefinition,
    GridDefinition,
    Kind,
    Option,
    Question,
    Readers,
    Section,
)
from incubator.calls.reference import read_reference, reference
from incubator.calls.rules import CallFacts, CallState, Publishing
from incubator.core.errors import Invalid
from incubator.core.ids import new_id

OPENS = datetime(2025, 12, 1, 8, tzinfo=UTC)
CLOSES = datetime(2026, 1, 30, 22, 59, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FACTS = CallFacts(new_id(), new_id(), "AAC-1", OPENS, CLOSES, date(2026, 3, 1), ["45"], OPENS - timedelta(days=5), 1, 12)
DRAFT = msgspec.structs.replace(FACTS, published_at=None)
MOMENTS = {
    CallState.DRAFT: (DRAFT, OPENS - timedelta(days=2)),
    CallState.SCHEDULED: (FACTS, OPENS - SECOND),
    CallState.OPEN: (FACTS, CLOSES - SECOND),
    CallState.CLOSED: (FACTS, CLOSES),
    CallState.ARCHIVED: (msgspec.structs.replace(FACTS, archived_at=CLOSES + timedelta(days=9)), CLOSES + timedelta(days=9)),
}
YES_NO = (Option("yes", "Oui"), Option("no", "Non"))


@pytest.mark.parametrize("state", CallState)
def test_the_state_is_read_from_the_clock(state):
    facts, at = MOMENTS[state]
    assert rules.state_of(facts, at) is state


def test_a_call_opens_at_its_instant_and_has_no_grace():
    assert rules.state_of(FACTS, OPENS) is CallState.OPEN
    assert rules.state_of(FACTS, CLOSES - timedelta(microseconds=1)) is CallState.OPEN
    assert rules.state_of(FACTS, CLOSES) is CallState.CLOSED
    assert rules.state_of(DRAFT, CLOSES) is CallState.DRAFT


def ready(facts: CallFacts) -> Publishing:
    """Nothing is missing but what the facts lack."""
    return Publishing(facts, "Titre", "Bienvenue.", reference().form, 1, reference().grid, 1, None, None, 3, 1, ("Loiret",))


@pytest.mark.parametrize("state", CallState)
def test_each_verb_is_for_the_states_of_its_move(state):
    facts, at = MOMENTS[state]
    later = CLOSES + timedelta(days=1)
    said = {
        "edit": rules.why_not_edit(facts, at),
        "publish": rules.why_not_publish(ready(facts), at),
        "extend": rules.why_not_extend(facts, later, at),
        "archive": rules.why_not_archive(facts, at),
        "restore": rules.why_not_restore(facts, at),
    }
    for verb, reason in said.items():
        assert (reason is None) == (state in rules.MOVES[verb][0]), (verb, reason)


def test_the_day_of_the_answer_may_be_the_day_of_the_closing_in_paris():
    evening = datetime(2026, 1, 30, 23, 30, tzinfo=UTC)  # already the 31st in Paris
    assert list(rules.check_dates(OPENS, evening, date(2026, 1, 30))) == ["notify_on"]
    assert rules.check_dates(OPENS, evening, date(2026, 1, 31)) == {}
    assert list(rules.check_dates(OPENS, OPENS, date(2026, 1, 31))) == ["closes_at"]


def test_the_proposed_code_is_the_next_free_one():
    assert rules.proposed_code("alter-incub-cvl", [], 2026) == "AAC-CVL-2026-1"
    taken = ["AAC-CVL-2026-1", "AAC-CVL-2026-3", "AAC-CVL-2025-2"]
    assert rules.proposed_code("alter-incub-cvl", taken, 2026) == "AAC-CVL-2026-2"


def form(*questions: Question, eligibility: tuple[EligibilityRule, ...] = ()) -> FormDefinition:
    return FormDefinition("F", (Section("S1", "Un", questions),), eligibility)


def line(code: str, **changed: Any) -> Question:
    return msgspec.structs.replace(Question(code, "Libellé", Kind.LINE, limit=80), **changed)


BRANCH = Question("2", "Déjà ?", Kind.CHOICE, options=YES_NO)
ROWS = Question("3", "Qui ?", Kind.ROWS, rows_max=3, columns=(Column("name", "Nom", Kind.LINE, limit=80),))
RANKED = Question("4", "Lesquels ?", Kind.RANKED, ranks=2, options=YES_NO)


def test_a_sound_form_has_nothing_against_it():
    asked = line("5", when=Condition("2", ("yes",)))
    assert rules.why_not_form(form(line("1"), BRANCH, ROWS, RANKED, asked)) is None


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (form(line("1"), line("1")), "sert deux fois"),
        (form(line("1", when=Condition("2", ("yes",))), BRANCH), "n’est pas posée avant"),
        (form(line("1", when=Condition("1", ("yes",)))), "n’est pas posée avant"),
        (form(line("1", required_when=Condition("9", ("yes",)))), "n’est pas posée avant"),
        (form(line("1"), line("5", when=Condition("1", ("yes",)))), "réponse est libre"),
        (form(BRANCH, line("5", when=Condition("2", ("maybe",)))), "ne propose pas"),
        (form(line("1", limit=0)), "limite de caractères"),
        (form(Question("1", "Combien ?", Kind.NUMBER, limit=3)), "limite de caractères"),
        (form(Question("1", "Combien ?", Kind.NUMBER, least=3, most=2)), "au-dessus"),
        (form(Question("1", "Lequel ?", Kind.CHOICE)), "ne propose encore aucune réponse"),
        (form(line("1", options=YES_NO)), "vont avec un choix"),
        (form(msgspec.structs.replace(BRANCH, options=(*YES_NO, YES_NO[0]))), "proposée deux fois"),
        (form(msgspec.structs.replace(ROWS, columns=())), "des colonnes"),
        (form(msgspec.structs.replace(ROWS, rows_max=0)), "des colonnes"),
        (form(line("1", rows_max=2)), "seule une question en lignes"),
        (form(msgspec.structs.replace(ROWS, columns=ROWS.columns * 2)), "colonne name sert deux fois"),
        (form(msgspec.structs.replace(ROWS, columns=(Column("where", "Où", Kind.COMMUNE),))), "une colonne est"),
        (form(msgspec.structs.replace(ROWS, columns=(Column("name", "Nom", Kind.LINE),))), "limite de caractères"),
        (form(msgspec.structs.replace(RANKED, ranks=0)), "nombre de rangs"),
        (form(msgspec.structs.replace(RANKED, ranks=3)), "plus de rangs"),
        (form(line("1"), eligibility=(EligibilityRule("E1", "R", Effect.WARNING, questions=("9",)),)), "n’existe pas"),
        (form(line("1"), eligibility=(EligibilityRule("E1", "R", Effect.WARNING),) * 2), "sert deux fois"),
    ],
)
def test_a_form_that_does_not_hold_together_is_told(broken: FormDefinition, words: str):
    reason = rules.why_not_form(broken)
    assert reason is not None
    assert words in reason


@pytest.mark.parametrize(
    ("answers", "asked", "required"),
    [
        ({}, False, False),
        ({"2": "no"}, False, False),
        ({"2": "yes"}, True, True),
        ({"2": ["no", "yes"]}, True, True),
        ({"2": True}, False, False),
        ({"2": None}, False, False),
    ],
)
def test_a_question_waits_for_its_answer(answers: dict[str, Any], asked: bool, required: bool):
    question = line("5", required=True, when=Condition("2", ("yes",)))
    assert (rules.is_asked(question, answers), rules.is_required(question, answers)) == (asked, required)


def test_the_budget_is_required_for_incubation_only():
    budget = next(question for question in reference().form.questions if question.code == "6.3")
    assert rules.is_asked(budget, {})
    assert not rules.is_required(budget, {"1.5": "pre_incubation"})
    assert rules.is_required(budget, {"1.5": "incubation"})
    ticked = line("5", required_when=Condition("10.1", ("true",)))
    assert rules.is_required(ticked, {"10.1": True})


def grid(*weights: int, codes: tuple[str, ...] = ()) -> GridDefinition:
    criteria = tuple(
        CriterionDefinition(codes[index] if codes else f"A{index}", "Critère", weight, "un", "trois", "cinq")
        for index, weight in enumerate(weights)
    )
    return GridDefinition("G", (BlockDefinition("A", "Bloc", criteria),))


@pytest.mark.parametrize(("weights", "total"), [((50, 49), 99), ((50, 51), 101)])
def test_weights_sum_to_100(weights: tuple[int, ...], total: int):
    """R23."""
    assert rules.why_not_grid(grid(*weights)) == f"Les poids font {total} au lieu de 100."
    assert rules.why_not_grid(grid(50, 50)) is None


def test_a_criterion_code_serves_once():
    assert rules.why_not_grid(grid(50, 50, codes=("A1", "A1"))) == "Le code A1 sert deux fois."


def test_a_form_cites_criteria_that_exist():
    asked = form(line("1", criteria=("Z9",)))
    assert rules.why_not_criteria(asked, grid(100)) == "La question 1 cite le critère Z9, que la grille n’a pas."


def test_the_reference_programme_holds_together():
    wanted = reference()
    assert rules.why_not_form(wanted.form) is None
    assert rules.why_not_grid(wanted.grid) is None
    assert rules.why_not_criteria(wanted.form, wanted.grid) is None
    assert [criterion.weight for criterion in wanted.grid.criteria] == [12, 10, 8, 9, 8, 8, 10, 7, 8, 8, 6, 6]
    assert [one.code for one in wanted.grid.criteria if one.is_knock_out] == ["A1", "B6"]
    assert [one.code for one in wanted.grid.criteria if one.is_preselection] == ["A1", "A2", "B6", "C7", "D10", "D11"]
    assert [rule.code for rule in wanted.form.eligibility] == [f"E{number}" for number in range(1, 11)]


LIMITS = {
    **{"1.1": 80, "1.2": 200, "1.3": 1000, "2.2": 1500, "2.3": 800, "3.1": 1500, "3.2": 1000, "3.3": 1200, "3.4": 1200},
    **{"4.1": 2000, "4.2b": 1200, "4.3": 1200, "4.4": 1000, "5.1": 1200, "5.3": 1000, "5.5": 800, "6.1": 1200, "6.2": 800},
    **{"6.4c": 600, "7.1": 1200, "7.3": 500, "8.1b": 1200, "8.2b": 600, "8.4": 500, "1.6b": 300, "1.7b": 150},
}


def test_the_limits_of_the_reference_form():
    """R3."""
    assert {one.code: one.limit for one in reference().form.questions if one.limit} == LIMITS


def test_every_criterion_is_informed_and_only_the_last_answer_is_reserved():
    """R12: whom the applicant does not want as a reader is for the manager alone."""
    questions = reference().form.questions
    cited = {code for question in questions for code in question.criteria}
    assert cited == {criterion.code for criterion in reference().grid.criteria}
    assert [question.code for question in questions if question.readers is Readers.MANAGER] == ["10.7"]


def test_a_file_with_an_unknown_word_is_refused():
    with pytest.raises(Invalid) as wrong:
        read_reference("form: {title: F}\ngrid: {title: G}\nstrategy: {surprise: 1}")
    assert wrong.value.errors == {"file": "strategy\u00a0: le champ «\u00a0surprise\u00a0» n’existe pas."}
