"""The file of a call: read with care, written always the same, round trip identical."""

from __future__ import annotations

from decimal import Decimal
from unicodedata import normalize

import msgspec
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from incubator.calls.definitions import Kind, Option, Question, Section
from incubator.calls.files import CallFile, FaqPart, as_json, as_yaml, read_call_file
from incubator.calls.files.plain_yaml import read_yaml, write_yaml
from incubator.calls.reference import FILE, reference
from incubator.core.errors import Invalid
from incubator.core.text import Unreadable, clean

REFERENCE = FILE.read_bytes()
NASTY = (
    "yes", "no", "null", "~", "045", "0x1F", "1e9", "2026-01-30", "12:30:45", "- tiret", "# dièse", "a: b", "'", '"', "{", "*x",
    "&x", "!x", "%a", "@b", "`c`", "e\u0302", "👩🏽‍🔬", "مرحبا", "日本", "fin\n\n  retrait\nfin", "tab\tici",
    "a\u00a0b\u202fc", "\\n",
)  # fmt: skip


def whole() -> CallFile:
    known = reference()
    return CallFile(
        call=known.call, plan=known.plan, form=known.form, grid=known.grid,
        faq=(FaqPart(question="Combien ?", answer="Rien.\n\nC’est gratuit."), FaqPart(section="S2", question="Q ?", answer="R.")),
    )  # fmt: skip


def sentence(body: bytes | str) -> str:
    with pytest.raises(Invalid) as wrong:
        read_call_file(body.encode() if isinstance(body, str) else body)
    assert list(wrong.value.errors) == ["file"]
    return wrong.value.errors["file"].replace("\xa0", " ")


@pytest.mark.parametrize("write", [as_yaml, as_json])
def test_what_is_written_is_read_again_and_written_the_same(write):
    written = write(whole())
    assert read_call_file(written) == whole()
    assert write(read_call_file(written)) == written
    assert read_call_file(as_json(read_call_file(written))) == whole()


@pytest.mark.parametrize("text", NASTY)
def test_no_text_is_taken_for_something_else(text):
    question = Question("1", text, Kind.CHOICE, help=text, options=(Option("a", text),))
    form = msgspec.structs.replace(whole().form, sections=(Section("S1", text, (question,)),), eligibility=(), self_test=())
    file = msgspec.structs.replace(whole(), form=form, faq=(FaqPart(question="Q ?", answer=text),))
    kept = read_call_file(as_json(file))  # a title is one line, in one normal form
    assert kept.faq[0].answer == normalize("NFC", text)
    assert read_call_file(as_yaml(kept)) == kept
    assert as_yaml(read_call_file(as_yaml(kept))) == as_yaml(kept)


def test_the_reference_programme_is_such_a_file():
    file = read_call_file(REFERENCE)
    assert file.call is not None
    assert (file.call.code, file.call.places) == ("AAC-CVL-2026-1", {"pre_incubation": 10, "incubation": 2})
    assert (file.call.opens_at.isoformat(), file.call.closes_at.isoformat()) == (
        "2025-12-01T08:00:00+00:00",
        "2026-01-30T22:59:00+00:00",
    )
    assert (file.strategy is not None, file.programme is not None) == (True, True)


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("kind: rows", "kind: rangs", "form › sections › S2 › questions › 2.1 › kind : « rangs » ne se choisit pas ici."),
        ("closes_at: 2026-01-30T23:59", "closes_at: 2026-03-29T02:30", "call › closes_at : Cette heure n’existe pas"),
        ("closes_at: 2026-01-30T23:59", "closes_at: 2026-10-25T02:30", "call › closes_at : Cette heure existe deux fois"),
        ("closes_at: 2026-01-30T23:59", "closes_at: demain", "call › closes_at : écrivez l’instant comme ceci"),
        ("notify_on: 2026-03-12", "notify_on: bientot", "call › notify_on : on attend une date"),
        ("pre_incubation: 10,", "pre_incubation: dix,", "call › places › pre_incubation : on attend un nombre entier."),
        ("  title: Dossier de", "  titre: Dossier de", "form : le champ « titre » n’existe pas."),
        ("planned_months: 12", "planned_months: 1e99999", "plan › phases › 3 › planned_months : ce nombre est trop grand"),
        ("code: sress-cvl", "code: sress cvl", "strategy › code : ce code a un caractère qui ne va pas dans un code."),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(written: str, instead: str, told: str):
    assert REFERENCE.count(written.encode()) >= 1
    assert told in sentence(REFERENCE.replace(written.encode(), instead.encode(), 1))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", "Ce fichier est vide."),
        ("- a\n- b\n", "ne décrit pas un appel"),
        ("form: x\n", "form : on attend des champs."),
        ("grid: {title: G}\n", "ce fichier : le champ « form » manque."),
        (b"\xff\xfe", "UTF-8"),
        (b"x" * 1_000_001, "un million d’octets"),
        ("a: &x [1]\nb: *x\n", "Ligne 1 : les renvois"),
        ("a: *x\n", "Ligne 1 : les renvois"),
        ("a: !!python/object/apply:os.system ['true']\n", "Ligne 1 : les types"),
        ("a: 1\na: 2\n", "Ligne 2 : « a » est dit deux fois."),
        ("a: [1\nb: 2\n", "ce n’est pas du YAML"),
        ("a: 1\n---\nb: 2\n", "plusieurs documents"),
        ("? [a]\n: 1\n", "une clé est un mot"),
        ("[" * 50, "trop profond"),
        ("a: " + "[" * 40 + "]" * 40, "trop profond"),
        ("a: [" + "1," * 100_001 + "]", "trop de valeurs"),
        ('{"form": ' + '{"a":' * 40 + "1" + "}" * 41, "trop profond"),
        ('{"form": 1, "form": 2}', "illisible"),
        ('{"form": ', "illisible"),
        ("a: \x00\n", "illisible"),
        ('{"form": {"title": "\\ud800"}}', "form › title : ce texte contient un caractère illisible."),
        ("<<: {a: 1}\n", "le champ « << » n’existe pas."),
    ],
)
def test_a_hostile_file_is_refused_in_words(body, told):
    assert told in sentence(body)


def test_a_decimal_is_kept_exact():
    file = read_call_file(as_yaml(whole()))
    assert file.plan is not None
    assert [phase.planned_months for phase in file.plan.phases] == [Decimal("0.5"), Decimal(4), Decimal(12), Decimal(36)]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80), st.text(max_size=20))
def test_any_text_comes_back_from_yaml(text: str, key: str):
    try:
        text, key = clean(text), clean(key, line=True)
    except Unreadable:
        reject()
    told = {key: [text, {"a": text, "b": [key, None, [text]]}]}
    assert read_yaml(write_yaml(told)) == told
