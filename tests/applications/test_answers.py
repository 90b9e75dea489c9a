"""Reading answers: limits, each kind, what a page shows and reads back, the canonical content. No database."""

import unicodedata
from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.applications.forms.answers import field_name, read_answer, sent_answer, sent_fields, stored_fields
from incubator.applications.forms.values import Wrong
from incubator.applications.rules.dossier import Content, canonical, content_hash
from incubator.calls.definitions import Column, Kind, Option, Question

OPTIONS = (Option("a", "A"), Option("b", "B"), Option("c", "C"))
COLUMNS = (
    Column("name", "Nom", Kind.LINE, limit=40, required=True),
    Column("days", "Jours", Kind.NUMBER, least=0, most=7, decimals=1),
    Column("since", "Depuis", Kind.DAY),
    Column("type", "Type", Kind.CHOICE, options=OPTIONS),
)
QUESTIONS = {
    Kind.LINE: Question("1.1", "L", Kind.LINE, limit=60),
    Kind.TEXT: Question("1.2", "T", Kind.TEXT, limit=200),
    Kind.NUMBER: Question("1.3", "N", Kind.NUMBER, least=-5, most=100_000, decimals=2),
    Kind.DAY: Question("1.4", "D", Kind.DAY),
    Kind.CHOICE: Question("1.5", "C", Kind.CHOICE, options=OPTIONS),
    Kind.CHOICES: Question("1.6", "C", Kind.CHOICES, options=OPTIONS),
    Kind.RANKED: Question("1.7", "R", Kind.RANKED, options=OPTIONS, ranks=2),
    Kind.ROWS: Question("1.8", "R", Kind.ROWS, columns=COLUMNS, rows_max=3),
    Kind.COMMUNE: Question("1.9", "C", Kind.COMMUNE),
    Kind.PHASE: Question("1.10", "P", Kind.PHASE),
    Kind.STATEMENT: Question("1.11", "S", Kind.STATEMENT),
    Kind.AMOUNT: Question("1.12", "A", Kind.AMOUNT, least=0),
    Kind.YES_NO: Question("1.13", "O", Kind.YES_NO),
    Kind.SCALE: Question("1.14", "E", Kind.SCALE, least=1, most=5, scale_words=("pas du tout", "tout à fait")),
    Kind.EPCI: Question("1.15", "I", Kind.EPCI),
    Kind.SIREN: Question("1.16", "S", Kind.SIREN),
    Kind.SIRET: Question("1.17", "S", Kind.SIRET),
    Kind.FILE: Question("1.18", "F", Kind.FILE, file_types=("pdf",), files_max=2, size_max=1000),
}
DOCUMENTS = [f"0190a000-0000-7000-8000-00000000000{n}" for n in range(3)]
PHASES = ("pre_incubation", "incubation")


def wrong(question: Question, sent: object) -> dict[str, str]:
    with pytest.raises(Wrong) as refused:
        read_answer(question, sent, PHASES)
    return refused.value.errors


@pytest.mark.parametrize(
    ("kind", "sent", "read"),
    [
        (Kind.LINE, " deux\n mots ", "deux mots"),
        (Kind.LINE, "", None),
        (Kind.TEXT, "a\r\nb", "a\nb"),
        (Kind.TEXT, "Cafe\u0301", "Café"),
        (Kind.TEXT, "a\u000bb\u200bc", "a\nbc"),
        (Kind.NUMBER, "1 234,5", "1234.5"),
        (Kind.NUMBER, "1\u202f234.50", "1234.5"),
        (Kind.NUMBER, "-0", "0"),
        (Kind.NUMBER, 2.5, "2.5"),
        (Kind.NUMBER, 100, "100"),
        (Kind.DAY, "29/02/2028", "2028-02-29"),
        (Kind.DAY, "2025-01-31", "2025-01-31"),
        (Kind.CHOICE, "b", "b"),
        (Kind.CHOICES, ["c", "a", "c"], ["a", "c"]),
        (Kind.CHOICES, [], None),
        (Kind.RANKED, ["c", "", "a"], ["c", "a"]),
        (Kind.ROWS, [{"name": "X", "days": ""}, {}, {"name": " "}], [{"name": "X"}]),
        (Kind.ROWS, [{"name": "X", "days": "2,5", "since": "01/02/2024", "type": "a"}],
         [{"name": "X", "days": "2.5", "since": "2024-02-01", "type": "a"}]),
        (Kind.COMMUNE, "2A004", "2A004"),
        (Kind.PHASE, "incubation", "incubation"),
        (Kind.STATEMENT, True, True),
        (Kind.STATEMENT, False, None),
        (Kind.AMOUNT, "1\u202f250,50\u00a0€", "1250.5"),
        (Kind.AMOUNT, "1 250,50", "1250.5"),
        (Kind.AMOUNT, 12, "12"),
        (Kind.AMOUNT, "", None),
        (Kind.YES_NO, "no", "no"),
        (Kind.SCALE, "5", "5"),
        (Kind.SCALE, 1, "1"),
        (Kind.EPCI, "244500468", "244500468"),
        (Kind.SIREN, "552 100 554", "552100554"),
        (Kind.SIRET, "552\u00a0100 554 00013", "55210055400013"),
        (Kind.SIRET, "356 000 000 09075", "35600000009075"),
        (Kind.SIRET, "356 000 000 00048", "35600000000048"),
        (Kind.FILE, [DOCUMENTS[0].upper(), DOCUMENTS[1], DOCUMENTS[0]], DOCUMENTS[:2]),
        (Kind.FILE, [""], None),
    ],
)  # fmt: skip
def test_what_is_sent_becomes_a_value(kind, sent, read):
    assert read_answer(QUESTIONS[kind], sent, PHASES) == read


@pytest.mark.parametrize(
    ("kind", "sent", "said"),
    [
        (Kind.LINE, "x" * 61, "Ce texte dépasse 60 caractères (61). Raccourcissez-le de 1 caractère."),
        (Kind.LINE, "a\x00", "illisible"),
        (Kind.LINE, ["x"], "Un texte est attendu"),
        (Kind.NUMBER, "1e400", "Écrivez un nombre"),
        (Kind.NUMBER, "NaN", "Écrivez un nombre"),
        (Kind.NUMBER, "1.234,56", "Écrivez un nombre"),
        (Kind.NUMBER, "１２", "Écrivez un nombre"),
        (Kind.NUMBER, "1_000", "Écrivez un nombre"),
        (Kind.NUMBER, "0x10", "Écrivez un nombre"),
        (Kind.NUMBER, "1,234", "2 chiffres après la virgule"),
        (Kind.NUMBER, "-6", "-5 ou plus"),
        (Kind.NUMBER, "100001", "100\u202f000 ou moins"),
        (Kind.NUMBER, True, "Un texte est attendu"),
        (Kind.DAY, "31/02/2026", "n’existe pas"),
        (Kind.DAY, "9999-12-31", "entre 1900 et 2199"),
        (Kind.CHOICE, "z", "réponses proposées"),
        (Kind.CHOICES, ["a", "z"], "réponses proposées"),
        (Kind.CHOICES, "a", "Une liste"),
        (Kind.RANKED, ["a", "a"], "deux fois"),
        (Kind.RANKED, ["a", "b", "c"], "2 réponses au plus"),
        (Kind.ROWS, [{"name": str(row)} for row in range(4)], "3 lignes"),
        (Kind.ROWS, [{"autre": "x"}], "ne ressemble pas"),
        (Kind.COMMUNE, "Tours", "Aucune commune"),
        (Kind.PHASE, "follow_up", "réponses proposées"),
        (Kind.STATEMENT, "oui", "vrai ou faux"),
        (Kind.AMOUNT, "1.234,56", "Écrivez un nombre"),
        (Kind.AMOUNT, "１２", "Écrivez un nombre"),
        (Kind.AMOUNT, "1e400", "Écrivez un nombre"),
        (Kind.AMOUNT, "0,005", "2 chiffres après la virgule"),
        (Kind.AMOUNT, "-1", "0 ou plus"),
        (Kind.YES_NO, "oui", "réponses proposées"),
        (Kind.SCALE, "6", "réponses proposées"),
        (Kind.SCALE, "4,5", "réponses proposées"),
        (Kind.EPCI, "Orléans", "Aucune intercommunalité"),
        (Kind.SIREN, "５５２１００５５４", "en chiffres"),
        (Kind.SIREN, "552100555", "n’existe pas"),
        (Kind.SIREN, "000 000 000", "n’existe pas"),
        (Kind.SIREN, "55210055", "vous en avez écrit 8"),
        (Kind.SIRET, "0" * 14, "n’existe pas"),
        (Kind.SIRET, "35600000009076", "n’existe pas"),
        (Kind.SIRET, "MC 552100554", "en chiffres"),
        (Kind.FILE, DOCUMENTS, "2 fichiers au plus"),
        (Kind.FILE, ["../etc/passwd"], "pas dans votre dossier"),
    ],
)
def test_what_cannot_be_taken_says_what_to_do(kind, sent, said):
    assert said in wrong(QUESTIONS[kind], sent)[""]


def test_every_wrong_cell_is_told_at_its_place():
    errors = wrong(QUESTIONS[Kind.ROWS], [{"name": "X"}, {"name": "x" * 41, "days": "9"}])
    assert sorted(errors) == ["1/days", "1/name"]
    assert field_name("2.1/0/days") == "q2-1_0_days"


@given(st.text(max_size=90))
def test_a_limit_counts_code_points_after_normalisation(text):
    """R3: the server counts what the browser counts: code points after NFC, a line end being one."""
    if any(c == "\x00" or 0xD800 <= ord(c) <= 0xDFFF or (ord(c) & 0xFFFE) == 0xFFFE or 0xFDD0 <= ord(c) <= 0xFDEF for c in text):
        return
    question = Question("1", "T", Kind.TEXT, limit=40)
    shown = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    try:
        read = read_answer(question, text, PHASES) or ""
    except Wrong:
        assert len(shown) > 40
    else:
        assert len(read) <= min(40, len(shown))
        assert read == unicodedata.normalize("NFC", read)


words = st.text(alphabet="abcéàç’ -,.\n", min_size=1, max_size=40).map(str.strip).filter(bool)
lines = words.map(lambda text: " ".join(text.split()))
numbers = st.decimals(min_value=0, max_value=7, places=1).map(lambda n: format(n.normalize() + 0, "f"))
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)).map(str)
codes = st.sampled_from(["a", "b", "c"])
cells = st.fixed_dictionaries({"name": lines}, optional={"days": numbers, "since": days, "type": codes})
VALUES = {
    Kind.LINE: lines,
    Kind.TEXT: words,
    Kind.NUMBER: numbers,
    Kind.DAY: days,
    Kind.CHOICE: codes,
    Kind.CHOICES: st.sets(codes, min_size=1).map(sorted),
    Kind.RANKED: st.lists(codes, min_size=1, max_size=2, unique=True),
    Kind.ROWS: st.lists(cells, min_size=1, max_size=3),
    Kind.COMMUNE: st.sampled_from(["37261", "2A004"]),
    Kind.PHASE: st.sampled_from(PHASES),
    Kind.STATEMENT: st.just(True),
    Kind.AMOUNT: st.decimals(min_value=0, max_value=10**9, places=2).map(lambda n: format(n.normalize() + 0, "f")),
    Kind.YES_NO: st.sampled_from(["yes", "no"]),
    Kind.SCALE: st.integers(1, 5).map(str),
    Kind.EPCI: st.just("244500468"),
    Kind.SIREN: st.just("552100554"),
    Kind.SIRET: st.sampled_from(["55210055400013", "35600000009075"]),
    Kind.FILE: st.lists(st.sampled_from(DOCUMENTS), min_size=1, max_size=2, unique=True),
}


@given(st.sampled_from(list(QUESTIONS)).flatmap(lambda kind: st.tuples(st.just(kind), VALUES[kind])))
def test_what_a_page_shows_is_read_back_as_the_same(pair):
    kind, value = pair
    question = QUESTIONS[kind]
    fields = stored_fields(question, value)
    assert set(fields) <= sent_fields(question)
    assert read_answer(question, sent_answer(question, fields), PHASES) == value


contents = st.dictionaries(
    st.sampled_from([f"{n}.{m}" for n in range(9) for m in range(9)]), st.one_of(*VALUES.values()), max_size=8
)


@given(contents, st.randoms())
def test_the_content_is_written_down_in_one_way_only(answers, chance):
    """R4: the same answers in another order, or read back, have the same hash; another answer has another."""
    shuffled = list(answers.items())
    chance.shuffle(shuffled)
    content = Content(answers=answers, call="AAC")
    assert content_hash(Content(answers=dict(shuffled), call="AAC")) == content_hash(content)
    assert canonical(msgspec.json.decode(canonical(content), type=Content)) == canonical(content)
    assert content_hash(Content(answers=answers | {"9.9": "autre"}, call="AAC")) != content_hash(content)


def test_a_text_to_read_is_never_answered():
    information = Question("1.19", "À lire", Kind.INFORMATION)
    assert sent_fields(information) == set()
    assert read_answer(information, None, PHASES) is None
    assert "n’attend pas de réponse" in wrong(information, "oui")[""]


def test_a_number_keeps_its_exact_value():
    assert Decimal(read_answer(QUESTIONS[Kind.NUMBER], "0,10", PHASES)) == Decimal("0.1")
