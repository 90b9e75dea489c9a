"""Magic links: a button, ten minutes, once; scanners and late clicks harm nothing (A06–A08)."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.core.errors import Conflict
from incubator.people import actions
from incubator.people.tables import Purpose
from tests.world.people import link_to, someone

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
EMAIL = "moi@exemple.fr"
HERE = actions.Browser(agent="Firefox", address="192.0.2.1")


async def test_a_scanner_that_follows_the_link_leaves_it_good(db, client):
    """A06: GET, HEAD and prefetch show a button; only pressing it enters."""
    await someone(email=EMAIL)
    token = await link_to(EMAIL, Purpose.SIGN_IN, at=now())
    path = f"/sign-in/link/use?token={token}&next=/calls"
    for _ in range(3):
        page = await client.get(path, headers={"purpose": "prefetch", "sec-purpose": "prefetch"})
        await client.head(path)
    assert "m•••@exemple.fr" in page.text
    assert EMAIL not in page.text
    assert await value("SELECT count(*) FROM session") == 0
    answer = await client.send_form("/sign-in/link/use", token=token, next="/calls")
    assert (answer.status_code, answer.headers["location"]) == (303, "/calls")
    assert await value("SELECT count(*) FROM session") == 1


async def test_a_newer_link_kills_the_older_and_the_page_offers_another(db, client):
    """A07."""
    await someone(email=EMAIL)
    first = await link_to(EMAIL, Purpose.SIGN_IN, at=now())
    second = await link_to(EMAIL, Purpose.SIGN_IN, at=now() + timedelta(seconds=1))
    refused = await client.send_form("/sign-in/link/use", token=first)
    assert refused.status_code == 409
    assert "Demander un nouveau lien" in refused.text
    assert (await client.send_form("/sign-in/link/use", token=second)).status_code == 303


async def test_a_link_dies_in_ten_minutes(db):
    """A08."""
    await someone(email=EMAIL)
    token = await link_to(EMAIL, Purpose.SIGN_IN, at=AT)
    with pytest.raises(Conflict):
        await actions.sign_in_with_link(token, browser=HERE, at=AT + timedelta(minutes=10, seconds=1))


async def test_a_link_dies_when_the_address_changes(db):
    """A08."""
    me = await someone(email=EMAIL)
    token = await link_to(EMAIL, Purpose.SIGN_IN, at=AT)
    await execute("UPDATE account SET email = 'autre@exemple.fr' WHERE id = $1", me.id)
    with pytest.raises(Conflict):
        await actions.sign_in_with_link(token, browser=HERE, at=AT)


async def test_a_link_pressed_twenty_times_at_once_opens_one_session(committed_db):
    """A08."""
    await someone(email=EMAIL)
    token = await link_to(EMAIL, Purpose.SIGN_IN, at=AT)
    pressed = (actions.sign_in_with_link(token, browser=HERE, at=AT) for _ in range(20))
    results = await asyncio.gather(*pressed, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Conflict"] * 19 + ["Entered"]
    assert await value("SELECT count(*) FROM session") == 1


async def test_a_link_of_one_purpose_is_good_for_no_other(db):
    await someone(email=EMAIL)
    token = await link_to(EMAIL, Purpose.RESET, at=AT)
    with pytest.raises(Conflict):
        await actions.sign_in_with_link(token, browser=HERE, at=AT)


async def test_an_unknown_address_is_written_nothing(db):
    await actions.ask_link("personne@exemple.fr", Purpose.SIGN_IN, address="a", at=AT)
    assert await actions.answer_link_requests(at=AT) == 1
    assert await column("SELECT kind FROM letter") == []
    assert await value("SELECT count(*) FROM link_request") == 0


async def test_a_mailbox_is_not_flooded_and_its_last_link_stays_good(db):
    """A05: asking again and again neither fills a mailbox nor kills the link its owner holds."""
    await someone(email=EMAIL)
    for number in range(20):
        await actions.ask_link(EMAIL, Purpose.SIGN_IN, address=f"192.0.2.{number}", at=AT)
    await actions.answer_link_requests(at=AT)
    assert await value("SELECT count(*) FROM letter") == 6
    assert await value("SELECT count(*) FROM link_token WHERE used_at IS NULL") == 1


async def test_the_letter_leads_on_to_where_one_was_going(db):
    await someone(email=EMAIL)
    await actions.ask_link(EMAIL, Purpose.SIGN_IN, address="a", next_path="/calls?a=1", at=AT)
    await actions.answer_link_requests(at=AT)
    assert str(await value("SELECT path FROM letter")).endswith("&next=%2Fcalls%3Fa%3D1")


async def test_asking_by_the_page_says_the_same_for_any_address(db, client):
    await someone(email=EMAIL)
    for email in (EMAIL, "personne@exemple.fr"):
        answer = await client.send_form("/sign-in/link", email=email, password="ce qui était tapé", next="")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/link/sent")
    assert "Si un compte existe" in (await client.get("/sign-in/link/sent")).text
