"""R56: one's data in one click, an erasure that opens a case, refused only for a stated reason (K01, K03)."""

import json
from datetime import timedelta

import pytest

from incubator.applications.queries import content_for_committee
from incubator.applications.queries.dossiers import facts_for
from incubator.applications.queries.handlers import handling
from incubator.applications.queries.inquiries import inquiries_to, inquiry_for
from incubator.core.clock import now
from incubator.core.database import execute, value
from incubator.core.errors import Conflict, Invalid, NotFound, Refused
from incubator.people.queries import Person, staff_of
from incubator.privacy.actions.requests import answer, ask, lift_limitation
from incubator.privacy.actions.retention import propose
from incubator.privacy.actions.sweeping import sweep_private
from incubator.privacy.forms import AnswerForm, RequestForm
from incubator.privacy.queries.cases import cases, own_requests
from incubator.privacy.queries.own import own_data
from incubator.privacy.tables import RequestKind, RequestState
from tests.privacy.scanning import where_is
from tests.world.everyone import Built, everyone
from tests.world.people import a_manager

YES = AnswerForm(True, "C’est fait.")


@pytest.fixture
async def built(db) -> Built:
    return await everyone()


def erasure(who: Person) -> RequestForm:
    return RequestForm(RequestKind.ERASURE, confirmation=who.email)


async def test_a_refused_applicant_is_erased_and_counts_do_not_move(built):
    at, refused, manager = now(), built.people["refused_holder"], built.people["manager"]
    counts = (
        "SELECT (SELECT count(*) FROM application) || ' ' || (SELECT count(*) FROM deposit)"
        " || ' ' || (SELECT count(*) FROM score)"
    )
    before = await value(counts)
    case = await ask(erasure(refused), by=refused, at=at)
    assert [one.id for one in await cases(manager)] == [case]
    await answer(case, YES, by=manager, at=at + timedelta(days=2))
    assert await where_is("Ondes de Brenne") == []
    assert await where_is(refused.email) == await where_is(refused.name) == ["letter"], "the last one, which tells them"
    await execute("UPDATE letter SET state = 'sent'")
    await sweep_private(at=at + timedelta(days=4))
    assert await where_is(refused.email) == await where_is(refused.name) == []
    assert await value(counts) == before
    assert await value("SELECT count(*) FROM journal_entry WHERE verb = 'account.erased' AND subject = $1", refused.id) == 1


async def test_an_erasure_is_confirmed_by_ones_own_address(built):
    with pytest.raises(Invalid) as wrong:
        await ask(RequestForm(RequestKind.ERASURE, confirmation="autre@exemple.fr"), by=built.people["member"], at=now())
    assert list(wrong.value.errors) == ["confirmation"]
    assert await value("SELECT count(*) FROM data_request") == 0


@pytest.mark.parametrize(("who", "why"), [("depositor", "parcours"), ("manager", "rôle")])
async def test_who_is_still_needed_is_not_erased_and_is_told_why(built, who, why):
    at, person = now(), built.people[who]
    case = await ask(erasure(person), by=person, at=at)
    other = await a_manager(await value("SELECT programme FROM project LIMIT 1"), "Autre Gérante")
    with pytest.raises(Conflict, match=why):
        await answer(case, YES, by=other, at=at)
    assert await value("SELECT state FROM data_request") == "open"
    await answer(case, AnswerForm(False, "Votre convention court encore."), by=other, at=at)
    told = await own_requests(person)
    assert [(one.state, one.answer) for one in told] == [(RequestState.REFUSED, "Votre convention court encore.")]


async def test_nobody_answers_their_own_request_nor_out_of_reach(built):
    at, manager, member = now(), built.people["manager"], built.people["member"]
    own = await ask(RequestForm(RequestKind.ACCESS), by=manager, at=at)
    with pytest.raises(Refused):
        await answer(own, YES, by=manager, at=at)
    case = await ask(RequestForm(RequestKind.OBJECTION, "Pas de relance."), by=member, at=at)
    for stranger in ("coach", "stranger", "other_manager"):
        with pytest.raises(NotFound):
            await answer(case, YES, by=built.people[stranger], at=at)


async def test_a_limitation_is_set_and_lifted(built):
    at, member, manager = now(), built.people["member"], built.people["manager"]
    case = await ask(RequestForm(RequestKind.LIMITATION, "Je conteste une réponse."), by=member, at=at)
    await answer(case, YES, by=manager, at=at)
    limited = "SELECT limited_at IS NOT NULL FROM account WHERE id = $1"
    assert await value(limited, member.id) is True
    await lift_limitation(case, by=manager, at=at)
    assert await value(limited, member.id) is False
    with pytest.raises(Conflict):
        await lift_limitation(case, by=manager, at=at)


async def test_ones_data_hold_what_one_wrote_and_nobody_elses_address(built):
    """K03: complete, without jurors' names, without others' mails."""
    depositor = built.people["depositor"]
    await execute("UPDATE letter SET to_account = $1 WHERE to_email = $2", depositor.id, depositor.email)
    text = json.dumps([part.records for part in (await own_data(depositor, at=now())).parts], ensure_ascii=False)
    assert "trente habitants" in text
    assert depositor.email in text
    assert "Repair’Bus" in text
    for other in ("juror", "juror_in_conflict", "refused_holder", "instructor"):
        assert built.people[other].email not in text, other
    assert built.people["juror"].name not in text
    assert "Ondes de Brenne" not in text


async def test_the_pages_of_ones_data(built, signed_in):
    browser = await signed_in(built.people["depositor"])
    page = await browser.get("/data")
    assert (page.status_code, "Repair’Bus" in page.text) == (200, True)
    taken = await browser.get("/data/export.json")
    assert taken.headers["content-disposition"].startswith("attachment; filename=")
    assert {part["table"] for part in taken.json()["parts"]} >= {"account", "application", "answer", "deposit", "enrolment"}
    assert (await browser.get("/data/export.html")).status_code == 200
    sent = await browser.send_form("/data/requests/new", kind="rectification", text="Mon nom s’écrit autrement.")
    assert (sent.status_code, sent.headers["location"]) == (303, "/data#requests")
    again = await browser.send_form("/data/requests/new", kind="rectification", text="Mon nom s’écrit autrement.")
    assert again.status_code == 409


async def test_the_pages_of_staff(built, signed_in):
    member, at = built.people["member"], now()
    case = await ask(RequestForm(RequestKind.OBJECTION, "Pas de relance."), by=member, at=at)
    browser = await signed_in(built.people["manager"])
    assert member.name in (await browser.get("/data-requests")).text
    assert "Pas de relance." in (await browser.get(f"/data-requests/{case}")).text
    sent = await browser.send_form(f"/data-requests/{case}", is_granted="on", answer="Noté.")
    assert sent.status_code == 303
    assert (await browser.get("/retention")).status_code == 200
    for nobody in ("coach", "stranger", "depositor"):
        assert (await (await signed_in(built.people[nobody])).get("/retention")).status_code == 404


async def test_a_limited_file_is_read_by_its_team_and_the_manager_alone(built):
    """K06."""
    at, refused, manager, instructor = now(), built.people["refused_holder"], built.people["manager"], built.people["instructor"]
    application = await value(
        "SELECT a.id FROM application a JOIN team_member m ON m.project = a.project WHERE m.account = $1", refused.id
    )
    assert (await facts_for(instructor, application)).id == application
    case = await ask(RequestForm(RequestKind.LIMITATION, "Je conteste une réponse."), by=refused, at=at)
    await answer(case, YES, by=manager, at=at)
    for reader in (refused, manager):
        assert (await facts_for(reader, application)).id == application
    with pytest.raises(NotFound):
        await facts_for(instructor, application)
    with pytest.raises(NotFound):
        await content_for_committee(application)


async def test_the_questions_of_a_limited_file_are_read_by_its_team_and_the_manager_alone(built):
    """K06: neither opened, nor listed, nor sent by mail."""
    at, depositor, manager, instructor = now(), built.people["depositor"], built.people["manager"], built.people["instructor"]
    inquiry, code = built.ids["inquiry_id"], built.ids["code"]
    assert [one.id for one in (await inquiries_to(instructor, code, is_open=True)).page.items] == [inquiry]
    await execute("UPDATE account SET limited_at = $2 WHERE id = $1", depositor.id, at)
    for reader in (depositor, manager):
        assert (await inquiry_for(reader, inquiry)).id == inquiry
    assert [one.id for one in (await inquiries_to(manager, code, is_open=True)).page.items] == [inquiry]
    assert (await inquiries_to(instructor, code, is_open=True)).page.items == []
    with pytest.raises(NotFound):
        await inquiry_for(instructor, inquiry)
    managers = await staff_of((await inquiry_for(manager, inquiry)).programme, "manager")
    assert {one.id for one in await handling((await inquiry_for(manager, inquiry)).application)} == {one.id for one in managers}


async def test_what_awaits_a_manager_is_on_their_home_page(built, signed_in):
    at, member, manager = now(), built.people["member"], built.people["manager"]
    await ask(RequestForm(RequestKind.OBJECTION, "Pas de relance."), by=member, at=at)
    await propose(at=at + timedelta(days=1500))
    told = (await (await signed_in(manager)).get("/")).text
    assert "Répondez à 1 demande sur des données personnelles" in told
    assert 'href="/retention"' in told
    assert "/data-requests" not in (await (await signed_in(built.people["instructor"])).get("/")).text
