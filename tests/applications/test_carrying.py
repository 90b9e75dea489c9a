"""Answers that go from one form to another: kept, moved, converted without loss, or left with a reason (R8). No database."""

from __future__ import annotations

import pytest

from incubator.applications.rules.carrying import carry
from incubator.calls.definitions import Column, FormDefinition, Kind, Option, Question, Section

AB = (Option("a", "A"), Option("b", "B"))
PHASES = ("incubation",)


def a_form(*questions: Question, section: str = "S1", title: str = "Le projet") -> FormDefinition:
    return FormDefinition("Formulaire", (Section(section, title, questions),))


def carried(old: Question, new: Question, value: object, **options: bool):
    result = carry(a_form(old), a_form(new), {old.code: value}, PHASES, **options)
    return result.carried[0].value if result.carried else result.left[0].why


@pytest.mark.parametrize(
    ("old", "new", "value", "becomes"),
    [
        (Question("1", "L", Kind.LINE, limit=60), Question("1", "T", Kind.TEXT, limit=200), "Un vélo", "Un vélo"),
        (Question("1", "T", Kind.TEXT, limit=200), Question("1", "L", Kind.LINE, limit=60), "Un vélo", "Un vélo"),
        (Question("1", "N", Kind.NUMBER, decimals=2), Question("1", "A", Kind.AMOUNT), "1250.5", "1250.5"),
        (Question("1", "N", Kind.NUMBER, unit="Euros"), Question("1", "A", Kind.AMOUNT), "1250.5", "1250.5"),
        (Question("1", "L", Kind.LINE, limit=60), Question("1", "A", Kind.AMOUNT), "1 250,50", "1250.5"),
        (Question("1", "L", Kind.LINE, limit=60), Question("1", "S", Kind.SIREN), "552 100 554", "552100554"),
        (Question("1", "C", Kind.CHOICE, options=AB), Question("1", "C", Kind.CHOICES, options=AB), "a", ["a"]),
        (Question("1", "C", Kind.CHOICES, options=AB), Question("1", "C", Kind.CHOICE, options=AB), ["b"], "b"),
    ],
)
def test_an_answer_is_converted_when_it_says_the_same(old, new, value, becomes):
    assert carried(old, new, value) == becomes


ROWS = Question(
    "1", "R", Kind.ROWS, rows_max=2, columns=(Column("a", "A", Kind.LINE, limit=9), Column("b", "B", Kind.LINE, limit=9))
)
FEWER = Question("1", "R", Kind.ROWS, rows_max=1, columns=ROWS.columns)
RANKED = Question("1", "K", Kind.RANKED, options=AB, ranks=2)
LESS = Question("1", "R", Kind.ROWS, rows_max=2, columns=ROWS.columns[:1])


SCALE = Question("1", "É", Kind.SCALE, least=1, most=5)
CHOSEN = Question("1", "R", Kind.ROWS, rows_max=2, columns=(Column("a", "A", Kind.CHOICE, options=AB), ROWS.columns[1]))


@pytest.mark.parametrize(
    ("old", "new", "value", "why"),
    [
        (Question("1", "T", Kind.TEXT, limit=200), Question("1", "T", Kind.TEXT, limit=3), "abcd", "dépasse 3 caractères"),
        (Question("1", "T", Kind.TEXT, limit=200), Question("1", "L", Kind.LINE, limit=60), "un\ndeux", "ne tient pas"),
        (Question("1", "C", Kind.CHOICE, options=AB), Question("1", "C", Kind.CHOICE, options=AB[:1]), "b", "réponses proposées"),
        (Question("1", "C", Kind.CHOICES, options=AB), Question("1", "C", Kind.CHOICE, options=AB), ["a", "b"], "autre sorte"),
        (Question("1", "C", Kind.CHOICE, options=AB), Question("1", "T", Kind.TEXT, limit=9), "a", "autre sorte"),
        (Question("1", "S", Kind.STATEMENT), Question("1", "S, revue", Kind.STATEMENT), True, "accepter de nouveau"),
        (
            Question("1", "S", Kind.STATEMENT, help="Rien n’est vendu."), Question("1", "S", Kind.STATEMENT, help="Tout l’est."),
            True, "accepter de nouveau",
        ),
        (RANKED, Question("1", "C", Kind.CHOICES, options=AB), ["b", "a"], "autre sorte"),
        (Question("1", "C", Kind.CHOICES, options=AB), RANKED, ["a", "b"], "autre sorte"),
        (Question("1", "L", Kind.LINE, limit=60), Question("2", "L", Kind.LINE, limit=60), "x", "n’existe plus"),
        (ROWS, FEWER, [{"a": "1"}, {"a": "2"}], "1 lignes"),
        (ROWS, LESS, [{"a": "1", "b": "2"}], "ne ressemble pas"),
        (SCALE, Question("1", "É", Kind.SCALE, least=1, most=10), "5", "autrement"),
        (Question("1", "N", Kind.NUMBER, unit="euros"), Question("1", "N", Kind.NUMBER, unit="k€"), "50000", "autrement"),
        (CHOSEN, ROWS, [{"a": "b"}], "autrement"),
    ],
)  # fmt: skip
def test_an_answer_that_would_lose_something_is_left_with_its_reason(old, new, value, why):
    assert why in carried(old, new, value)


def test_statements_and_files_belong_to_their_application():
    """R8: what is accepted or attached is accepted and attached again."""
    statement = Question("1", "S", Kind.STATEMENT)
    file = Question("1", "F", Kind.FILE, file_types=("pdf",), files_max=1, size_max=9)
    assert carried(statement, statement, True) is True
    assert "accepter de nouveau" in carried(statement, statement, True, to_another=True)
    assert "ajoutez-les de nouveau" in carried(file, file, ["0190a000-0000-7000-8000-000000000000"], to_another=True)


def test_a_question_that_moved_and_one_that_is_new_are_named():
    line = Question("1", "L", Kind.LINE, limit=60)
    new = FormDefinition("F", (Section("S1", "Début", (Question("2", "Neuve", Kind.YES_NO),)), Section("S2", "Fin", (line,))))
    told = carry(a_form(line), new, {"1": "x"}, PHASES)
    assert [(one.question, one.moved_from, one.section) for one in told.moved] == [("1", "Le projet", "Fin")]
    assert [one.question for one in told.asked_anew] == ["2"]
    assert (told.left, told.converted) == ([], [])
