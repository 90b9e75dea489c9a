"""Every kind of question, from the page to the answer in words; conditions joined by and and or; remarks (B18)."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.applications.actions import Given, save_answers
from incubator.applications.queries import desk_for
from incubator.applications.queries.dossiers import dossier_for, read_dossier
from incubator.applications.rules.dossier import asked_codes, kept_answers, missing, set_aside
from incubator.applications.rules.remarks import remarks
from incubator.core.clock import now
from tests.world.applications import a_deposited_application, a_draft_application
from tests.world.calls import a_call
from tests.world.forms import EVERY_KIND, a_form, use_form
from tests.world.people import an_instructor, someone
from tests.world.programmes import the_programme

HIDDEN = re.compile(r'<input type="hidden" name="(was\.[^"]+)" value="([^"]*)">')
MONEY = {
    "qM-1": "1 250,50 €",
    "qM-2": "no",
    "qM-5": "2",
    "qM-7_text": "Orléans Métropole",
    "qM-7": "",
    "qM-8_0_who": "Région",
    "qM-8_0_sum": "10 000",
}


async def a_draft(signed_in):
    at = now()
    world, person = await the_programme(), await someone("Aïcha Diallo")
    call = await a_call(world, opens_at=at - timedelta(days=5), closes_at=at + timedelta(days=5))
    await use_form(call.id, await a_form(world.programme, at=at))
    application = await a_draft_application(call, person, at=at)
    return person, await signed_in(person), application


async def test_a_page_of_new_kinds_is_saved_shown_and_read(db, signed_in):
    person, me, application = await a_draft(signed_in)
    path = f"/applications/{application}/sections/M"
    page = await me.get(path)
    text = unescape(page.text)
    assert "Réunissez vos comptes" in text
    assert 'name="qM-0"' not in text
    assert ("pas du tout" in text, 'name="qM-3"' in text) == (True, False)
    sent = await me.send_form(path, **dict(HIDDEN.findall(page.text)), **MONEY, then="stay")
    assert sent.headers["location"] == f"{path}#f-qM-6"
    stored = (await dossier_for(person, application)).answers
    assert stored == {
        "M.1": "1250.5", "M.2": "no", "M.5": "2", "M.7": "244500468", "M.8": [{"who": "Région", "sum": "10000"}],
    }  # fmt: skip
    shown = unescape((await me.get(path)).text)
    assert ('value="1\u202f250,50"' in shown, 'value="Orléans Métropole"' in shown, 'name="qM-6"' in shown) == (True, True, True)
    read = {
        one.code: one for section in await read_dossier(person, await dossier_for(person, application)) for one in section.answers
    }
    assert read["M.1"].paragraphs == ["1\u202f250,50\u00a0€"]
    assert read["M.2"].paragraphs == ["Non"]
    assert read["M.5"].paragraphs == ["2 sur une échelle de 1 (pas du tout) à 5 (tout à fait)"]
    assert read["M.7"].paragraphs == ["Orléans Métropole"]
    assert read["M.8"].rows == [["Région", "10\u202f000,00\u00a0€"]]
    assert "M.0" not in read


async def test_hostile_answers_are_told_and_nothing_is_written(db, signed_in):
    """B16, B18."""
    person, me, application = await a_draft(signed_in)
    path = f"/applications/{application}/sections/M"
    page = await me.get(path)
    wrong = MONEY | {"qM-1": "1.250,50", "qM-5": "9", "qM-7_text": "communauté", "qM-8_0_sum": "NaN"}
    sent = await me.send_form(path, **dict(HIDDEN.findall(page.text)), **wrong, then="next")
    text = unescape(sent.text)
    assert sent.status_code == 422
    assert [f'href="#f-{name}"' in text for name in ("qM-1", "qM-5", "qM-7", "qM-8_0_sum")] == [True] * 4
    assert ('value="1.250,50"' in text, "Plusieurs intercommunalités" in text) == (True, True)
    assert (await dossier_for(person, application)).answers == {}


async def test_information_is_never_answered_nor_missing(db, signed_in):
    person, _me, application = await a_draft(signed_in)
    dossier = await dossier_for(person, application)
    assert "M.0" not in [one.question for one in missing(dossier.definition, dossier.answers)]


@pytest.mark.parametrize(
    ("answers", "is_asked"),
    [
        ({"M.2": "no", "M.5": "2"}, True),
        ({"M.2": "no", "M.5": "3"}, False),
        ({"M.2": "yes", "M.5": "1"}, False),
        ({"M.2": "no"}, False),
    ],
)
def test_a_condition_joins_by_and(answers, is_asked):
    assert ("M.6" in [one.question for one in missing(EVERY_KIND, answers)]) is is_asked


yes_no, degrees = st.sampled_from(["yes", "no"]), st.sampled_from(["1", "2", "3", "4", "5"])


@given(st.fixed_dictionaries({}, optional={
    "M.2": yes_no, "M.5": degrees, "M.3": st.just("552100554"), "M.4": st.just("55210055400013"), "M.6": st.just("Parce que."),
}))  # fmt: skip
def test_no_answer_is_lost_to_a_condition(answers):
    """Each is either deposited with its question or set aside and said so; a question that comes back finds its answer."""
    kept, aside = kept_answers(EVERY_KIND, answers), {one.question for one in set_aside(EVERY_KIND, answers)}
    assert set(kept) | aside == set(answers)
    assert set(kept) & aside == set()
    assert all(one in asked_codes(EVERY_KIND, answers) for one in kept)
    assert aside & asked_codes(EVERY_KIND, answers) == set()


def test_an_establishment_of_another_company_is_flagged_not_refused():
    """B18: shown, never blocking."""
    company = {"M.2": "yes", "M.3": "552100554"}
    assert remarks(EVERY_KIND, company | {"M.4": "55210055400013"}) == {}
    assert "552 100 554" in remarks(EVERY_KIND, company | {"M.4": "35600000009075"})["M.4"]
    assert remarks(EVERY_KIND, {"M.2": "no", "M.3": "552100554", "M.4": "35600000009075"}) == {}


async def test_the_same_company_is_flagged_to_staff(db):
    """R7: by its SIREN, never refused."""
    at = now()
    world = await the_programme()
    call = await a_call(world, opens_at=at - timedelta(days=5), closes_at=at + timedelta(days=5))
    company = {"2.5": "is_so", "2.5b": "scic", "2.5c": "552 100 554", "2.5d": "2024-01-01", "2.5e": "2", "2.5f": "is_so"}
    one = await a_deposited_application(world, call, name="Ondes de Brenne", **company)
    other = await a_deposited_application(world, call, name="Cantine des Possibles", **company)
    await a_deposited_application(world, call, name="Lavoir commun", **company | {"2.5c": "732829320"})
    desk = await desk_for(await an_instructor(world.programme), one)
    assert [(line.id, line.is_same_depositor) for line in desk.lookalikes] == [(other, False)]


async def test_a_remark_is_said_beside_the_field_and_on_the_dossier(db, signed_in):
    person, me, application = await a_draft(signed_in)
    given = {"M.2": Given("yes"), "M.3": Given("552100554"), "M.4": Given("35600000009075")}
    await save_answers(application, given, by=person, at=now())
    for path in (f"/applications/{application}/sections/M", f"/applications/{application}"):
        assert "Ce SIRET n’est pas celui" in unescape((await me.get(path)).text)
