"""The call as everybody reads it before starting: everything asked, in words, on the page and on paper."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta

import pytest

from incubator.calls.actions.faq import add_faq_entry
from incubator.calls.definitions import Condition, FormDefinition, Kind, Option, Question, Readers, Section
from incubator.calls.pdf import empty_form, question_facts
from incubator.calls.public_forms import FaqForm
from incubator.calls.queries import form_of, visible_call
from incubator.calls.rules.reading import readable
from incubator.core.clock import now
from incubator.core.typesetting import typeset
from tests.world.calls import a_call, a_draft_call
from tests.world.people import a_manager
from tests.world.programmes import the_programme

DAY = timedelta(days=1)

EVERY_KIND = FormDefinition(
    title="Tout",
    sections=(
        Section(
            code="S1",
            title="Tout ce qui se demande",
            questions=(
                Question(code="i", label="À savoir", kind=Kind.INFORMATION, help="Prenez votre temps."),
                Question(code="l", label="Nom", kind=Kind.LINE, limit=80, required=True),
                Question(code="t", label="Récit", kind=Kind.TEXT, limit=1500),
                Question(code="n", label="Emplois", kind=Kind.NUMBER, unit="ETP"),
                Question(code="a", label="Budget", kind=Kind.AMOUNT),
                Question(code="d", label="Depuis quand ?", kind=Kind.DAY),
                Question(code="y", label="Déjà créée ?", kind=Kind.YES_NO),
                Question(
                    code="c", label="Forme", kind=Kind.CHOICE, options=(Option("scic", "Scic"), Option("asso", "Association"))
                ),
                Question(code="m", label="Secteurs", kind=Kind.CHOICES, options=(Option("a", "Agriculture"),)),
                Question(code="r", label="Besoins", kind=Kind.RANKED, ranks=3, options=(Option("b", "Bureau"),)),
                Question(code="e", label="Stade", kind=Kind.SCALE, least=1, most=5, scale_words=("idée", "ventes")),
                Question(code="q", label="Équipe", kind=Kind.ROWS, rows_max=8),
                Question(code="k", label="Commune", kind=Kind.COMMUNE),
                Question(code="p", label="Intercommunalité", kind=Kind.EPCI),
                Question(code="s", label="SIREN", kind=Kind.SIREN, when=Condition(question="y", values=("yes",))),
                Question(code="u", label="SIRET", kind=Kind.SIRET, readers=Readers.MANAGER),
                Question(code="h", label="Phase", kind=Kind.PHASE),
                Question(
                    code="f",
                    label="Statuts",
                    kind=Kind.FILE,
                    files_max=2,
                    file_types=("pdf", "odt"),
                    size_max=10_000_000,
                    when=Condition(
                        every=(
                            Condition(question="y", values=("yes",)),
                            Condition(some=(Condition(question="c", values=("scic",)), Condition(question="n", least=2))),
                        )
                    ),
                ),
                Question(code="x", label="J’accepte", kind=Kind.STATEMENT, required=True),
            ),
        ),
    ),
)


def test_every_kind_is_told_in_words():
    told = {one.code: one for one in readable(EVERY_KIND, {"pre": "Pré-incubation"})[0].questions}
    assert set(told) == {question.code for question in EVERY_KIND.questions}
    assert [code for code, one in told.items() if not one.is_answered] == ["i"]
    assert all(one.how for one in told.values() if one.is_answered)
    assert told["t"].how == "1\u202f500 caractères au plus"
    assert told["e"].how == "de 1 (idée) à 5 (ventes)"
    assert told["f"].how == "2 fichiers au plus, pdf, odt, 10\u00a0Mo chacun"
    assert told["h"].options == [("Pré-incubation", "")]
    assert told["l"].needed == "always"
    assert told["u"].readers == "lu par le responsable du programme seul"
    assert (told["t"].lines, told["l"].lines, told["x"].lines) == (17, 1, 0)


def test_conditions_are_told_with_and_and_or():
    told = {one.code: one for one in readable(EVERY_KIND, {})[0].questions}
    assert told["s"].when == "y est «\xa0Oui\xa0»"
    assert told["f"].when == "y est «\xa0Oui\xa0» et (c est «\xa0Scic\xa0» ou n fait au moins 2)"


@pytest.fixture
async def call(db):
    return await a_call(await the_programme(), opens_at=now() - 10 * DAY, closes_at=now() + 20 * DAY)


async def test_the_page_says_the_time_left_and_everything_before_starting(client, call):
    page = (await client.get(f"/calls/{call.code}")).text
    assert "Il reste 19 jours." in page
    assert page.count('class="button" ') == 1
    for words in ("Ce que valent 1, 3 et 5", "Affirmé, sans preuve", "Faire le test", "Imprimer le formulaire", "obligatoire si"):
        assert words in page
    assert f'hx-get="/calls/{call.code}/meetings"' in page
    assert f'href="/calls/{call.code}/meetings"' in page
    sections = (await form_of(call.form)).sections
    assert page.count('<details class="fold">') == 12 + len(sections)


async def test_before_it_opens_one_asks_to_be_told(client, db):
    call = await a_call(await the_programme(), opens_at=now() + 5 * DAY, closes_at=now() + 20 * DAY)
    page = (await client.get(f"/calls/{call.code}")).text
    assert f'<a class="button" href="/programmes/{call.programme_code}/subscription">Me prévenir de l’ouverture</a>' in page
    assert "/apply" not in page


async def test_questions_often_asked_cost_no_more_statements(client, call, statements):
    path = f"/calls/{call.code}"
    await client.get(path)
    manager = await a_manager(call.programme)
    counts = []
    for wanted in (1, 3):
        for number in range(wanted):
            form = FaqForm(question=f"Question {wanted} {number} ?", answer="Oui.", published=True)
            await add_faq_entry(call.code, form, by=manager, at=now())
        with statements() as seen:
            await client.get(path)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 5


async def test_the_form_on_paper_is_a_pdf_for_everybody_and_a_draft_s_for_its_staff(client, signed_in, call):
    answer = await client.get(f"/calls/{call.code}/form.pdf")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.7")
    draft = await a_draft_call(await the_programme(), opens_at=now() + DAY, closes_at=now() + 9 * DAY)
    assert (await client.get(f"/calls/{draft.code}/form.pdf")).status_code == 404
    manager = await signed_in(await a_manager(draft.programme))
    assert (await manager.get(f"/calls/{draft.code}/form.pdf")).status_code == 200


def read(program: str, pdf: bytes) -> str:
    return subprocess.run([program, "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


async def test_the_paper_holds_every_question_and_is_printed_once(call):
    view = await visible_call(None, call.code, at=now())
    first = await empty_form(view)
    assert await empty_form(view) is first
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext (poppler-utils) is missing")
    words = " ".join(read(program, first).split())
    for wanted in ("Nom du projet", "1.7b", "seulement si 1.7 est", "formulaire version 1", "heure de Paris"):
        assert wanted in words


async def test_a_whole_form_of_every_kind_is_printed(db):
    sections = [
        {"title": one.title, "introduction": one.introduction, "questions": [question_facts(asked) for asked in one.questions]}
        for one in readable(EVERY_KIND, {"pre": "Pré-incubation"})
    ]
    data = {"title": "Tout", "at": now(), "under": "", "footer": "", "facts": [("a", "b")], "sections": sections}
    assert (await typeset("calls/form", data)).startswith(b"%PDF")


async def test_what_is_kept_of_a_form_is_kept_by_language(db, client):
    """Published versions never change: what is said of them is rendered once a language."""
    world = await the_programme()
    call = await a_call(world, opens_at=now() - DAY, closes_at=now() + 20 * DAY)
    pages = {}
    for turn in ("first", "again"):
        for language in ("fr", "en"):
            shown = await client.get(f"/calls/{call.code}", headers={"accept-language": language})
            pages[turn, language] = shown.text
            assert ('<span class="required">obligatoire</span>' in shown.text) is (language == "fr")
            assert ('<span class="required">required</span>' in shown.text) is (language == "en")
    of_form = {key: text[text.index('id="eligibility"') : text.index('id="form"')] for key, text in pages.items()}
    assert of_form["first", "fr"] == of_form["again", "fr"] != of_form["first", "en"] == of_form["again", "en"]
