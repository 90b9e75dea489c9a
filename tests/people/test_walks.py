"""Ways in and out walked over HTTP, by who may and by who tries: replayed, late, twice at once, in another's browser."""

import asyncio
import re
from datetime import timedelta

import pyotp
import pytest

from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.people import actions
from incubator.people.forms import RoleForm, SignUpForm
from incubator.people.queries import person
from incubator.people.tables import Purpose, Role
from tests.conftest import Browser
from tests.world.people import PASSWORD, a_manager, last_token, link_to, someone, with_password
from tests.world.programmes import the_programme

EMAIL = "moi@exemple.fr"


async def letters_of_every_kind() -> dict[str, str]:
    """Where each letter that holds a link leads; the address is asked in capitals each time."""
    me, manager = await someone(email=EMAIL), await a_manager((await the_programme()).programme)
    shouted = EMAIL.upper()
    for purpose in (Purpose.SIGN_IN, Purpose.RESET):
        await actions.ask_link(shouted, purpose, address="192.0.2.1", at=now())
    await actions.answer_link_requests(at=now())
    await actions.sign_up(SignUpForm(name="Moi", email=shouted), language="fr", address="192.0.2.1", at=now())
    await actions.ask_email_change("NOUVELLE@exemple.fr", by=me, at=now())
    offer = RoleForm(email=shouted, name="Moi", role=Role.COACH)
    await actions.offer_role(manager.roles[0].programme, "Alter’Incub", offer, by=manager, at=now())
    found = await column("SELECT path FROM letter WHERE path LIKE '%token=%' ORDER BY created_at, id")
    return {path.split("?")[0]: path for path in found}


async def test_reading_any_letter_s_link_changes_nothing(db, client, signed_in):
    """A06: GET and HEAD, by a scanner or by someone else who is signed in."""
    paths = await letters_of_every_kind()
    assert set(paths) == {"/sign-in/link/use", "/new-password", "/confirm", "/account/email/use", "/role-invitation"}
    stranger = await signed_in(await someone("Un autre"))
    counted = ("link_token WHERE used_at IS NULL", "session", "journal_entry", "role_assignment")
    before = [await value(f"SELECT count(*) FROM {one}") for one in counted]
    for path in paths.values():
        for browser in (client, stranger):
            answer = await browser.get(path, headers={"sec-purpose": "prefetch"})
            assert answer.status_code == 200
            assert EMAIL not in answer.text
            assert (await browser.head(path)).status_code in (200, 405)
            assert "no-store" in answer.headers["cache-control"]
    assert [await value(f"SELECT count(*) FROM {one}") for one in counted] == before


async def test_a_link_used_in_the_browser_of_another_ends_their_session_there(db, signed_in):
    await someone(email=EMAIL)
    browser = await signed_in(await someone("Un autre"))
    token = await link_to(EMAIL, Purpose.SIGN_IN, at=now())
    before = browser.secret
    answer = await browser.send_form("/sign-in/link/use", token=token, next="/account")
    assert answer.headers["location"] == "/account"
    assert answer.cookies["session"] != before
    assert EMAIL in (await browser.get("/account")).text
    assert await value("SELECT count(*) FROM session WHERE ended_at IS NULL") == 1


async def test_another_who_presses_what_confirms_an_address_stays_who_they_are(db, signed_in):
    await actions.sign_up(SignUpForm(name="Moi", email=EMAIL), language="fr", address="192.0.2.1", at=now())
    other = await someone("Un autre")
    browser = await signed_in(other)
    answer = await browser.send_form("/confirm", token=await last_token(EMAIL, "people.confirm"), next="/account")
    assert (answer.status_code, "session" in answer.cookies) == (303, False)
    assert other.email in (await browser.get("/account")).text
    assert not (await column("SELECT account FROM session WHERE ended_at IS NULL AND account <> $1", other.id))


async def test_an_offer_made_to_one_is_not_taken_by_another(db, signed_in):
    path = (await letters_of_every_kind())["/role-invitation"]
    token = path.split("token=")[1]
    other = await someone("Un autre")
    browser = await signed_in(other)
    assert "Accepter" not in (await browser.get(path)).text
    assert (await browser.send_form("/role-invitation", token=token)).status_code == 403
    assert (await person(other.id)).roles == ()


async def test_the_address_in_capitals_signs_in(db, client):
    await with_password(await someone(email=EMAIL))
    answer = await client.send_form("/sign-in", email=" Moi@EXEMPLE.fr ", password=PASSWORD, next="/calls")
    assert (answer.status_code, answer.headers["location"]) == (303, "/calls")


async def an_application(browser: Browser) -> tuple[pyotp.TOTP, list[str]]:
    """An application put in place by the pages, a minute ago; and the recovery codes that were shown."""
    await browser.send_form("/account/security/authenticator")
    page = (await browser.get("/account/security/authenticator")).text
    totp = pyotp.TOTP(page.split('<code class="hash">')[1].split("</code>")[0].replace(" ", ""))
    code = totp.at(now() - timedelta(seconds=30))
    done = await browser.send_form("/account/security/authenticator/confirmation", code=code)
    browser.secret = done.cookies["session"]
    return totp, re.findall(r"\b[A-Z2-9]{4}-[A-Z2-9]{5}-[A-Z2-9]{5}\b", done.text)


async def test_a_code_that_was_read_over_a_shoulder_opens_nothing(db, signed_in):
    """The same six digits, within their half minute, from another browser that has the password."""
    me = await with_password(await someone(email=EMAIL))
    totp, codes = await an_application(await signed_in(me))
    mine, theirs = await signed_in(me), await signed_in(me)
    assert (await mine.get("/account")).headers["location"] == "/sign-in?next=/account"
    code = totp.at(now())
    assert (await mine.send_form("/second-factor", code=code, next="/account")).status_code == 303
    assert (await theirs.send_form("/second-factor", code=code, next="/account")).status_code == 422
    assert (await mine.get("/account")).status_code == 200
    assert (await theirs.get("/account")).status_code == 303
    assert len(codes) == 10


async def test_a_password_or_a_link_is_no_new_proof_for_who_has_an_application(db, signed_in):
    me = await with_password(await someone(email=EMAIL))
    browser = await signed_in(me)
    await an_application(browser)
    await execute("UPDATE session SET proven_at = $1", now() - timedelta(minutes=11))
    assert (await browser.send_form("/identity", password=PASSWORD, next="/account/email")).status_code == 409
    token = await link_to(EMAIL, Purpose.SIGN_IN, at=now())
    answer = await browser.send_form("/sign-in/link/use", token=token, next="/account/email")
    assert answer.headers["location"] == "/second-factor?next=/account/email"
    assert (await browser.get("/account/email")).headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("what", ["recovery code", "confirmation", "address"])
async def test_pressed_nine_times_at_once_it_counts_once(committed_db, signed_in, what):
    me = await with_password(await someone(email=EMAIL))
    if what == "recovery code":
        _totp, codes = await an_application(await signed_in(me))
        browsers = [await signed_in(me) for _ in range(9)]
        sent = [browser.send_form("/second-factor", code=codes[0], next="/account") for browser in browsers]
    else:
        browsers = [await signed_in(await someone("Un autre")) for _ in range(9)]
        if what == "confirmation":
            form = SignUpForm(name="Jeanne", email="jeanne@exemple.fr")
            await actions.sign_up(form, language="fr", address="192.0.2.1", at=now())
            path, token = "/confirm", await last_token(form.email, "people.confirm")
        else:
            await actions.ask_email_change("nouvelle@exemple.fr", by=me, at=now())
            await actions.press_email_link(await last_token(EMAIL, "people.email_change_old"), at=now())
            path, token = "/account/email/use", await last_token("nouvelle@exemple.fr", "people.email_change_new")
        sent = [browser.send_form(path, token=token) for browser in browsers]
    answers = sorted(answer.status_code for answer in await asyncio.gather(*sent))
    assert answers == [303] + [422 if what == "recovery code" else 409] * 8
    once = "SELECT verb FROM journal_entry WHERE verb = ANY($1)"
    assert len(await column(once, ["account.recovery_code_used", "account.confirmed", "account.address_changed"])) == 1


@pytest.mark.parametrize(("purpose", "path"), [(Purpose.SIGN_IN, "/sign-in/link/use"), (Purpose.RESET, "/new-password")])
async def test_a_late_link_is_refused_and_another_is_offered(db, client, purpose, path):
    await with_password(await someone(email=EMAIL))
    token = await link_to(EMAIL, purpose, at=now() - timedelta(minutes=11))
    fields = {"password": "six moulins à vent"} if purpose is Purpose.RESET else {}
    answer = await client.send_form(path, token=token, **fields)
    assert (answer.status_code, "session" in client.cookies) == (409, False)
    assert "Demandez-en un nouveau" in answer.text
