"""The builder in the browser: one question changed in a minute, nothing lost, nobody else lets themselves in."""

from __future__ import annotations

import re

import msgspec
import pytest

from incubator.calls.definitions import Condition, Kind, Option, Prefill, Question, Section
from incubator.calls.queries.building import built_form
from incubator.calls.rules.editing import question_of
from incubator.calls.rules.questions import digest_of
from incubator.core.database import value
from tests.world.building import SMALL, a_form_draft, codes, question_fields, reread
from tests.world.people import a_coach, a_manager
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")
CODE = "alter-incub-cvl"


@pytest.fixture
async def world():
    return await the_programme()


@pytest.fixture
async def manager(world):
    return await a_manager(world.programme)


@pytest.fixture
async def browser(manager, signed_in):
    return await signed_in(manager)


async def test_the_list_offers_to_start_from_what_is_published(world, manager, browser):
    page = await browser.get(f"/programmes/{CODE}/forms")
    assert page.status_code == 200
    assert page.text.count("Repartir de celle-ci") == 2
    sent = await browser.send_form(f"/programmes/{CODE}/forms", based_on=str(world.form))
    assert sent.status_code == 303
    again = await browser.get(f"/programmes/{CODE}/forms")
    assert "Brouillon" in again.text
    assert sent.headers["location"] in again.text


async def test_the_list_costs_the_same_for_one_draft_and_for_three(world, manager, browser, statements):
    await a_form_draft(world, manager)
    with statements() as one:
        await browser.get(f"/programmes/{CODE}/forms")
    await a_form_draft(world, manager)
    await a_form_draft(world, manager)
    with statements() as three:
        await browser.get(f"/programmes/{CODE}/forms")
    assert len(three) == len(one)


async def test_the_outline_costs_the_same_for_four_questions_and_for_sixty(world, manager, browser, statements):
    small, whole = await a_form_draft(world, manager), await a_form_draft(world, manager, None)
    await browser.get(f"/forms/{small.id}")
    with statements() as few:
        await browser.get(f"/forms/{small.id}")
    with statements() as many:
        await browser.get(f"/forms/{whole.id}")
    assert len(many) == len(few)


async def test_a_question_is_changed_and_its_page_says_so(world, manager, browser):
    draft = await a_form_draft(world, manager)
    where = f"/forms/{draft.id}/questions/1.1"
    shown = await browser.get(where)
    assert 'value="Nom du projet"' in shown.text
    was = re.search(r'name="was" value="(\w+)"', shown.text)
    assert was
    fields = question_fields(SMALL.questions[0], was=was[1], label="Comment s’appelle votre projet ?", limit="120")
    sent = await browser.send_form(where, **fields)
    assert (sent.status_code, sent.headers["location"]) == (303, where)
    changed = (await reread(manager, draft.id)).questions[0]
    assert changed == msgspec.structs.replace(SMALL.questions[0], label="Comment s’appelle votre projet ?", limit=120)


async def test_an_answer_may_begin_with_what_the_project_says(world, manager, browser):
    draft = await a_form_draft(world, manager)
    where = f"/forms/{draft.id}/questions/1.1"
    shown = await browser.get(where)
    assert re.findall(r'<option value="(\w*)"( selected)?>L[ea] [^<]+ du projet</option>', shown.text) == [
        ("project_name", ""), ("project_summary", ""),
    ]  # fmt: skip
    fields = question_fields(SMALL.questions[0], was=digest_of(SMALL.questions[0]), prefill="project_name")
    assert (await browser.send_form(where, **fields)).status_code == 303
    named = msgspec.structs.replace(SMALL.questions[0], prefill=Prefill.NAME)
    assert (await reread(manager, draft.id)).questions[0] == named
    assert '<option value="project_name" selected>' in (await browser.get(where)).text
    fields = question_fields(named, was=digest_of(named), prefill="")
    assert (await browser.send_form(where, **fields)).status_code == 303
    assert (await reread(manager, draft.id)).questions[0] == SMALL.questions[0]


@pytest.mark.parametrize("question", SMALL.questions, ids=lambda question: question.code)
async def test_a_page_sent_back_untouched_changes_nothing(world, manager, browser, question):
    draft = await a_form_draft(world, manager)
    fields = question_fields(question, was=digest_of(question))
    if question.kind is Kind.NUMBER:
        fields |= {"least": "1", "most": "50"}
    sent = await browser.send_form(f"/forms/{draft.id}/questions/{question.code}", **fields)
    assert sent.status_code == 303
    assert await reread(manager, draft.id) == SMALL
    assert (await built_form(manager, draft.id)).version == 1


async def test_every_question_of_the_reference_form_has_its_page(world, manager, browser):
    """What its fields show is what is stored: sent back as a browser would, nothing changes."""
    draft = await a_form_draft(world, manager, None)
    for question in draft.definition.questions:
        page = await browser.get(f"/forms/{draft.id}/questions/{question.code}")
        assert page.status_code == 200
        sent = await browser.post(f"/forms/{draft.id}/questions/{question.code}", data=_as_a_browser_sends(page.text))
        assert sent.status_code == 303, question.code
        assert question_of(await reread(manager, draft.id), question.code) == question
    assert await reread(manager, draft.id) == draft.definition


def _as_a_browser_sends(html: str) -> dict[str, list[str]]:
    """The fields of the question's form as they stand."""
    part = html[html.index("data-guard") :]
    part = part[: part.index("</form>")]
    fields: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", part):
        name, text = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="(\w+)"', tag)
        if name and (kind is None or kind[1] not in ("radio", "checkbox") or " checked" in tag):
            fields.setdefault(name[1], []).append(_plain(text[1] if text else ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', part, re.DOTALL):
        fields[name] = [_plain(text)]
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', part, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options) or re.search(r'<option value="([^"]*)"', options)
        fields[name] = [_plain(chosen[1] if chosen else "")]
    return fields


def _plain(text: str) -> str:
    for entity, character in (("&#34;", '"'), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


async def test_a_mistake_is_shown_beside_its_field_and_what_was_typed_stays(world, manager, browser):
    draft = await a_form_draft(world, manager)
    fields = question_fields(SMALL.questions[0], was=digest_of(SMALL.questions[0]), label="", limit="beaucoup", help="Un mot")
    page = await browser.send_form(f"/forms/{draft.id}/questions/1.1", **fields)
    assert page.status_code == 422
    for words in ("Ce champ est obligatoire.", "Écrivez un nombre entier, en chiffres.", 'value="beaucoup"', "Un mot</textarea>"):
        assert words in page.text
    assert await reread(manager, draft.id) == SMALL


async def test_two_texts_for_one_question_are_both_shown(world, manager, browser):
    draft = await a_form_draft(world, manager)
    first = question_fields(SMALL.questions[0], was=digest_of(SMALL.questions[0]), label="Le nom")
    await browser.send_form(f"/forms/{draft.id}/questions/1.1", **first)
    page = await browser.send_form(f"/forms/{draft.id}/questions/1.1", **first | {"label": "Le titre"})
    assert page.status_code == 409
    assert "Le nom" in page.text
    assert 'value="Le titre"' in page.text
    assert (await reread(manager, draft.id)).questions[0].label == "Le nom"
    was = re.search(r'name="was" value="(\w+)"', page.text)
    assert was
    sent = await browser.send_form(f"/forms/{draft.id}/questions/1.1", **first | {"label": "Le titre", "was": was[1]})
    assert sent.status_code == 303
    assert (await reread(manager, draft.id)).questions[0].label == "Le titre"


async def test_a_condition_is_said_in_two_steps_without_javascript(world, manager, browser):
    draft = await a_form_draft(world, manager)
    question = SMALL.questions[3]
    where = f"/forms/{draft.id}/questions/2.1"
    fields = question_fields(question, version="1", least="1", most="50", **{"when_question.0": "1.2"}, then="when")
    assert (await browser.send_form(where, **fields)).headers["location"] == f"{where}#when"
    page = await browser.get(where)
    assert 'name="when_answers" value="0.yes"' in page.text
    assert "À revoir" in page.text
    fields |= {"version": "2", "when_answers": ["0.yes"], "then": ""}
    await browser.send_form(where, **fields)
    assert (await reread(manager, draft.id)).questions[3].when == Condition("1.2", values=("yes",))


async def test_conditions_are_joined_and_bounded(world, manager, browser):
    last = Question("2.2", "Précisez", Kind.LINE, limit=80)
    grown = msgspec.structs.replace(
        SMALL, sections=(SMALL.sections[0], msgspec.structs.replace(SMALL.sections[1], questions=(SMALL.questions[3], last)))
    )
    draft = await a_form_draft(world, manager, grown)
    fields = question_fields(
        last, version="1", when_join="some", when_answers=["0.yes", "1.nothing"],
        **{"when_question.0": "1.2", "when_question.1": "2.1", "when_least.1": "3", "when_question.2": ""},
    )  # fmt: skip
    assert (await browser.send_form(f"/forms/{draft.id}/questions/2.2", **fields)).status_code == 303
    expected = Condition(some=(Condition("1.2", values=("yes",)), Condition("2.1", least=3)))
    assert (await reread(manager, draft.id)).questions[-1].when == expected


async def test_mandatory_when_asks_for_its_condition(world, manager, browser):
    draft = await a_form_draft(world, manager)
    fields = question_fields(SMALL.questions[3], version="1", need="when", least="1", most="50")
    page = await browser.send_form(f"/forms/{draft.id}/questions/2.1", **fields)
    assert page.status_code == 422
    assert "Choisissez ci-dessous la question dont cela dépend." in page.text
    fields |= {"need_question.0": "1.2", "need_answers": ["0.no"]}
    await browser.send_form(f"/forms/{draft.id}/questions/2.1", **fields)
    assert (await reread(manager, draft.id)).questions[3].required_when == Condition("1.2", values=("no",))


async def test_changing_the_kind_leaves_what_the_new_one_has_no_use_for(world, manager, browser):
    draft = await a_form_draft(world, manager)
    fields = question_fields(SMALL.questions[1], version="1", kind="text")
    await browser.send_form(f"/forms/{draft.id}/questions/1.2", **fields)
    changed = (await reread(manager, draft.id)).questions[1]
    assert (changed.kind, changed.options, changed.limit) == (Kind.TEXT, (), 1500)


async def test_answers_change_places(world, manager, browser):
    draft = await a_form_draft(world, manager)
    fields = question_fields(SMALL.questions[1], version="1", then="options down yes")
    sent = await browser.send_form(f"/forms/{draft.id}/questions/1.2", **fields)
    assert sent.headers["location"].endswith("#options")
    assert (await reread(manager, draft.id)).questions[1].options == (Option("no", "Non"), Option("yes", "Oui"))


async def test_buttons_move_and_a_stale_page_is_told(world, manager, browser):
    draft = await a_form_draft(world, manager)
    sent = await browser.send_form(f"/forms/{draft.id}/order", move="down question 1.1", version="1")
    assert sent.headers["location"] == f"/forms/{draft.id}#question-1.1"
    assert codes(await reread(manager, draft.id)) == ["1.2", "1.1", "1.3"]
    late = await browser.send_form(f"/forms/{draft.id}/order", move="down question 1.1", version="1")
    assert late.status_code == 409
    assert "a changé ce formulaire entre-temps" in late.text
    assert codes(await reread(manager, draft.id)) == ["1.2", "1.1", "1.3"]


async def test_every_fault_is_told_at_once_with_a_link_to_its_question(world, manager, browser):
    broken = msgspec.structs.replace(
        SMALL,
        sections=(
            Section("S1", "Une", (Question("1.1", "Lequel ?", Kind.CHOICE), Question("1.4", "Ranger", Kind.RANKED, ranks=2))),
            Section("S2", "Vide"),
        ),
    )
    draft = await a_form_draft(world, manager, broken)
    page = await browser.get(f"/forms/{draft.id}/publication")
    for place in ("questions/1.1", "questions/1.4", "sections/S2", "rules/E1"):
        assert page.text.count(f'href="/forms/{draft.id}/{place}"') == 1, place
    assert "Publier cette version" not in page.text
    refused = await browser.send_form(f"/forms/{draft.id}/publication", version="1")
    assert refused.status_code == 409
    assert await value("SELECT published_at FROM form_version WHERE id = $1", draft.id) is None


async def test_what_changes_for_the_teams_is_read_before_publishing(world, manager, browser):
    draft = await a_form_draft(world, manager, None)
    fields = {"label": "Le nom de votre projet", "kind": "line", "limit": "80", "need": "yes", "version": "1"}
    await browser.send_form(f"/forms/{draft.id}/questions/1.1", **fields)
    page = await browser.get(f"/forms/{draft.id}/publication")
    assert "<del>Nom du projet</del>" in page.text
    assert "<ins>Le nom de votre projet</ins>" in page.text
    assert "1 modification." in page.text
    sent = await browser.send_form(f"/forms/{draft.id}/publication", version="2")
    assert sent.headers["location"] == f"/forms/{draft.id}"
    assert await value("SELECT number FROM form_version WHERE id = $1 AND published_at IS NOT NULL", draft.id) == 2


async def test_a_coach_reads_and_cannot_change(world, manager, signed_in):
    draft = await a_form_draft(world, manager)
    browser = await signed_in(await a_coach(world.programme))
    for path in ("", "/questions/1.2", "/sections/S1", "/rules/E1", "/self-test/T1", "/publication", "/difference", "/preview"):
        page = await browser.get(f"/forms/{draft.id}{path}")
        assert page.status_code == 200, path
        assert "Enregistrer la question" not in page.text
    for path in ("new-section", "new-question?section=S1", "new-rule", "new-self-test", "settings"):
        assert (await browser.get(f"/forms/{draft.id}/{path}")).status_code == 403, path
    assert (await browser.send_form(f"/forms/{draft.id}/order", move="down question 1.1")).status_code == 403
    assert await reread(manager, draft.id) == SMALL


@pytest.mark.parametrize("label", ["<script>alert(1)</script>", "{{ 7 * 7 }}", "؅\u202e12", "🧵" * 290])
async def test_hostile_words_are_only_words(world, manager, browser, label):
    draft = await a_form_draft(world, manager)
    sent = await browser.send_form(f"/forms/{draft.id}/new-question", section="S1", label=label, kind="text", version="1")
    assert sent.status_code == 303
    page = await browser.get(f"/forms/{draft.id}")
    assert page.status_code == 200
    assert "<script>alert(1)" not in page.text


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("new-question", {"section": "S9", "label": "Quoi ?", "kind": "text"}),
        ("new-question", {"section": "S1", "label": "Quoi ?", "kind": "sorcery"}),
        ("new-question", {"section": "S1", "label": "x" * 301, "kind": "text"}),
        ("questions/1.1", {"kind": "line", "label": "Nom", "strange": "1"}),
        ("questions/1.1", {"kind": "line", "label": "Nom", "limit": "999999"}),
        ("questions/9.9", {"kind": "line", "label": "Nom"}),
        ("removal", {"what": "form", "code": "1.1"}),
        ("rules/E1", {"label": "", "effect": "blocking"}),
        ("self-test/T1", {"label": "Quoi ?", "wanted": "maybe", "message": "Non."}),
    ],
)
async def test_what_no_page_sends_is_refused_and_writes_nothing(world, manager, browser, path, fields):
    draft = await a_form_draft(world, manager)
    refused = await browser.send_form(f"/forms/{draft.id}/{path}", **fields)
    assert refused.status_code in (404, 409, 422)
    assert await reread(manager, draft.id) == SMALL


async def test_a_preview_reacts_to_answers_and_stores_nothing(world, manager, browser):
    draft = await a_form_draft(world, manager)
    blank = await browser.get(f"/forms/{draft.id}/preview")
    assert "Existe-t-il déjà" in blank.text
    assert "Depuis quand" not in blank.text
    answered = {"q1-1": "Le fil", "q1-2": "yes", "section": "S1 S1"}
    page = await browser.send_form(f"/forms/{draft.id}/preview", **answered)
    assert "Depuis quand" in page.text
    there = await browser.send_form(f"/forms/{draft.id}/preview", **answered | {"section": "S1 S2"})
    assert "Combien êtes-vous" in there.text
    assert '<input type="hidden" name="q1-1" value="Le fil">' in there.text
    wrong = await browser.send_form(f"/forms/{draft.id}/preview", **{"q2-1": "cent", "section": "S2 S1", "width": "phone"})
    assert "Combien êtes-vous" in wrong.text
    assert 'class="frame-phone"' in wrong.text
    assert await value("SELECT count(*) FROM answer") == 0


async def test_who_works_for_one_programme_goes_straight_to_its_forms(browser):
    led = await browser.get("/forms")
    assert (led.status_code, led.headers["location"]) == (303, f"/programmes/{CODE}/forms")
