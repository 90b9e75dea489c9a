"""Meetings on the page: listed, come to, left, organised; the link for those who registered alone."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from incubator.core.clock import local, now
from incubator.core.database import execute, value
from incubator.core.tickets import ticket
from incubator.core.words import instant_words
from incubator.events.letters import PURPOSE
from incubator.events.queries import meeting
from tests.world.calls import a_call, a_draft_call
from tests.world.events import KEY, a_meeting, comes
from tests.world.people import a_coach, someone
from tests.world.programmes import the_programme

DAY = timedelta(days=1)
LINK = "https://visio.exemple.fr/secret"
pytestmark = pytest.mark.usefixtures("db")


def soon():
    return now().replace(second=0, microsecond=0) + 3 * DAY


@pytest.fixture
async def call(db):
    return await a_call(await the_programme(), opens_at=now() - 10 * DAY, closes_at=now() + 20 * DAY)


async def a_remote_meeting(call):
    return await a_meeting(call, starts_at=soon(), at=now(), place_name="", address="", is_remote=True, link=LINK)


def typed(**changed):
    starts = local(soon())
    fields = {
        "title": "Réunion à Blois",
        "starts_at": starts.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (starts + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"),
        "seats": "25",
        "place_name": "La Fabrique",
        "address": "1 rue du Port",
        "commune": "",
        "commune_text": "",
        "link": "",
        "description": "",
    }
    return fields | changed


async def test_the_call_s_page_gets_a_part_and_without_javascript_a_page(client, call):
    view = await a_meeting(call, starts_at=soon(), at=now())
    part = await client.get(f"/calls/{call.code}/meetings", headers={"hx-request": "true"})
    assert part.text.lstrip().startswith("<h3>")
    whole = await client.get(f"/calls/{call.code}/meetings")
    for page in (part, whole):
        assert instant_words(view.starts_at) in page.text
        assert f'href="/meetings/{view.id}"' in page.text
        assert "30 places libres" in page.text


async def test_without_a_meeting_the_page_says_what_to_do(client, call):
    assert "Aucune réunion n’est annoncée" in (await client.get(f"/calls/{call.code}/meetings")).text


async def test_meetings_past_and_cancelled_are_not_listed_and_a_hundred_cost_as_one(client, call, statements):
    view = await a_meeting(call, starts_at=soon(), at=now())
    path = f"/calls/{call.code}/meetings"
    await client.get(path)
    with statements() as one:
        await client.get(path)
    await a_meeting(call, starts_at=soon(), at=now(), every_call=True)
    await a_meeting(call, starts_at=soon() - 30 * DAY, at=now() - 40 * DAY, title="Passée")
    with statements() as three:
        page = await client.get(path)
    assert len(one) == len(three) <= 3
    assert page.text.count('href="/meetings/') == 2
    await execute("UPDATE meeting SET cancelled_at = $2 WHERE id = $1", view.id, now())
    assert str(view.id) not in (await client.get(path)).text


async def test_a_visitor_registers_by_name_and_address(client, call):
    view = await a_meeting(call, starts_at=soon(), at=now())
    sent = await client.send_form(f"/meetings/{view.id}/registrations", name="Zoé", email="zoe@exemple.fr", people_count="2")
    assert sent.headers["location"] == f"/meetings/{view.id}/registered"
    assert "Un courriel vient de partir" in (await client.get(sent.headers["location"])).text
    assert (await meeting(view.id)).seats_taken == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "email": "zoe@exemple.fr", "people_count": "1"},
        {"name": "Zoé", "email": "zoe", "people_count": "1"},
        {"name": "Zoé", "email": "zoe@exemple.fr", "people_count": "11"},
        {"name": "Zoé", "email": "zoe@exemple.fr", "people_count": "0"},
        {"name": "Zoé", "email": "zoe@exemple.fr", "people_count": "deux"},
        {"name": "x" * 201, "email": "zoe@exemple.fr", "people_count": "1"},
    ],
)
async def test_what_cannot_be_taken_is_said_and_kept_in_the_fields(client, call, fields):
    view = await a_meeting(call, starts_at=soon(), at=now())
    answer = await client.send_form(f"/meetings/{view.id}/registrations", **fields)
    assert answer.status_code == 422
    assert f'value="{fields["email"]}"' in answer.text
    assert (await meeting(view.id)).seats_taken == 0


async def test_the_link_is_for_those_who_registered(client, call):
    view = await a_remote_meeting(call)
    for path in (
        f"/meetings/{view.id}",
        f"/meetings/{view.id}/calendar.ics",
        f"/calls/{call.code}/meetings",
        f"/api/v1/calls/{call.code}/meetings",
    ):
        assert LINK not in (await client.get(path)).text
    own = f"/registrations/{ticket(KEY, PURPOSE, UUID(await comes(view, 'zoe@exemple.fr', at=now())))}"
    assert f'href="{LINK}"' in (await client.get(own)).text
    assert LINK in (await client.get(f"{own}/calendar.ics")).text.replace("\r\n ", "")
    assert (await client.send_form(f"{own}/cancellation")).status_code == 303
    assert LINK not in (await client.get(own)).text
    assert LINK not in (await client.get(f"{own}/calendar.ics")).text.replace("\r\n ", "")
    assert (await client.get("/registrations/nobody")).status_code == 404


async def test_the_calendar_file_is_one(client, call):
    view = await a_meeting(call, starts_at=soon(), at=now(), title="Réunion\r\nATTENDEE:x")
    answer = await client.get(f"/meetings/{view.id}/calendar.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "\r\nATTENDEE" not in answer.text
    assert f"UID:{view.id}@testserver" in answer.text.replace("\r\n ", "")


async def test_staff_announce_change_and_cancel(signed_in, call):
    coach = await signed_in(await a_coach(call.programme))
    made = await coach.send_form(f"/calls/{call.code}/meetings/new", **typed())
    where = made.headers["location"]
    view = await meeting(UUID(where.rsplit("/", 1)[1]))
    assert (view.title, view.seats, view.place) == ("Réunion à Blois", 25, "La Fabrique, 1 rue du Port")
    assert 'value="Réunion à Blois"' in (await coach.get(f"{where}/edit")).text
    await coach.send_form(f"{where}/edit", **typed(title="Réunion à Tours", version="1"))
    assert (await meeting(view.id)).title == "Réunion à Tours"
    stale = await coach.send_form(f"{where}/edit", **typed(title="Réunion à Bourges", version="1"))
    assert stale.status_code == 409
    assert "Réunion à Tours" in stale.text
    assert "Réunion à Bourges" in stale.text
    assert (await coach.send_form(f"{where}/cancellation", reason="")).status_code == 422
    assert (await coach.send_form(f"{where}/cancellation", reason="Salle fermée")).status_code == 303
    assert "Salle fermée" in (await coach.get(where)).text
    assert "Annulée" in (await coach.get(f"/calls/{call.code}/meetings/all")).text


async def test_a_form_that_lacks_something_is_shown_again(signed_in, call):
    coach = await signed_in(await a_coach(call.programme))
    answer = await coach.send_form(f"/calls/{call.code}/meetings/new", **typed(place_name="", ends_at="hier", seats="0"))
    assert answer.status_code == 422
    assert 'value="hier"' in answer.text
    assert await value("SELECT count(*) FROM meeting") == 0


async def test_who_came_is_ticked_on_the_list(signed_in, call):
    view = await a_meeting(call, starts_at=soon(), at=now())
    mine = await comes(view, "zoe@exemple.fr", at=now(), name="Zoé", people_count=3)
    coach = await signed_in(await a_coach(call.programme))
    page = f"/meetings/{view.id}/registrations"
    assert "Vous direz qui est venu" in (await coach.get(page)).text
    await execute("UPDATE meeting SET starts_at = $2 WHERE id = $1", view.id, now() - timedelta(minutes=1))
    assert (await coach.send_form(f"/meetings/{view.id}/attendance", came=mine)).headers["location"] == page
    assert "3 personnes sont venues" in (await coach.get(page)).text


async def test_organising_is_for_the_staff(client, signed_in, call):
    view = await a_meeting(call, starts_at=soon(), at=now())
    stranger = await signed_in(await someone())
    for path in ("edit", "cancellation", "registrations"):
        assert (await stranger.get(f"/meetings/{view.id}/{path}")).status_code == 404
        assert (await client.get(f"/meetings/{view.id}/{path}")).status_code == 303
    assert (await stranger.get(f"/calls/{call.code}/meetings/new")).status_code == 404
    assert (await stranger.send_form(f"/meetings/{view.id}/attendance")).status_code == 404


async def test_programs_announce_and_read(client, signed_in, call):
    coach = await signed_in(await a_coach(call.programme))
    body = {"title": "Visio", "starts_at": soon().isoformat(), "ends_at": (soon() + timedelta(hours=1)).isoformat(), "seats": 9}
    path = f"/api/v1/calls/{call.code}/meetings"
    wrong = await coach.send_json("POST", path, body)
    assert set(wrong.json()["errors"]) == {"place_name"}
    made = await coach.send_json("POST", path, body | {"is_remote": True, "link": LINK})
    assert made.status_code == 201
    listed = (await client.get(path)).json()
    assert [(one["title"], one["seats_left"]) for one in listed] == [("Visio", 9)]
    one = f"/api/v1/meetings/{made.json()['id']}"
    assert (await coach.get(one)).json()["link"] == LINK
    assert (await client.get(one)).status_code == 401
    assert (await coach.send_json("POST", f"{one}/cancellation", {"reason": "Non."})).json()["cancelled_reason"] == "Non."


async def test_a_meeting_of_a_draft_call_is_not_seen_yet(client, signed_in, call):
    draft = await a_draft_call(await the_programme(), opens_at=now() + 5 * DAY, closes_at=now() + 20 * DAY)
    view = await a_meeting(draft, starts_at=soon(), at=now())
    for path in ("", "/registered", "/calendar.ics"):
        assert (await client.get(f"/meetings/{view.id}{path}")).status_code == 404
    sent = await client.send_form(f"/meetings/{view.id}/registrations", name="Zoé", email="zoe@exemple.fr", people_count="1")
    assert sent.status_code == 404
    assert (await (await signed_in(await a_coach(draft.programme))).get(f"/meetings/{view.id}")).status_code == 200
