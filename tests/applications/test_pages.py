"""The dossier on the screen, without JavaScript: every step, and every mistake told where it is made."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from incubator.applications.queries.dossiers import dossier_for
from incubator.core.clock import now
from incubator.core.database import column, value
from incubator.core.ids import new_id
from tests.world.applications import CVS, a_deposited_application, a_draft_application, whole_answers, write
from tests.world.calls import a_call
from tests.world.confirmations import all_agree
from tests.world.people import a_coach, a_manager, an_instructor, someone
from tests.world.programmes import the_programme
from tests.world.projects import a_member, a_project

FIELD = re.compile(r'<input type="hidden" name="(was\.[^"]+|version)" value="([^"]*)">')


async def the_call(world):
    return await a_call(world, opens_at=now() - timedelta(days=5), closes_at=now() + timedelta(days=5))


def hidden(page) -> dict[str, str]:
    """What a page sends back untouched."""
    return dict(FIELD.findall(page.text))


async def a_team(signed_in):
    world, person = await the_programme(), await someone("Aïcha Diallo")
    call = await the_call(world)
    application = await a_draft_application(call, person, at=now())
    return world, call, person, await signed_in(person), application


async def test_a_newcomer_who_applies_is_led_to_an_account_of_their_own(db, client):
    """R1: name and address are all that starting costs; who has an account finds the way to sign in there."""
    call = await the_call(await the_programme())
    answer = await client.get(f"/calls/{call.code}/apply")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-up?next=/calls/{call.code}/apply")
    assert f"/sign-in?next=/calls/{call.code}/apply" in (await client.get(answer.headers["location"])).text


async def test_from_the_call_to_the_open_dossier(db, signed_in):
    world, person = await the_programme(), await someone()
    call = await the_call(world)
    me = await signed_in(person)
    project = await a_project(person, world.programme)
    assert "Ouvrir le dossier" in (await me.get(f"/calls/{call.code}/apply")).text
    wrong = await me.send_form(f"/calls/{call.code}/apply", project="")
    assert (wrong.status_code, "Ce champ est obligatoire" in wrong.text) == (422, True)
    sent = await me.send_form(f"/calls/{call.code}/apply", project=str(project), once="k")
    again = await me.send_form(f"/calls/{call.code}/apply", project=str(project), once="k")
    application = await value("SELECT id FROM application")
    assert [one.headers["location"] for one in (sent, again)] == [f"/applications/{application}/sections/S1"] * 2
    opened = await me.get(f"/applications/{application}")
    assert "Ce qui manque" in opened.text
    assert f"/applications/{application}/sections/S1#f-q1-2" in opened.text
    assert "Brouillon" in (await me.get(f"/calls/{call.code}/apply")).text


async def test_a_newcomer_names_the_project_and_writes_at_once(db, signed_in):
    """R1: one form after the account; what it says is not asked again in the dossier."""
    call = await the_call(await the_programme())
    me = await signed_in(await someone())
    address = f"/calls/{call.code}/apply/new-project"
    assert f'action="{address}"' in (await me.get(f"/calls/{call.code}/apply")).text
    unclear = await me.send_form(address, name="Repair’Bus", commune_text="saint", once="k")
    assert (unclear.status_code, "Plusieurs communes correspondent" in unclear.text) == (422, True)
    assert 'value="Repair’Bus"' in unclear.text
    assert await value("SELECT count(*) FROM project") == 0
    sent = [await me.send_form(address, name="Repair’Bus", commune_text="37000", once="k") for _twice in range(2)]
    application = await value("SELECT id FROM application")
    assert [one.headers["location"] for one in sent] == [f"/applications/{application}/sections/S1"] * 2
    assert await column("SELECT question FROM answer ORDER BY question") == ["1.1", "1.6"]
    assert 'value="Repair’Bus"' in (await me.get(sent[0].headers["location"])).text


async def test_a_closed_call_makes_no_project(db, signed_in):
    call = await a_call(await the_programme(), opens_at=now() - timedelta(days=5), closes_at=now() - timedelta(days=1))
    me = await signed_in(await someone())
    late = await me.send_form(f"/calls/{call.code}/apply/new-project", name="Repair’Bus")
    assert (late.status_code, await value("SELECT count(*) FROM project")) == (409, 0)


async def test_a_section_is_saved_as_it_is_and_shown_again(db, signed_in):
    _world, _call, person, me, application = await a_team(signed_in)
    path = f"/applications/{application}/sections/S1"
    page = await me.get(path)
    assert 'name="q1-1"' in page.text
    assert "data-counted" in page.text
    assert 'name="q1-7b"' not in page.text
    answers = {"q1-1": "Repair’Bus", "q1-6_text": "Tours", "q1-4b": ["food", "reuse"], "q1-6": ""}
    sent = await me.send_form(path, **hidden(page), **answers, then="next")
    assert (sent.status_code, sent.headers["location"]) == (303, f"/applications/{application}/sections/S2")
    stored = (await dossier_for(person, application)).answers
    assert stored == {"1.1": "Repair’Bus", "1.6": "37261", "1.4b": ["food", "reuse"]}
    page = await me.get(path)
    assert 'value="Repair’Bus"' in page.text
    assert re.search(r'name="q1-6_text"[^>]*value="Tours"', page.text)
    untouched = await me.send_form(path, **hidden(page), **answers | {"q1-6": "37261"}, then="stay")
    assert untouched.headers["location"] == path
    assert await value("SELECT max(version) FROM answer") == 1


async def test_a_commune_is_chosen_without_javascript(db, signed_in):
    _world, _call, person, me, application = await a_team(signed_in)
    path = f"/applications/{application}/sections/S1"
    page = await me.get(path)
    unclear = await me.send_form(path, **hidden(page), **{"q1-6_text": "Saint-Denis", "q1-1": "Mon nom"})
    assert unclear.status_code == 422
    assert "Plusieurs communes correspondent" in unclear.text
    assert '<input type="radio" name="q1-6" value="97411"' in unclear.text
    assert 'value="Mon nom"' in unclear.text
    await me.send_form(path, **hidden(unclear), **{"q1-6_text": "Saint-Denis", "q1-6": "97411", "q1-1": "Mon nom"})
    assert (await dossier_for(person, application)).answers == {"1.1": "Mon nom", "1.6": "97411"}


async def test_what_is_too_long_is_refused_and_kept_on_the_screen(db, signed_in):
    """R3: by how much, beside the field and on top with a link; nothing is written, nothing typed is lost."""
    _world, _call, _person, me, application = await a_team(signed_in)
    path = f"/applications/{application}/sections/S1"
    page = await me.get(path)
    answer = await me.send_form(path, **hidden(page), **{"q1-1": "é" * 83, "q1-3": "Gardé"})
    assert answer.status_code == 422
    assert unescape(answer.text).count("Ce texte dépasse 80 caractères (83). Raccourcissez-le de 3 caractères.") == 2
    assert 'href="#f-q1-1"' in answer.text
    assert "é" * 83 in answer.text
    assert "Gardé" in answer.text
    assert await value("SELECT count(*) FROM answer") == 0
    fine = await me.send_form(path, **hidden(page), **{"q1-1": "é" * 80, "q1-3": "a\r\n" * 500})
    assert fine.status_code == 303


async def test_rows_grow_one_by_one_without_javascript(db, signed_in):
    _world, _call, person, me, application = await a_team(signed_in)
    path = f"/applications/{application}/sections/S2"
    page = await me.get(path)
    assert 'name="q2-1_0_name"' in page.text
    assert 'name="q2-1_1_name"' not in page.text
    sent = await me.send_form(path, **hidden(page), **{"q2-1_0_name": "Aïcha", "q2-1_0_days": "2,5"}, then="row.2.1")
    assert sent.headers["location"] == f"{path}#f-q2-1_1_name"
    page = await me.get(path)
    assert 'name="q2-1_1_name"' in page.text
    assert 'value="2,5"' in page.text
    wrong = await me.send_form(path, **hidden(page), **{"q2-1_0_name": "Aïcha", "q2-1_0_days": "2,5", "q2-1_1_days": "huit"})
    assert (wrong.status_code, 'href="#f-q2-1_1_days"' in wrong.text, 'value="huit"' in wrong.text) == (422, True, True)
    await me.send_form(path, **hidden(page), **{"q2-1_0_name": "", "q2-1_0_days": "", "q2-1_1_name": "Basile"})
    assert (await dossier_for(person, application)).answers == {"2.1": [{"name": "Basile"}]}


async def test_an_answer_opens_the_questions_that_follow_from_it(db, signed_in):
    """B14: what an answer hides is kept aside, when it was typed before; what is sent for it later is ignored."""
    _world, _call, person, me, application = await a_team(signed_in)
    path = f"/applications/{application}/sections/S2"
    page = await me.get(path)
    assert 'name="q2-5c"' not in page.text
    sent = await me.send_form(path, **hidden(page), **{"q2-5": "is_so"}, then="next")
    assert sent.headers["location"] == f"{path}#f-q2-5b"
    page = await me.get(path)
    await me.send_form(path, **hidden(page), **{"q2-5": "is_so", "q2-5c": "732829320"}, then="next")
    page = await me.get(path)
    await me.send_form(path, **hidden(page), **{"q2-5": "is_not", "q2-5c": "552100554"}, then="next")
    dossier = await dossier_for(person, application)
    assert (dossier.answers["2.5"], dossier.answers["2.5c"]) == ("is_not", "552100554")
    hiding = await me.get(path)
    assert "Mis de côté" in hiding.text
    assert "Mis de côté" in (await me.get(f"/applications/{application}/deposit")).text
    assert 'name="q2-5c"' not in hiding.text
    await me.send_form(path, **hidden(page), **{"q2-5": "is_not", "q2-5c": "356000000"}, then="next")
    assert (await dossier_for(person, application)).answers["2.5c"] == "552100554"
    strange = await me.send_form(path, **hidden(page), **{"q2-5": "is_not", "status": "admissible"})
    assert (strange.status_code, "Cette page a changé" in strange.text) == (422, True)
    assert await column("SELECT state FROM application") == ["draft"]


async def test_a_page_shown_again_never_covers_what_a_colleague_wrote_meanwhile(db, signed_in):
    """B07: what one left untouched is shown as it is by now; what one changed keeps the version it was written over."""
    _world, _call, person, me, application = await a_team(signed_in)
    mate = await someone("Mina Roy")
    await a_member(await value("SELECT project FROM application"), "Mina Roy", mate.email, by=person)
    path = f"/applications/{application}/sections/S1"
    await write(application, {"1.2": "Un.", "1.3": "Le texte de départ."}, by=person, at=now())
    page = await me.get(path)
    fields = hidden(page) | {"q1-3": "Le texte de départ."}
    await write(application, {"1.2": "Mina a repris.", "1.3": "Mina aussi."}, by=mate, at=now())
    wrong = await me.send_form(path, **fields | {"q1-1": "N" * 81, "q1-2": "J’ai repris."})
    assert (wrong.status_code, "Mina aussi." in wrong.text, "Le texte de départ." in wrong.text) == (422, True, False)
    assert "J’ai repris." in unescape(wrong.text)
    again = await me.send_form(path, **hidden(wrong) | {"q1-1": "Repair’Bus", "q1-2": "J’ai repris.", "q1-3": "Mina aussi."})
    assert (again.status_code, "Mina a repris." in again.text) == (409, True)
    assert await column("SELECT value #>> '{}' FROM answer WHERE question IN ('1.2', '1.3') ORDER BY question") == [
        "Mina a repris.", "Mina aussi.",
    ]  # fmt: skip
    chosen = await me.send_form(path, **hidden(again) | {"q1-1": "Repair’Bus", "q1-2": "J’ai repris.", "q1-3": "Mina aussi."})
    assert chosen.status_code == 303
    assert await column("SELECT value #>> '{}' FROM answer ORDER BY question") == ["Repair’Bus", "J’ai repris.", "Mina aussi."]


async def test_two_tabs_do_not_overwrite_each_other(db, signed_in):
    """B07: what was left untouched is not an answer; what both changed is shown twice and the second chooses."""
    _world, _call, person, me, application = await a_team(signed_in)
    path = f"/applications/{application}/sections/S1"
    first = await me.get(path)
    await me.send_form(path, **hidden(first), **{"q1-1": "Un nom", "q1-3": ""})
    other = await me.send_form(path, **hidden(first), **{"q1-1": "", "q1-3": "Un résumé"})
    assert other.status_code == 303
    assert (await dossier_for(person, application)).answers == {"1.1": "Un nom", "1.3": "Un résumé"}
    late = await me.send_form(path, **hidden(first), **{"q1-1": "Un autre nom", "q1-3": ""})
    assert late.status_code == 409
    assert 'value="Un autre nom"' in late.text
    assert "Garder mon texte" in late.text
    assert re.search(r'class="text"[^>]*>Un nom<', late.text)
    theirs = {"q1-1": "Un autre nom", "q1-3": "Un résumé"}
    chosen = await me.send_form(path, **hidden(late), **theirs, then="theirs.1.1")
    assert chosen.headers["location"] == path
    assert (await dossier_for(person, application)).answers == {"1.1": "Un nom", "1.3": "Un résumé"}
    await me.send_form(path, **hidden(late), **{"q1-1": "Un autre nom", "q1-3": "Un résumé"})
    assert (await dossier_for(person, application)).answers == {"1.1": "Un autre nom", "1.3": "Un résumé"}


async def test_the_deposit_page_shows_everything_then_one_button(db, signed_in):
    _world, _call, person, me, application = await a_team(signed_in)
    page = await me.get(f"/applications/{application}/deposit")
    assert "Ce qui manque avant de pouvoir déposer" in page.text
    assert 'aria-disabled="true"' in page.text
    await write(application, whole_answers() | CVS, by=person, at=now())
    assert "Rien ne manque" in (await me.get(f"/applications/{application}")).text
    page = await me.get(f"/applications/{application}/deposit")
    assert "20\u202f000 euros" in page.text
    assert "1. Construire le modèle économique" in unescape(page.text)
    fields = {**hidden(page), "once": "k"}
    for _click in range(3):
        sent = await me.send_form(f"/applications/{application}/deposit", **fields)
        assert (sent.status_code, sent.headers["location"]) == (303, f"/applications/{application}/receipt")
    number, digest = await value("SELECT number FROM deposit"), await value("SELECT content_hash FROM deposit")
    receipt = await me.get(f"/applications/{application}/receipt")
    assert number in receipt.text
    assert digest in receipt.text
    assert (await me.get(f"/applications/{application}/deposit")).headers["location"] == f"/applications/{application}/receipt"
    again = await me.send_form(f"/applications/{application}/deposit")
    assert (again.status_code, number in again.text) == (409, True)
    frozen = await me.get(f"/applications/{application}/sections/S1")
    assert "ses réponses ne changent plus" in frozen.text
    assert 'name="q1-1"' not in frozen.text
    late = await me.send_form(f"/applications/{application}/sections/S1", **{"was.q1-1": "0.x", "q1-1": "Perdu ?"})
    assert late.status_code == 409


async def test_a_lapsed_draft_is_read_only(db, signed_in):
    """B27: derived from the clock."""
    world, person = await the_programme(), await someone()
    call = await a_call(world, opens_at=now() - timedelta(days=9), closes_at=now() - timedelta(days=2))
    application = await a_draft_application(call, person)
    await write(application, {"1.1": "Presque"}, by=person, at=call.opens_at + timedelta(hours=2))
    me = await signed_in(person)
    page = await me.get(f"/applications/{application}")
    assert "Brouillon non déposé" in page.text
    assert "Ce brouillon n’a pas été déposé avant la clôture" in page.text
    section = await me.get(f"/applications/{application}/sections/S1")
    assert ("Presque" in section.text, "<textarea" in section.text) == (True, False)
    sent = await me.send_form(f"/applications/{application}/deposit")
    assert (sent.status_code, "clos depuis" in sent.text) == (409, True)


async def test_withdrawing_asks_for_the_name(db, signed_in):
    _world, _call, _person, me, application = await a_team(signed_in)
    path = f"/applications/{application}/withdrawal"
    assert "C’est définitif" in (await me.get(path)).text
    wrong = await me.send_form(path, confirmation="Autre", reason="Une raison")
    assert (wrong.status_code, "Une raison" in wrong.text) == (422, True)
    assert (await me.send_form(path, confirmation="Repair’Bus", reason="")).status_code == 303
    assert await column("SELECT state FROM application") == ["withdrawn"]
    assert "déjà retirée" in (await me.get(path)).text


async def test_staff_read_the_queue_and_pronounce(db, signed_in):
    world, person = await the_programme(), await someone()
    call = await the_call(world)
    application = await a_deposited_application(world, call, person, at=now() - timedelta(days=4))
    await a_draft_application(call, await someone("Autre"), at=now())
    staff = await signed_in(await an_instructor(world.programme))
    queue = await staff.get(f"/calls/{call.code}/applications")
    assert ("1 brouillon" in queue.text, f"/applications/{application}/eligibility" in queue.text) == (True, True)
    assert "Aucune candidature ici" in (await staff.get(f"/calls/{call.code}/applications?state=admissible")).text
    assert "Aucune candidature ici" in (await staff.get(f"/calls/{call.code}/applications?days=5")).text
    assert "Repair’Bus" in (await staff.get(f"/calls/{call.code}/applications?state=nimporte&days=zz")).text
    path = f"/applications/{application}/eligibility"
    page = await staff.get(path)
    assert unescape(page.text).count("Nous avons rencontré trente habitants") >= 20
    assert "Tours (Indre-et-Loire) est dans le territoire de l’appel." in page.text
    wrong = await staff.send_form(path, outcome="inadmissible", reason="")
    assert (wrong.status_code, "Dites pourquoi" in wrong.text) == (422, True)
    assert (await staff.send_form(path, outcome="admissible", reason="Complet.")).headers["location"] == path
    assert "prononcé par Inès Instructrice" in (await staff.get(path)).text
    read = await staff.get(f"/applications/{application}")
    assert "Recevable" in read.text


async def test_staff_ask_for_a_complement_and_the_team_answers(db, signed_in):
    """R6, on both sides."""
    world, person = await the_programme(), await someone()
    call = await the_call(world)
    application = await a_deposited_application(world, call, person, at=now())
    staff, me = await signed_in(await an_instructor(world.programme)), await signed_in(person)
    path = f"/applications/{application}/complement"
    assert "L’équipe aura jusqu’au" in (await staff.get(path)).text
    wrong = await staff.send_form(path, message="Donnez vos sources.", questions=[])
    assert (wrong.status_code, "Donnez vos sources." in wrong.text) == (422, True)
    sent = await staff.send_form(path, message="Donnez vos sources.", questions=["3.3"])
    assert sent.headers["location"] == f"/applications/{application}/eligibility"
    seen = await me.get(f"/applications/{application}")
    assert "Donnez vos sources." in seen.text
    assert "23 h 59" in seen.text
    section = await me.get(f"/applications/{application}/sections/S3")
    assert ('name="q3-3"' in section.text, 'name="q3-1"' in section.text) == (True, False)
    answer = await me.send_form(f"/applications/{application}/sections/S3", **hidden(section), **{"q3-3": "INSEE, 2024."})
    assert answer.status_code == 303
    assert "Envoyer le complément" in (await me.get(f"/applications/{application}/deposit")).text
    await me.send_form(f"/applications/{application}/deposit")
    assert await column("SELECT ordinal FROM deposit ORDER BY ordinal") == [1, 2]
    assert (await staff.get(f"/applications/{application}/eligibility")).text.count("INSEE, 2024.") == 1


TEAM_PATHS = ["", "/sections/S1", "/deposit", "/receipt", "/withdrawal", "/eligibility", "/complement"]


@pytest.mark.parametrize("path", TEAM_PATHS)
async def test_what_is_not_mine_does_not_exist(db, signed_in, path):
    """Someone else's application answers as one that is not there, byte for byte but for its address and the nonce."""
    world = await the_programme()
    application = await a_deposited_application(world, await the_call(world), at=now())
    stranger = await signed_in(await someone("Autre"))
    real, none = [await stranger.get(f"/applications/{one}{path}") for one in (application, new_id())]
    assert (real.status_code, none.status_code) == (404, 404)
    assert _bare(real) == _bare(none)
    if path != "/receipt":
        sent = [await stranger.send_form(f"/applications/{one}{path}") for one in (application, new_id())]
        assert len({one.status_code for one in sent}) == 1
        assert sent[0].status_code in (404, 405)


def _bare(answer) -> str:
    return answer.text.replace(answer.headers["content-security-policy"].split("nonce-")[1].split("'")[0], "")


async def test_drafts_are_only_counted_for_staff(db, signed_in):
    """A draft is the team's: not even the manager reads it."""
    world, _call, _person, _me, application = await a_team(signed_in)
    for staff in (await a_manager(world.programme), await a_coach(world.programme)):
        browser = await signed_in(staff)
        for path in TEAM_PATHS:
            assert (await browser.get(f"/applications/{application}{path}")).status_code == 404


async def test_a_member_sees_the_dossier_and_is_told_who_deposits(db, signed_in):
    _world, _call, person, _me, application = await a_team(signed_in)
    mate = await someone("Basile", email="basile@exemple.fr")
    await a_member((await dossier_for(person, application)).facts.project, "Basile", mate.email, by=person)
    await write(application, whole_answers() | CVS, by=mate, at=now())
    await all_agree(application, at=now())
    browser = await signed_in(mate)
    page = await browser.get(f"/applications/{application}/deposit")
    assert "Seule la personne désignée pour déposer" in page.text
    assert (await browser.send_form(f"/applications/{application}/deposit")).status_code == 403


async def test_lists_and_pages_cost_the_same_for_one_and_for_three(db, signed_in, statements):
    world = await the_programme()
    call = await the_call(world)
    staff = await signed_in(await an_instructor(world.programme))
    costs = []
    for more in (1, 2):
        for rank in range(more):
            await a_deposited_application(world, call, name=f"Projet {more}{rank}", at=now())
        with statements() as seen:
            assert (await staff.get(f"/calls/{call.code}/applications")).status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 6
