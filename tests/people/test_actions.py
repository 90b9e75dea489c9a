"""Sessions, links and tokens: random, hashed, single use, revocable."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.core.errors import Conflict, Invalid, NotFound, TooMany
from incubator.core.ids import new_id
from incubator.people import actions
from incubator.people.forms import AccountForm, NewPasswordForm, SignInForm, SignUpForm
from incubator.people.queries import person, person_by_api_token, session_by
from incubator.people.secrets import hashed
from incubator.people.tables import Purpose, Role
from tests.world.people import a_manager, last_token, link_to, someone
from tests.world.programmes import the_programme

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def reset_link(email: str, at: datetime) -> str:
    return await link_to(email, Purpose.RESET, at=at)


async def test_a_reset_link_serves_once_and_ends_every_session(db):
    me = await someone(email="moi@exemple.fr")
    secret = await actions.open_session(me.id, agent="x", is_staff=False, at=AT)
    token = await reset_link("moi@exemple.fr", AT)
    await actions.choose_password(NewPasswordForm(token=token, password="quatre chevaux lents"), at=AT)
    assert await session_by(hashed(secret), at=AT) is None
    with pytest.raises(Conflict):
        await actions.choose_password(NewPasswordForm(token=token, password="quatre chevaux lents"), at=AT)
    _secret, signed = await actions.sign_in(
        SignInForm(email="MOI@exemple.fr", password="quatre chevaux lents"), address="a", agent="b", at=AT
    )
    assert signed.id == me.id


async def test_a_reset_link_dies_in_ten_minutes_and_with_a_newer_one(db):
    await someone(email="moi@exemple.fr")
    first = await reset_link("moi@exemple.fr", AT)
    second = await reset_link("moi@exemple.fr", AT + timedelta(seconds=5))
    for token, at in ((first, AT + timedelta(minutes=1)), (second, AT + timedelta(minutes=11))):
        with pytest.raises(Conflict):
            await actions.choose_password(NewPasswordForm(token=token, password="quatre chevaux lents"), at=at)


async def test_a_link_used_twenty_times_at_once_serves_once(committed_db):
    await someone(email="moi@exemple.fr")
    token = await reset_link("moi@exemple.fr", AT)
    form = NewPasswordForm(token=token, password="quatre chevaux lents")
    results = await asyncio.gather(*(actions.choose_password(form, at=AT) for _ in range(20)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Conflict"] * 19 + ["NoneType"]


@pytest.mark.parametrize("password", ["court", "azertyazerty", "moi moi moi moi", "a" * 300, "aaaaaaaaaaaaaaaa"])
async def test_a_weak_password_is_refused_and_the_link_kept(db, password):
    await someone(email="moi@exemple.fr")
    token = await reset_link("moi@exemple.fr", AT)
    with pytest.raises(Invalid):
        await actions.choose_password(NewPasswordForm(token=token, password=password), at=AT)
    await actions.choose_password(NewPasswordForm(token=token, password="🐢 lentement mais sûrement"), at=AT)


async def test_a_session_ends_unused_or_old(db):
    me = await someone()
    secret = await actions.open_session(me.id, agent="x", is_staff=False, at=AT)
    opened = await session_by(hashed(secret), at=AT + timedelta(hours=11))
    assert opened is not None
    assert await session_by(hashed(secret), at=AT + timedelta(hours=13)) is None
    for day in range(1, 8):
        await actions.touch_session(opened.session, AT, is_staff=False, at=AT + timedelta(days=day, hours=-1))
    assert await session_by(hashed(secret), at=AT + timedelta(days=7, hours=1)) is None


async def test_an_ended_session_is_never_revived(db):
    me = await someone()
    secret = await actions.open_session(me.id, agent="x", is_staff=False, at=AT)
    opened = await session_by(hashed(secret), at=AT)
    assert opened is not None
    await actions.end_session_by(hashed(secret), at=AT)
    await actions.touch_session(opened.session, AT, is_staff=False, at=AT + timedelta(hours=1))
    assert await session_by(hashed(secret), at=AT + timedelta(hours=1)) is None


async def test_one_ends_only_ones_own_sessions(db):
    me, other = await someone(), await someone()
    secret = await actions.open_session(other.id, agent="x", is_staff=False, at=AT)
    opened = await session_by(hashed(secret), at=AT)
    assert opened is not None
    with pytest.raises(NotFound):
        await actions.end_session(opened.session, by=me, at=AT)


async def test_a_planted_session_is_worth_nothing(db, client):
    planted = "x" * 43
    client.cookies.set("session", planted)
    page = await client.get("/sign-in")
    token = page.text.split('name="csrf" value="')[1].split('"')[0]
    me = await someone(email="moi@exemple.fr")
    await actions.choose_password(
        NewPasswordForm(token=await reset_link(me.email, now()), password="quatre chevaux lents"), at=now()
    )
    form = {"csrf": token, "email": me.email, "password": "quatre chevaux lents", "next": ""}
    answer = await client.post("/sign-in", data=form)
    assert answer.status_code == 303
    assert answer.cookies["session"] != planted
    assert await session_by(hashed(planted), at=now()) is None


async def test_a_role_taken_away_counts_at_the_next_request(db, signed_in):
    world = await the_programme()
    manager = await a_manager(world.programme)
    browser = await signed_in(manager)
    assert (await browser.get("/cohorts")).status_code == 200
    await column("DELETE FROM role_assignment WHERE account = $1 RETURNING id", manager.id)
    assert (await browser.get("/cohorts")).status_code == 404


async def test_an_api_token_acts_as_its_owner_until_revoked(db, client):
    me = await someone("Zoé Jeton")
    secret = await actions.create_api_token("export", by=me, at=AT)
    assert await value("SELECT count(*) FROM api_token WHERE token_hash = $1", hashed(secret)) == 1
    answer = await client.get("/api/v1/me", headers={"authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer.json()["name"]) == (200, "Zoé Jeton")
    token = await value("SELECT id FROM api_token")
    with pytest.raises(NotFound):
        await actions.revoke_api_token(token, by=await someone(), at=AT)
    await actions.revoke_api_token(token, by=me, at=AT)
    assert await person_by_api_token(hashed(secret)) is None
    assert (await client.get("/api/v1/me", headers={"authorization": f"Bearer {secret}"})).status_code == 401


async def test_tries_are_counted_over_a_window(db):
    for _ in range(3):
        await actions.spend_try("bucket", 3, at=AT)
    with pytest.raises(TooMany):
        await actions.spend_try("bucket", 3, at=AT + timedelta(minutes=14))
    await actions.spend_try("bucket", 3, at=AT + timedelta(minutes=16))


async def test_tries_count_even_when_the_form_carries_a_key(db, client):
    """A key's transaction would take the count back with the failure."""
    await someone(email="cible@exemple.fr")
    for number in range(10):
        await client.send_form("/sign-in", email="cible@exemple.fr", password="faux", next="", once=str(number))
    assert (await client.send_form("/sign-in", email="cible@exemple.fr", password="faux", next="")).status_code == 429


async def test_an_account_saved_in_two_tabs_tells_the_second(db):
    me = await someone()
    await actions.save_account(AccountForm(name="Un", language="en", version=1), by=me, at=AT)
    with pytest.raises(Conflict):
        await actions.save_account(AccountForm(name="Deux", language="fr", version=1), by=me, at=AT)
    assert (await person(me.id)).name == "Un"


async def test_an_invited_person_chooses_a_password(db):
    world = await the_programme()
    account = await actions.invite("Nouvelle@exemple.fr", "Nora", by=None, at=AT)
    await actions.give_role(account, Role.COACH, world.programme, by=None, at=AT)
    assert (await person(account)).has("coach", world.programme)
    assert await actions.invite("nouvelle@exemple.fr", "Nora", by=None, at=AT) == account
    assert await column("SELECT kind FROM letter") == ["people.invite"]
    assert str(await value("SELECT path FROM letter")).startswith("/new-password?token=")


async def test_old_things_are_swept(db):
    me = await someone()
    await actions.open_session(me.id, agent="x", is_staff=False, at=AT)
    await actions.make_link(me.id, me.email, Purpose.RESET, lasts=timedelta(minutes=10), at=AT)
    assert await actions.sweep(at=AT + timedelta(days=60)) == 1
    assert await actions.sweep(at=AT + timedelta(days=400)) == 1
    assert await value("SELECT count(*) FROM account WHERE id = $1", me.id) == 1
    assert new_id() != new_id()


async def test_an_account_made_under_someone_elses_address_is_not_invited_in_their_stead(db):
    """Signing up proves nothing of an address: a seat or a role given to it is not given to who typed it first."""
    form = SignUpForm(name="Pirate", email="juge@exemple.fr", password="quatre chevaux lents")
    pirate = await actions.sign_up(form, language="fr", address="192.0.2.9", at=AT)
    with pytest.raises(Conflict):
        await actions.create_api_token("x", by=await person(pirate.account), at=AT)
    judge = await actions.invite("juge@exemple.fr", "Juge", by=None, at=AT)
    assert judge != pirate.account
    with pytest.raises(Invalid):
        await actions.sign_in(SignInForm(email="juge@exemple.fr", password="quatre chevaux lents"), address="192.0.2.9", at=AT)
    form_of_judge = NewPasswordForm(token=await last_token("juge@exemple.fr", "people.invite"), password="six moulins à vent")
    await actions.choose_password(form_of_judge, at=AT)
    credentials = SignInForm(email="juge@exemple.fr", password="six moulins à vent")
    _entered, signed = await actions.sign_in(credentials, address="a", at=AT)
    assert signed.id == judge


async def test_an_unconfirmed_account_of_old_is_taken_back_when_its_address_is_invited(db):
    """Accounts made before claims existed owned an address they never proved."""
    old = await someone(email="juge@exemple.fr")
    await execute("UPDATE account SET confirmed_at = NULL, password_hash = 'x' WHERE id = $1", old.id)
    secret = await actions.open_session(old.id, agent="x", is_staff=False, at=AT)
    assert await actions.invite("juge@exemple.fr", "Juge", by=None, at=AT) == old.id
    assert await session_by(hashed(secret), at=AT) is None
    assert await value("SELECT password_hash FROM account WHERE id = $1", old.id) == ""


async def test_a_new_password_leaves_no_token_behind(db):
    me = await someone(email="moi@exemple.fr")
    token = await actions.create_api_token("x", by=me, at=AT)
    link = await reset_link("moi@exemple.fr", AT)
    await actions.choose_password(NewPasswordForm(token=link, password="quatre chevaux lents"), at=AT)
    assert await person_by_api_token(hashed(token)) is None
