"""The checklist, the archive and the double hour, as the staff see them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from incubator.calls.actions import archive_call
from incubator.calls.queries import call_by_code
from incubator.core.clock import local, now
from incubator.core.database import value
from incubator.core.words import instant_words
from tests.calls.test_pages import moment, typed
from tests.world.calls import a_call, a_draft_call
from tests.world.people import a_coach, a_manager, someone
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")

CODE = "AAC-CVL-2030-1"


async def test_the_checklist_leads_to_what_is_missing_and_publishes_when_nothing_is(signed_in, client):
    world = await the_programme()
    manager = await signed_in(await a_manager(world.programme))
    draft = await a_draft_call(world, opens_at=moment(5), closes_at=moment(20), introduction="")
    page = await manager.get(f"/calls/{draft.code}/checklist")
    assert "Il manque 1 point avant de publier" in page.text
    assert f'href="/calls/{draft.code}/edit#f-introduction"' in page.text
    assert 'aria-disabled="true"' in page.text
    refused = await manager.send_form(f"/calls/{draft.code}/publication")
    assert refused.status_code == 409
    assert "La présentation est vide" in refused.text
    assert (await call_by_code(draft.code)).published_at is None
    fields = typed(world, code=draft.code, version="1")
    assert (await manager.send_form(f"/calls/{draft.code}/edit", **fields)).headers[
        "location"
    ] == f"/calls/{draft.code}/checklist"
    assert "Rien ne manque" in (await manager.get(f"/calls/{draft.code}/checklist")).text
    assert (await manager.send_form(f"/calls/{draft.code}/publication")).headers["location"] == f"/calls/{draft.code}"
    assert "Programmé" in (await client.get(f"/calls/{draft.code}")).text


async def test_the_rest_of_the_staff_read_the_checklist_and_visitors_do_not(signed_in, client):
    world = await the_programme()
    draft = await a_draft_call(world, opens_at=moment(5), closes_at=moment(20))
    call = await a_call(world, opens_at=moment(-5), closes_at=moment(20))
    coach, stranger = await signed_in(await a_coach(world.programme)), await signed_in(await someone())
    page = await coach.get(f"/calls/{draft.code}/checklist")
    assert page.status_code == 200
    assert "/publication" not in page.text
    assert "/edit#" not in page.text
    assert [(await stranger.get(f"/calls/{one.code}/checklist")).status_code for one in (draft, call)] == [404, 404]
    assert (await client.get(f"/calls/{draft.code}/checklist")).headers["location"].startswith("/sign-in")


async def test_a_copy_is_proposed_with_the_next_code_and_the_same_weekday(signed_in):
    world = await the_programme()
    person = await a_manager(world.programme)
    manager = await signed_in(person)
    source = await a_call(world, opens_at=moment(-100), closes_at=moment(-50), by=person)
    opens = local(source.opens_at + timedelta(weeks=52))
    page = await manager.get(f"/calls/new?copy={source.code}")
    assert f'name="copy_of" value="{source.code}"' in page.text
    assert f'value="AAC-CVL-{opens.year}-1"' in page.text
    assert f'value="{opens.strftime("%Y-%m-%d")}T' in page.text
    answer = await manager.send_form("/calls/new", **typed(world, copy_of=source.code))
    assert answer.headers["location"] == f"/calls/{CODE}/checklist"
    assert await value("SELECT count(*) FROM call WHERE published_at IS NULL") == 1


async def test_an_hour_that_comes_twice_asks_which_one(signed_in):
    world = await the_programme()
    manager = await signed_in(await a_manager(world.programme))
    fields = typed(world, opens_at="2030-10-01T09:00", closes_at="2030-10-27T02:30", notify_on="2030-12-01")
    asked = await manager.send_form("/calls/new", **fields)
    assert asked.status_code == 422
    assert "Cette heure existe deux fois" in asked.text
    assert asked.text.count('name="closes_at.which"') == 2
    assert 'name="opens_at.which"' not in asked.text
    again = await manager.send_form("/calls/new", **fields, **{"closes_at.which": "third"})
    assert again.status_code == 422
    saved = await manager.send_form("/calls/new", **fields, **{"closes_at.which": "second"})
    assert saved.status_code == 303
    call = await call_by_code(CODE)
    assert call.closes_at == datetime(2030, 10, 27, 1, 30, tzinfo=UTC)
    edit = await manager.get(f"/calls/{CODE}/edit")
    assert 'value="second" checked' in edit.text.replace(' id="f-closes_at.which"', "")
    assert "dimanche 27 octobre 2030 à 2\u00a0h\u00a030 (heure d’hiver)" in (await manager.get(f"/calls/{CODE}")).text


async def test_an_hour_that_does_not_come_is_refused_in_an_extension(signed_in):
    world = await the_programme()
    person = await a_manager(world.programme)
    manager = await signed_in(person)
    call = await a_call(world, opens_at=moment(-10), closes_at=moment(20), by=person)
    answer = await manager.send_form(f"/calls/{call.code}/extension", closes_at="31/03/2030 02:30", notify_on="", reason="Neige")
    assert (answer.status_code, "Cette heure n’existe pas" in answer.text, "Neige" in answer.text) == (422, True, True)
    assert (await call_by_code(call.code)).closes_at == call.closes_at


async def test_the_extensions_made_are_told_on_the_page(signed_in):
    world = await the_programme()
    person = await a_manager(world.programme)
    manager = await signed_in(person)
    call = await a_call(world, opens_at=moment(-10), closes_at=moment(20), by=person)
    later = local(moment(27)).strftime("%Y-%m-%dT%H:%M")
    await manager.send_form(f"/calls/{call.code}/extension", closes_at=later, notify_on="", reason="Neige <b>")
    page = await manager.get(f"/calls/{call.code}/extension")
    assert instant_words(moment(27)) in page.text
    assert "Neige &lt;b&gt;" in page.text
    assert "les équipes vont être prévenues" in page.text


async def test_a_closed_call_is_archived_and_restored_from_its_page(signed_in, client):
    world = await the_programme()
    person = await a_manager(world.programme)
    manager, coach = await signed_in(person), await signed_in(await a_coach(world.programme))
    call = await a_call(world, opens_at=moment(-60), closes_at=moment(-5), by=person)
    assert "/archive" in (await manager.get(f"/calls/{call.code}")).text
    assert f'"/calls/{call.code}/archive"' not in (await coach.get(f"/calls/{call.code}")).text
    assert (await manager.send_form(f"/calls/{call.code}/archive")).status_code == 303
    assert call.code not in (await client.get("/calls")).text
    assert call.code in (await coach.get("/calls/archived")).text
    assert "Cet appel a fermé le" in (await client.get(f"/calls/{call.code}")).text
    assert (await manager.send_form(f"/calls/{call.code}/archive")).status_code == 409
    assert (await manager.send_form(f"/calls/{call.code}/restoration")).status_code == 303
    assert call.code in (await client.get("/calls")).text


async def test_the_archive_costs_the_same_however_long(signed_in, statements):
    world = await the_programme()
    person = await a_manager(world.programme)
    manager = await signed_in(person)
    counts = []
    for _more in (1, 3):
        while await value("SELECT count(*) FROM call") < _more:
            call = await a_call(world, opens_at=moment(-60), closes_at=moment(-5), by=person)
            await archive_call(call.code, by=person, at=now())
        with statements() as sent:
            await manager.get("/calls/archived")
        counts.append(len(sent))
    assert counts[0] == counts[1]
