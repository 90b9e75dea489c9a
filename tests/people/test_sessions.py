"""Sessions, devices and guesses at the border (A01, A02, A04, A05, A19; § 3 row 17)."""

import asyncio
from datetime import timedelta

import pytest

from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.core.errors import Invalid, TooMany
from incubator.people import actions
from incubator.people.forms import SignInForm
from incubator.people.queries import session_by
from incubator.people.secrets import hashed
from tests.world.people import PASSWORD, someone, with_password

EMAIL = "moi@exemple.fr"


async def guess(number: int, password: str = "faux", **where: str) -> actions.Entered:
    where = {"address": f"10.0.{number // 250}.{number % 250}"} | where
    return (await actions.sign_in(SignInForm(email=EMAIL, password=password), at=now(), **where))[0]


async def test_guesses_on_an_account_are_few_whatever_the_addresses(db):
    """A04 and § 3 row 17: at most 100 an hour (here 10 a quarter of an hour), counted in the database."""
    await with_password(await someone(email=EMAIL))
    counted = {"Invalid": 0, "TooMany": 0}
    for number in range(60):
        with pytest.raises((Invalid, TooMany)) as failure:
            await guess(number)
        counted[failure.typename] += 1
    assert counted == {"Invalid": 10, "TooMany": 50}
    assert await value("SELECT tries_count FROM throttle WHERE bucket = $1", f"password {EMAIL}") == 60


async def test_a_forged_forwarded_address_is_not_believed(db, client):
    """A04: the count is kept by the real peer."""
    for number in range(3):
        headers = {"x-forwarded-for": f"198.51.100.{number}"}
        form = {"csrf": client.token(), "email": "a@exemple.fr", "password": "x", "next": ""}
        await client.post("/sign-in", data=form, headers=headers)
    assert await column("SELECT tries_count FROM throttle WHERE bucket LIKE 'sign-in from %'") == [3]


async def test_an_account_under_attack_opens_at_once_from_a_known_browser_or_by_a_link(db):
    """A05."""
    await with_password(await someone(email=EMAIL))
    entered = await guess(1, PASSWORD)
    for number in range(30):
        with pytest.raises((Invalid, TooMany)):
            await guess(number)
    with pytest.raises(TooMany):
        await guess(999, PASSWORD)
    assert (await guess(1, PASSWORD, device=entered.device)).who.email == EMAIL
    for _ in range(10):
        with pytest.raises(Invalid):
            await guess(1, device=entered.device)
    with pytest.raises(TooMany):
        await guess(1, device=entered.device)


async def test_twenty_parallel_guesses_are_counted_one_by_one(committed_db):
    await with_password(await someone(email=EMAIL))
    results = await asyncio.gather(*(guess(number) for number in range(20)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Invalid"] * 10 + ["TooMany"] * 10


async def test_a_new_browser_is_told_by_mail_and_a_known_one_is_not(db):
    await with_password(await someone(email=EMAIL))
    first = await guess(1, PASSWORD, agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    assert await column("SELECT kind FROM letter") == []
    await guess(1, PASSWORD, device=first.device)
    assert await column("SELECT kind FROM letter") == []
    await guess(2, PASSWORD, agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    assert await column("SELECT kind FROM letter") == ["people.new_device"]
    assert "Firefox sur Linux" in await value("SELECT text FROM letter")


async def test_one_sees_ones_sessions_and_ends_them(db, signed_in):
    me = await someone()
    here, there = await signed_in(me), await signed_in(me)
    page = (await here.get("/account/security")).text
    assert "Celle-ci" in page
    assert "Fermer toutes les autres" in page
    assert (await here.send_form("/account/sessions/others/end")).status_code == 303
    assert (await there.get("/account")).status_code == 303
    assert (await here.get("/account")).status_code == 200


async def test_saying_again_who_one_is_gives_a_new_secret(db, signed_in):
    """A01, ASVS 7.2.4."""
    me = await with_password(await someone())
    browser = await signed_in(me)
    await execute("UPDATE session SET proven_at = $1", now() - timedelta(minutes=11))
    asked = await browser.get("/account/password")
    assert (asked.status_code, asked.headers["location"]) == (303, "/identity?next=/account/password")
    refused = await browser.send_form("/account/password", password="six moulins à vent")
    assert refused.headers["location"] == "/identity?next=/account/password"
    assert (await browser.send_form("/identity", password="faux", next="/account/password")).status_code == 422
    answer = await browser.send_form("/identity", password=PASSWORD, next="/account/password")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/password")
    assert answer.cookies["session"] != browser.secret
    assert await session_by(hashed(browser.secret), at=now()) is None
    assert (await browser.get("/account/password")).status_code == 200


async def test_a_new_password_ends_the_other_sessions(db, signed_in):
    me = await someone()
    here, there = await signed_in(me), await signed_in(me)
    assert (await here.send_form("/account/password", password="six moulins à vent")).status_code == 303
    assert (await there.get("/account")).status_code == 303
    assert (await here.get("/account")).status_code == 200
    assert "people.password_changed" in await column("SELECT kind FROM letter")


async def test_signing_in_again_ends_the_session_one_had(db, client):
    await with_password(await someone(email=EMAIL))
    await client.send_form("/sign-in", email=EMAIL, password=PASSWORD, next="")
    first = client.secret = client.cookies["session"]
    await client.send_form("/sign-in", email=EMAIL, password=PASSWORD, next="")
    assert client.cookies["session"] != first
    assert await session_by(hashed(first), at=now()) is None


async def test_after_signing_out_nothing_is_left_to_show(db, signed_in):
    """A19."""
    browser = await signed_in(await someone())
    page = await browser.get("/account")
    assert page.headers["cache-control"] == "no-store"
    answer = await browser.send_form("/sign-out")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert 'session=""' in answer.headers["set-cookie"] or "session=;" in answer.headers["set-cookie"]
    assert (await browser.get("/account")).headers["location"] == "/sign-in?next=/account"


async def test_the_security_page_costs_the_same_for_one_session_and_for_many(db, signed_in, statements):
    me = await someone()
    browser = await signed_in(me)
    counts = []
    for _ in range(2):
        with statements() as seen:
            assert (await browser.get("/account/security")).status_code == 200
        counts.append(len(seen))
        for _other in range(3):
            await signed_in(me)
    assert counts[0] == counts[1]
