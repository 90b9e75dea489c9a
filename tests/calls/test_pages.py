"""Pages of calls, as a visitor, a coach and a manager see them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from incubator.calls.queries import call_by_code
from incubator.core.clock import local, now
from incubator.core.database import value
from incubator.core.words import instant_words
from tests.world.calls import a_call, a_draft_call
from tests.world.people import a_coach, a_manager, someone
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")

DAY = timedelta(days=1)


def moment(days: int) -> datetime:
    return now().replace(second=0, microsecond=0) + days * DAY


def typed(world, **changed):
    opens, closes = local(moment(10)), local(moment(60))
    fields = {
        "title": "Appel d’hiver",
        "code": "AAC-CVL-2030-1",
        "introduction": "Bienvenue.",
        "opens_at": opens.strftime("%Y-%m-%dT%H:%M"),
        "closes_at": closes.strftime("%Y-%m-%dT%H:%M"),
        "notify_on": (closes + 30 * DAY).strftime("%Y-%m-%d"),
        "departements": ["45", "37"],
        "places.pre_incubation": "10",
        "places.incubation": "2",
        "form": str(world.form),
        "grid": str(world.grid),
        "plan": str(world.plan),
    }
    return fields | changed


async def test_an_open_call_says_until_when_and_offers_one_action(client):
    world = await the_programme()
    call = await a_call(world, opens_at=moment(-10), closes_at=moment(20))
    page = await client.get(f"/calls/{call.code}")
    assert page.status_code == 200
    assert f"avant le {instant_words(call.closes_at)}, heure de Paris" in page.text
    assert page.text.count(f'href="/calls/{call.code}/apply"') == 1
    for words in ("Pré-incubation", "10 places", "Besoin social ou sociétal avéré", "1\u202f500 caractères au plus", "Loiret"):
        assert words in page.text
    assert "/applications" not in page.text
    assert "/extension" not in page.text


@pytest.mark.parametrize(("opens", "closes", "words"), [(5, 20, "à partir du"), (-20, -5, "Cet appel a fermé le")])
async def test_before_and_after_it_says_when_and_nobody_can_apply(client, opens, closes, words):
    world = await the_programme()
    call = await a_call(world, opens_at=moment(opens), closes_at=moment(closes))
    page = await client.get(f"/calls/{call.code}")
    assert words in page.text
    assert "/apply" not in page.text


async def test_a_draft_does_not_exist_for_others(client, signed_in):
    world = await the_programme()
    draft = await a_draft_call(world, opens_at=moment(5), closes_at=moment(20))
    stranger, coach = await signed_in(await someone()), await signed_in(await a_coach(world.programme))
    assert (await client.get(f"/calls/{draft.code}")).status_code == 404
    assert (await stranger.get(f"/calls/{draft.code}")).status_code == 404
    assert draft.code not in (await client.get("/calls")).text
    page = await coach.get(f"/calls/{draft.code}")
    assert page.status_code == 200
    assert "Publier cet appel" not in page.text
    assert draft.code in (await coach.get("/calls")).text


async def test_a_manager_makes_edits_and_publishes_a_call(signed_in):
    world = await the_programme()
    manager = await signed_in(await a_manager(world.programme))
    form = await manager.get("/calls/new")
    assert f'value="AAC-CVL-{local(now()).year}-1"' in form.text
    answer = await manager.send_form("/calls/new", **typed(world))
    assert (answer.status_code, answer.headers["location"]) == (303, "/calls/AAC-CVL-2030-1/checklist")
    edit = await manager.get("/calls/AAC-CVL-2030-1/edit")
    assert 'value="Appel d’hiver"' in edit.text
    answer = await manager.send_form("/calls/AAC-CVL-2030-1/edit", **typed(world, version="1", title="Appel de printemps"))
    assert answer.status_code == 303
    assert 'href="/calls/AAC-CVL-2030-1/checklist"' in (await manager.get("/calls/AAC-CVL-2030-1")).text
    assert "Programmer cet appel" in (await manager.get("/calls/AAC-CVL-2030-1/checklist")).text
    answer = await manager.send_form("/calls/AAC-CVL-2030-1/publication")
    assert answer.status_code == 303
    call = await call_by_code("AAC-CVL-2030-1")
    assert (call.title, call.published_at is not None) == ("Appel de printemps", True)


async def test_the_same_form_sent_twice_is_one_call(signed_in):
    world = await the_programme()
    manager = await signed_in(await a_manager(world.programme))
    for _time in range(2):
        answer = await manager.send_form("/calls/new", **typed(world, once="one showing of the form"))
        assert answer.status_code == 303
    assert await value("SELECT count(*) FROM call") == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"opens_at": "2030-03-31T02:30"}, "Cette heure n’existe pas"),
        ({"opens_at": "2030-10-27T02:30"}, "Cette heure existe deux fois"),
        ({"closes_at": "2020-01-01T10:00"}, "La clôture doit venir après l’ouverture"),
        ({"title": ""}, "Ce champ est obligatoire"),
        ({"places.incubation": "deux"}, "Écrivez un nombre entier"),
        ({"places.incubation": "501"}, "Choisissez un nombre entre 0 et 500"),
        ({"departements": "75"}, "n’est pas dans la région"),
        ({"code": "hiver"}, "Écrivez des capitales"),
        ({"form": "0"}, "Choisissez une des réponses proposées"),
    ],
)
async def test_a_mistake_is_told_and_nothing_typed_is_lost(signed_in, changed, words):
    world = await the_programme()
    manager = await signed_in(await a_manager(world.programme))
    answer = await manager.send_form("/calls/new", **typed(world, **({"introduction": "Gardez ceci"} | changed)))
    assert answer.status_code == 422
    assert words in answer.text
    assert "Gardez ceci" in answer.text
    assert await value("SELECT count(*) FROM call") == 0


async def test_who_saves_second_sees_both_texts(signed_in):
    world = await the_programme()
    manager = await signed_in(await a_manager(world.programme))
    await manager.send_form("/calls/new", **typed(world))
    await manager.send_form("/calls/AAC-CVL-2030-1/edit", **typed(world, version="1", title="Le premier"))
    answer = await manager.send_form("/calls/AAC-CVL-2030-1/edit", **typed(world, version="1", title="Le second"))
    assert answer.status_code == 409
    assert "Le premier" in answer.text
    assert 'value="Le second"' in answer.text
    assert 'name="version" value="2"' in answer.text


async def test_a_manager_moves_the_closing_of_an_open_call(signed_in, client):
    world = await the_programme()
    person = await a_manager(world.programme)
    manager = await signed_in(person)
    call = await a_call(world, opens_at=moment(-10), closes_at=moment(20), by=person)
    later = moment(27)
    assert (await manager.get(f"/calls/{call.code}/extension")).status_code == 200
    fields = {"closes_at": local(later).strftime("%Y-%m-%dT%H:%M"), "notify_on": "", "reason": "Neige"}
    answer = await manager.send_form(f"/calls/{call.code}/extension", **fields)
    assert answer.status_code == 303
    assert instant_words(later) in (await client.get(f"/calls/{call.code}")).text
    again = await manager.send_form(f"/calls/{call.code}/extension", **fields)
    assert again.status_code == 409
    assert "ne peut être que repoussée" in again.text


async def test_pages_of_a_manager_are_for_the_manager(signed_in, client):
    world = await the_programme()
    call = await a_call(world, opens_at=moment(-10), closes_at=moment(20))
    coach = await signed_in(await a_coach(world.programme))
    stranger = await signed_in(await someone())
    for path in (f"/calls/{call.code}/extension", f"/calls/{call.code}/edit"):
        assert (await coach.get(path)).status_code == 403
        assert (await stranger.get(path)).status_code == 404
        assert (await client.get(path)).headers["location"].startswith("/sign-in")
    assert (await coach.get("/calls/new")).status_code == 404


async def test_the_public_page_and_the_list_cost_the_same_however_much_there_is(client, statements):
    world = await the_programme()
    first = await a_call(world, opens_at=moment(-10), closes_at=moment(20))
    await client.get(f"/calls/{first.code}")
    with statements() as one:
        await client.get(f"/calls/{first.code}")
    with statements() as listed_one:
        await client.get("/calls")
    for _more in range(3):
        await a_call(world, opens_at=moment(-10), closes_at=moment(20))
    with statements() as four:
        await client.get(f"/calls/{first.code}")
    with statements() as listed_four:
        await client.get("/calls")
    assert (len(one), len(four)) == (2, 2)  # the call, its frequent questions
    assert (len(listed_one), len(listed_four)) == (1, 1)
    assert (listed_one[0].rows, listed_four[0].rows) == (1, 4)


async def test_the_published_grid_and_versions_are_a_part_of_the_programme_page(client):
    await the_programme()
    hole = await client.get("/programmes/alter-incub-cvl/versions", headers={"hx-request": "true"})
    whole = await client.get("/programmes/alter-incub-cvl/versions")
    assert "Constaté auprès de quelques usagers ou sources" in hole.text
    assert "<html" not in hole.text
    assert "<html" in whole.text
