"""Passkeys: bound to the site, the browser and one challenge; two proofs when the device knows its user."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from incubator.core.database import column, value
from incubator.core.errors import Conflict, Invalid, NotFound
from incubator.people import actions
from incubator.people.queries import OpenSession, Person, own_security, session_by
from incubator.people.secrets import hashed
from incubator.people.tables import Role
from tests.people.authenticator import Authenticator
from tests.world.people import someone
from tests.world.programmes import the_programme

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SITE = actions.Site("http://testserver", "the secret of a browser")
OTHER = actions.Site("http://testserver", "the secret of another browser")
HERE = actions.Browser(agent="Firefox", address="192.0.2.1")


async def a_session(me: Person) -> OpenSession:
    secret = await actions.open_session(me.id, agent="x", is_staff=False, at=AT)
    found = await session_by(hashed(secret), at=AT)
    assert found is not None
    return found


async def registered(me: Person, device: Authenticator, name: str = "mon téléphone") -> None:
    options = await actions.ask_registration(by=me, site=SITE, at=AT)
    await actions.register(device.create(options), name, opened=await a_session(me), by=me, site=SITE, at=AT)


async def test_a_key_is_kept_by_its_public_half_and_enters_with_two_proofs(db):
    me, device = await someone(), Authenticator()
    await registered(me, device)
    assert [one.name for one in (await own_security(me, at=AT)).passkeys] == ["mon téléphone"]
    answer = device.get(await actions.ask_sign_in(site=SITE, address="a", at=AT))
    entered = await actions.sign_in_with_passkey(answer, site=SITE, browser=HERE, at=AT)
    assert (entered.who.id, entered.factors_count) == (me.id, 2)
    assert await column("SELECT sign_count FROM passkey") == [1]


async def test_a_device_that_does_not_know_its_user_gives_one_proof(db):
    me, device = await someone(), Authenticator(verifies=False)
    await registered(me, device)
    answer = device.get(await actions.ask_sign_in(site=SITE, address="a", at=AT))
    assert (await actions.sign_in_with_passkey(answer, site=SITE, browser=HERE, at=AT)).factors_count == 1
    again = device.get(await actions.ask_second_proof(by=me, site=SITE, at=AT))
    with pytest.raises(Conflict):
        await actions.prove_with_passkey(again, opened=await a_session(me), site=SITE, at=AT)


async def test_whoever_must_have_two_proofs_registers_a_device_that_knows_them(db):
    world, me = await the_programme(), await someone()
    await actions.give_role(me.id, Role.COACH, world.programme, by=None, at=AT)
    with pytest.raises(Conflict):
        await registered(me, Authenticator(verifies=False))
    await registered(me, Authenticator())
    assert await value("SELECT count(*) FROM passkey") == 1


@pytest.mark.parametrize("change", [{"origin": "https://evil.example"}, {"type": "webauthn.create"}, {"challenge": "AAAA"}])
async def test_an_answer_for_another_site_ceremony_or_challenge_is_refused(db, change):
    device = Authenticator()
    await registered(await someone(), device)
    answer = device.get(await actions.ask_sign_in(site=SITE, address="a", at=AT), **change)
    with pytest.raises(Conflict):
        await actions.sign_in_with_passkey(answer, site=SITE, browser=HERE, at=AT)


async def test_a_challenge_is_of_one_browser_minutes_long_and_used_once(db):
    device = Authenticator()
    await registered(await someone(), device)
    answer = device.get(await actions.ask_sign_in(site=SITE, address="a", at=AT))
    with pytest.raises(Conflict):
        await actions.sign_in_with_passkey(answer, site=OTHER, browser=HERE, at=AT)
    with pytest.raises(Conflict):
        await actions.sign_in_with_passkey(answer, site=SITE, browser=HERE, at=AT + timedelta(minutes=5, seconds=1))
    await actions.sign_in_with_passkey(answer, site=SITE, browser=HERE, at=AT)
    with pytest.raises(Conflict):
        await actions.sign_in_with_passkey(answer, site=SITE, browser=HERE, at=AT)


async def test_one_answer_sent_ten_times_at_once_opens_one_session(committed_db):
    device = Authenticator()
    await registered(await someone(), device)
    before = await value("SELECT count(*) FROM session")
    answer = device.get(await actions.ask_sign_in(site=SITE, address="a", at=AT))
    sent = (actions.sign_in_with_passkey(answer, site=SITE, browser=HERE, at=AT) for _ in range(10))
    results = await asyncio.gather(*sent, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Conflict"] * 9 + ["Entered"]
    assert await value("SELECT count(*) FROM session") == before + 1


async def test_a_counter_that_goes_back_is_a_copied_key(db):
    device = Authenticator()
    await registered(await someone(), device)
    first = device.get(await actions.ask_sign_in(site=SITE, address="a", at=AT), count=5)
    await actions.sign_in_with_passkey(first, site=SITE, browser=HERE, at=AT)
    back = device.get(await actions.ask_sign_in(site=SITE, address="a", at=AT), count=5)
    with pytest.raises(Conflict):
        await actions.sign_in_with_passkey(back, site=SITE, browser=HERE, at=AT)


@pytest.mark.parametrize("answer", ["{}", "[]", "null", '{"rawId": 3}', '{"rawId": "é", "id": "é"}', "nothing", '{"a":' * 400])
async def test_an_answer_no_device_gives_is_refused(db, answer):
    await actions.ask_sign_in(site=SITE, address="a", at=AT)
    with pytest.raises((Conflict, Invalid)):
        await actions.sign_in_with_passkey(answer, site=SITE, browser=HERE, at=AT)


async def test_the_key_of_another_is_no_second_proof(db):
    me, other, device = await someone(), await someone(), Authenticator()
    await registered(other, device)
    answer = device.get(await actions.ask_second_proof(by=me, site=SITE, at=AT))
    with pytest.raises(Conflict):
        await actions.prove_with_passkey(answer, opened=await a_session(me), site=SITE, at=AT)


async def test_a_key_is_removed_by_its_owner_and_never_the_last_of_who_must_have_one(db):
    world, me = await the_programme(), await someone()
    await actions.give_role(me.id, Role.COACH, world.programme, by=None, at=AT)
    await registered(me, Authenticator(), "un")
    await registered(me, Authenticator(), "deux")
    first, second = await column("SELECT id FROM passkey ORDER BY created_at, id")
    other = await someone()
    with pytest.raises(NotFound):
        await actions.remove_passkey(first, opened=await a_session(other), by=other, required=True, at=AT)
    await actions.remove_passkey(first, opened=await a_session(me), by=me, required=True, at=AT)
    with pytest.raises(Conflict):
        await actions.remove_passkey(second, opened=await a_session(me), by=me, required=True, at=AT)
    assert await column("SELECT name FROM passkey") == ["deux"]


async def test_the_pages_give_options_and_take_an_answer(db, client, signed_in):
    me, device = await someone(), Authenticator()
    browser = await signed_in(me)
    options = await browser.post("/account/security/passkeys/options", headers={"x-csrf-token": browser.token()})
    answer = await browser.send_form("/account/security/passkeys", credential=device.create(options.text), name="clé")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/security")
    assert answer.cookies["session"] != browser.secret
    asked = await client.post("/sign-in/passkey/options", headers={"x-csrf-token": client.token()})
    entered = await client.send_form("/sign-in/passkey", credential=device.get(asked.text), next="/calls")
    assert (entered.status_code, entered.headers["location"]) == (303, "/calls")
    assert "session" in entered.cookies
    wrong = await client.send_form("/sign-in/passkey", credential="{}", next="/calls")
    assert wrong.status_code == 403  # the visit is over: its forms are worth nothing
