"""What differs between two versions, in words, and nothing else."""

from __future__ import annotations

import msgspec

from incubator.calls.definitions import Condition, Kind, Option, Question, Section
from incubator.calls.reference import reference
from incubator.calls.rules.difference import form_difference, grid_difference, summary
from incubator.calls.rules.editing import move_question, shift_question, with_question, without_question
from incubator.calls.rules.telling import both_questions, told
from incubator.calls.rules.wording import condition_words
from tests.world.building import SMALL

SLOGAN = Question("1.9", "Votre slogan", Kind.LINE, limit=80)


def seen(after, before=SMALL):
    return [(change.what, change.code) for change in form_difference(before, after)]


def test_a_form_does_not_differ_from_itself():
    assert seen(SMALL) == []
    assert form_difference(reference().form, reference().form) == []
    assert grid_difference(reference().grid, reference().grid) == []


def test_what_is_added_removed_and_changed():
    section = msgspec.structs.replace(SMALL.sections[0], questions=(*SMALL.sections[0].questions[1:], SLOGAN))
    after = msgspec.structs.replace(SMALL, sections=(section, SMALL.sections[1]), self_test=())
    after = with_question(after, msgspec.structs.replace(after.questions[0], label="Existe-t-il ?"))
    assert seen(after) == [("changed", "1.2"), ("added", "1.9"), ("removed", "1.1"), ("removed", "T1")]
    assert summary(form_difference(SMALL, after)) == "1 ajout, 2 retraits, 1 modification"


def test_one_question_that_moves_is_one_move():
    """The others kept their order: they did not move."""
    form = reference().form
    assert seen(move_question(form, "1.1", "S1", 5), form) == [("moved", "1.1")]
    assert seen(shift_question(form, "2.2", -1), form) in ([("moved", "2.2")], [("moved", "2.1")])
    away = form_difference(form, move_question(form, "1.1", "S2", 0))
    assert [(change.what, change.code, change.was_in, change.where) for change in away] == [
        ("moved", "1.1", "Le projet en bref", "L’équipe")
    ]


def test_a_section_that_is_renamed_moves_none_of_its_questions():
    renamed = msgspec.structs.replace(SMALL.sections[0], title="L’idée")
    assert seen(msgspec.structs.replace(SMALL, sections=(renamed, SMALL.sections[1]))) == [("changed", "S1")]


def test_a_section_that_moves_is_said_once():
    after = msgspec.structs.replace(SMALL, sections=SMALL.sections[::-1])
    assert [change.kind for change in form_difference(SMALL, after)].count("section") == 1


def test_each_field_is_told_in_words():
    question = msgspec.structs.replace(
        SMALL.questions[2], required=True, when=Condition(some=(Condition("1.2", values=("no",)), Condition("2.1", least=3)))
    )
    after = with_question(SMALL, question)
    (change,) = told(form_difference(SMALL, after), both_questions(SMALL, after))
    assert [(field.name, field.before, field.after) for field in change.fields] == [
        ("Obligatoire", "non", "oui"),
        ("Posée si", "1.2 est «\xa0Oui\xa0»", "1.2 est «\xa0Non\xa0» ou 2.1 fait au moins 3"),
    ]


def test_an_answer_that_is_proposed_is_told():
    question = msgspec.structs.replace(SMALL.questions[1], options=(*SMALL.questions[1].options, Option("soon", "Bientôt")))
    (change,) = told(form_difference(SMALL, with_question(SMALL, question)), {})
    assert [(field.name, field.before, field.after) for field in change.fields] == [
        ("Réponses proposées", "Oui · Non", "Oui · Non · Bientôt")
    ]


def test_a_grid_tells_its_weights():
    grid = reference().grid
    first = grid.blocks[0]
    lighter = msgspec.structs.replace(first.criteria[0], weight=11)
    after = msgspec.structs.replace(
        grid, blocks=(msgspec.structs.replace(first, criteria=(lighter, *first.criteria[1:])), *grid.blocks[1:])
    )
    (change,) = told(grid_difference(grid, after), {})
    assert (change.code, [(field.name, field.before, field.after) for field in change.fields]) == ("A1", [("Poids", "12", "11")])


def test_conditions_in_conditions_keep_their_brackets():
    deep = Condition(
        every=(Condition(some=(Condition("1.2", values=("yes",)), Condition("1.2", values=("no",)))), Condition("2.1", most=4))
    )
    questions = {one.code: one for one in SMALL.questions}
    assert condition_words(deep, questions).replace("\xa0", " ") == "(1.2 est « Oui » ou 1.2 est « Non ») et 2.1 fait au plus 4"


def test_removing_a_section_removes_its_questions():
    after = msgspec.structs.replace(SMALL, sections=(Section("S1", "Le projet", SMALL.sections[0].questions),))
    assert seen(after) == [("removed", "S2"), ("removed", "2.1")]
    assert seen(without_question(SMALL, "2.1")) == [("removed", "2.1")]
