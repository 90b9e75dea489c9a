"""Where it is required, staff, coaches and committee members prove twice who they are, before anything else."""

import asyncio
from datetime import timedelta

import httpx
import msgspec
import pyotp
import pytest

from incubator.app import create_app
from incubator.core.clock import now
from incubator.core.database import detached, execute, transaction, value
from incubator.core.errors import Conflict, Invalid, NotFound
from incubator.core.settings import Settings, read_settings
from incubator.people import actions
from incubator.people.actions.factors import reset_factors
from incubator.people.forms import SignInForm
from incubator.people.queries import person, session_by
from incubator.people.secrets import hashed
from incubator.people.tables import Purpose
from tests.conftest import SETTINGS, Browser
from tests.people.authenticator import Authenticator
from tests.world.calls import a_call
from tests.world.people import PASSWORD, a_manager, last_token, link_to, someone, with_password
from tests.world.programmes import the_programme
from tests.world.selection import a_committee

STRICT = msgspec.structs.replace(SETTINGS, second_factor="required")


@pytest.fixture
async def visitor(db):
    """A browser of nobody, on a server that requires two proofs."""
    transport = httpx.ASGITransport(app=create_app(STRICT, manage_database=False), raise_app_exceptions=False)
    async with Browser(transport=transport, base_url="http://testserver") as browser:
        browser.secret = "a visitor whose secret is long enough"
        browser.cookies.set("visit", browser.secret)
        yield browser


async def enter(browser: Browser, email: str, next_path: str = "/cohorts") -> httpx.Response:
    answer = await browser.send_form("/sign-in", email=email, password=PASSWORD, next=next_path)
    browser.secret = browser.cookies["session"]
    return answer


@pytest.fixture
async def manager(db):
    world = await the_programme()
    return await with_password(await a_manager(world.programme))


def test_it_is_required_over_https_but_not_in_the_demo():
    assert Settings(public_url="https://x.example").second_factor_required
    assert not Settings(public_url="https://x.example", demo=True).second_factor_required
    assert not Settings(public_url="http://127.0.0.1:8000").second_factor_required
    assert not Settings(public_url="https://x.example", second_factor="optional").second_factor_required
    assert read_settings({"SECOND_FACTOR": "required"}).second_factor_required


async def test_a_password_alone_leads_to_setting_one_up_and_opens_nothing_else(visitor, manager):
    answer = await enter(visitor, manager.email)
    assert answer.headers["location"] == "/account/security/start?next=/cohorts"
    for path in ("/cohorts", "/account", "/account/security", "/projects/new"):
        assert (await visitor.get(path)).headers["location"].startswith("/sign-in?next=")
    assert (await visitor.get("/api/v1/me")).status_code == 401
    assert "Maryse" not in (await visitor.get("/")).text
    assert (await visitor.get("/sign-in?next=/cohorts")).headers["location"] == answer.headers["location"]
    assert "Protégez votre compte" in (await visitor.get(answer.headers["location"])).text
    assert (await visitor.send_form("/account/tokens", name="x")).status_code == 401


async def test_setting_up_an_application_lets_one_in(visitor, manager):
    await enter(visitor, manager.email)
    assert (await visitor.send_form("/account/security/authenticator")).status_code == 303
    page = (await visitor.get("/account/security/authenticator")).text
    secret = page.split('<code class="hash">')[1].split("</code>")[0].replace(" ", "")
    done = await visitor.send_form("/account/security/authenticator/confirmation", code=pyotp.TOTP(secret).at(now()))
    assert done.status_code == 200
    assert done.text.count("-") > 20
    assert (await visitor.get("/cohorts")).status_code == 200
    visitor.secret = visitor.cookies["session"]
    again = await enter(visitor, manager.email)
    assert again.headers["location"] == "/second-factor?next=/cohorts"
    assert (await visitor.get("/account/security/passkeys/new")).status_code == 303  # one proof adds no key
    assert (await visitor.send_form("/account/security/authenticator")).status_code == 401
    wrong = await visitor.send_form("/second-factor", code="000000", next="/cohorts")
    assert wrong.status_code == 422
    code = pyotp.TOTP(secret).at(now() + timedelta(seconds=30))
    good = await visitor.send_form("/second-factor", code=code, next="/cohorts")
    assert (good.status_code, good.headers["location"]) == (303, "/cohorts")
    assert (await visitor.get("/cohorts")).status_code == 200


async def test_a_passkey_that_knows_its_user_is_both_proofs(visitor, manager):
    device = Authenticator()
    await enter(visitor, manager.email)
    asked = await visitor.post("/account/security/passkeys/options", headers={"x-csrf-token": visitor.token()})
    await visitor.send_form("/account/security/passkeys", credential=device.create(asked.text), name="clé")
    visitor.secret = visitor.cookies["session"]
    assert (await visitor.get("/cohorts")).status_code == 200
    await visitor.send_form("/sign-out")
    visitor.secret = visitor.cookies["visit"] = "another visit that is long enough"
    visitor.cookies.delete("session")
    asked = await visitor.post("/sign-in/passkey/options", headers={"x-csrf-token": visitor.token()})
    entered = await visitor.send_form("/sign-in/passkey", credential=device.get(asked.text), next="/cohorts")
    assert entered.headers["location"] == "/cohorts"
    assert (await visitor.get("/cohorts")).status_code == 200


async def test_a_link_is_one_proof_and_a_new_password_skips_none(visitor, manager):
    token = await link_to(manager.email, Purpose.SIGN_IN, at=now())
    answer = await visitor.send_form("/sign-in/link/use", token=token, next="/cohorts")
    assert answer.headers["location"].startswith("/account/security/start")
    reset = await link_to(manager.email, Purpose.RESET, at=now())
    visitor.secret = visitor.cookies["session"]
    await visitor.send_form("/new-password", token=reset, password=PASSWORD)
    visitor.cookies.delete("session")
    visitor.secret = visitor.cookies["visit"] = "another visit that is long enough"
    assert (await enter(visitor, manager.email)).headers["location"].startswith("/account/security/start")


async def test_a_project_leader_needs_none(visitor, db):
    leader = await with_password(await someone())
    assert (await enter(visitor, leader.email, "/calls")).headers["location"] == "/calls"
    assert (await visitor.get("/account")).status_code == 200


async def test_a_committee_member_needs_one_as_long_as_they_sit(visitor, db):
    member = await with_password(await someone())
    call = await a_call(await the_programme(), opens_at=now(), closes_at=now() + timedelta(days=30))
    await a_committee(call, members=[member], signed=False)
    assert (await enter(visitor, member.email)).headers["location"].startswith("/account/security/start")
    await execute("UPDATE seat SET ended_at = $1", now())
    assert (await visitor.get("/account")).status_code == 200


async def test_a_token_made_with_one_proof_opens_nothing_for_who_needs_two(visitor, manager):
    weak = await actions.create_api_token("x", by=manager, at=now())
    strong = await actions.create_api_token("x", by=manager, at=now(), is_strong=True)
    leader = await actions.create_api_token("x", by=await person((await someone()).id), at=now())
    statuses = [
        (await visitor.get("/api/v1/me", headers={"authorization": f"Bearer {token}"})).status_code
        for token in (weak, strong, leader)
    ]
    assert statuses == [401, 200, 200]


async def test_who_lost_everything_starts_anew_once_two_people_have_checked(visitor, manager):
    """ASVS 6.4.4: nobody opens an account alone, the person is told, and old sessions are over."""
    device = Authenticator()
    await enter(visitor, manager.email)
    asked = await visitor.post("/account/security/passkeys/options", headers={"x-csrf-token": visitor.token()})
    await visitor.send_form("/account/security/passkeys", credential=device.create(asked.text), name="clé")
    visitor.secret = visitor.cookies["session"]
    with pytest.raises(Invalid):
        await reset_factors(manager.email, checked_by=("Nadège B.", " nadège  b. "), at=now())
    with pytest.raises(NotFound):
        await reset_factors("personne@exemple.fr", checked_by=("Nadège", "Judith"), at=now())
    assert (await visitor.get("/cohorts")).status_code == 200
    await reset_factors(manager.email, checked_by=("Nadège", "Judith"), at=now())
    assert (await visitor.get("/cohorts")).status_code == 303
    assert await value("SELECT count(*) FROM passkey WHERE account = $1", manager.id) == 0
    why = "SELECT r.words FROM journal_reason r JOIN journal_entry j ON j.number = r.entry WHERE j.verb = $1"
    assert await value(why, "account.factors_reset") == "Identité vérifiée par Nadège et Judith."
    said = "SELECT text FROM letter WHERE to_account = $1 AND kind = 'people.factor_changed' ORDER BY created_at DESC LIMIT 1"
    assert "ont été retirés, à votre demande" in await value(said, manager.id)

    assert await value("SELECT count(*) FROM letter WHERE to_account = $1 AND kind LIKE '%changed'", manager.id) == 2
    visitor.cookies.delete("session")
    visitor.secret = visitor.cookies["visit"] = "another visit that is long enough"
    refused = await visitor.send_form("/sign-in", email=manager.email, password=PASSWORD, next="")
    assert (refused.status_code, visitor.cookies.get("session")) == (422, None)
    token = await link_to(manager.email, Purpose.SIGN_IN, at=now())
    entered = await visitor.send_form("/sign-in/link/use", token=token, next="/cohorts")
    assert entered.headers["location"] == "/account/security/start?next=/cohorts"


async def test_links_made_before_everything_was_taken_are_worth_nothing_after(visitor, manager):
    """Whoever holds one may not be who was checked."""
    tokens = {purpose: await link_to(manager.email, purpose, at=now()) for purpose in (Purpose.SIGN_IN, Purpose.RESET)}
    await reset_factors(manager.email, checked_by=("Nadège", "Judith"), at=now())
    used = await visitor.send_form("/sign-in/link/use", token=tokens[Purpose.SIGN_IN])
    chosen = await visitor.send_form("/new-password", token=tokens[Purpose.RESET], password="six moulins à vent")
    assert (used.status_code, chosen.status_code) == (409, 409)
    assert await value("SELECT password_hash FROM account WHERE id = $1", manager.id) == ""


async def test_who_lost_everything_is_told_in_their_language_whatever_the_operator_s(db):
    me = await someone(email="me@example.org")
    await execute("UPDATE account SET language = 'en' WHERE id = $1", me.id)
    await reset_factors(me.email, checked_by=("Nadège", "Judith"), at=now())
    text = await value("SELECT text FROM letter")
    assert "Your second proofs and your password were removed" in text
    assert "ont été retirés" not in text


@pytest.mark.parametrize("letter", ["new password", "change of address"])
async def test_taking_everything_waits_for_a_link_in_use_and_wins(committed_db, letter):
    """Neither waits for the other: who uses a stolen link meanwhile keeps nobody from being shut out."""
    me = await with_password(await someone(email="moi@exemple.fr"))
    if letter == "new password":
        token = await link_to(me.email, Purpose.RESET, at=now())
        use = "UPDATE link_token SET used_at = $2 WHERE token_hash = $1"
    else:
        await actions.ask_email_change("nouvelle@exemple.fr", by=me, at=now())
        token = await last_token(me.email, "people.email_change_old")
        use = "UPDATE email_change SET old_pressed_at = $2 WHERE old_token_hash = $1"
    async with transaction():
        await execute(use, hashed(token), now())
        taking = detached(reset_factors(me.email, checked_by=("Nadège", "Judith"), at=now()))
        await asyncio.wait([taking], timeout=0.5)
        await execute("UPDATE account SET password_hash = 'stolen' WHERE id = $1", me.id)
    await taking
    assert await value("SELECT password_hash FROM account WHERE id = $1", me.id) == ""


@pytest.mark.parametrize("what", ["factors taken", "password changed"])
async def test_a_password_that_stops_counting_while_it_is_checked_opens_nothing(committed_db, what):
    """Hashing takes a moment: a session may not open on what was true before it."""
    me = await with_password(await someone(email="moi@exemple.fr"))
    form = SignInForm(email=me.email, password=PASSWORD)
    async with transaction():
        if what == "factors taken":
            await reset_factors(me.email, checked_by=("Nadège", "Judith"), at=now())
        else:
            await with_password(me, "six moulins à vent")
        entering = detached(actions.sign_in(form, at=now()))
        await asyncio.wait([entering], timeout=1)
    with pytest.raises(Invalid):
        await entering
    assert await value("SELECT count(*) FROM session WHERE account = $1", me.id) == 0


@pytest.mark.parametrize("what", ["factors taken", "password changed"])
async def test_a_session_ended_while_a_password_is_hashed_sets_none(committed_db, what):
    """A stolen session may not leave a password behind it."""
    me = await with_password(await someone(email="moi@exemple.fr"))
    stolen, mine = [await actions.open_session(me.id, agent="x", is_staff=False, at=now()) for _ in range(2)]
    opened, own = await session_by(hashed(stolen), at=now()), await session_by(hashed(mine), at=now())
    async with transaction():
        if what == "factors taken":
            await reset_factors(me.email, checked_by=("Nadège", "Judith"), at=now())
        else:
            await actions.set_password("neuf lampes allumées", opened=own, by=me, at=now())
        kept = await value("SELECT password_hash FROM account WHERE id = $1", me.id)
        setting = detached(actions.set_password("six moulins à vent", opened=opened, by=me, at=now()))
        await asyncio.wait([setting], timeout=1)
    with pytest.raises(Conflict):
        await setting
    assert await value("SELECT password_hash FROM account WHERE id = $1", me.id) == kept


async def test_where_two_proofs_are_required_a_password_is_no_new_proof_for_who_has_a_key_alone(visitor, manager):
    device = Authenticator()
    await enter(visitor, manager.email)
    asked = await visitor.post("/account/security/passkeys/options", headers={"x-csrf-token": visitor.token()})
    await visitor.send_form("/account/security/passkeys", credential=device.create(asked.text), name="clé")
    visitor.secret = visitor.cookies["session"]
    await execute("UPDATE session SET proven_at = $1", now() - timedelta(minutes=11))
    before = await visitor.get("/account/password")
    assert before.headers["location"] == "/identity?next=/account/password"
    page = (await visitor.get(before.headers["location"])).text
    assert "Utiliser ma clé d’accès" in page
    assert 'name="password"' not in page
    refused = await visitor.send_form("/identity", password=PASSWORD, next="/account/password")
    assert refused.status_code == 409
    assert (await visitor.get("/account/password")).status_code == 303
    asked = await visitor.post("/second-factor/passkey/options", headers={"x-csrf-token": visitor.token()})
    given = await visitor.send_form("/second-factor/passkey", credential=device.get(asked.text), next="/account/password")
    assert (given.status_code, given.headers["location"]) == (303, "/account/password")
    assert (await visitor.get("/account/password")).status_code == 200


async def test_a_key_its_owner_need_not_have_leaves_the_password_good_as_a_new_proof(visitor, db):
    leader, device = await with_password(await someone()), Authenticator()
    await enter(visitor, leader.email, "/calls")
    asked = await visitor.post("/account/security/passkeys/options", headers={"x-csrf-token": visitor.token()})
    await visitor.send_form("/account/security/passkeys", credential=device.create(asked.text), name="clé")
    visitor.secret = visitor.cookies["session"]
    await execute("UPDATE session SET proven_at = $1", now() - timedelta(minutes=11))
    page = (await visitor.get("/identity?next=/account/password")).text
    assert "Utiliser ma clé d’accès" in page
    assert 'name="password"' in page
    assert (await visitor.send_form("/identity", password=PASSWORD, next="/account/password")).status_code == 303
