"""R1: a name and an address start a draft; what was started joins whoever proves the address."""

from datetime import UTC, datetime, timedelta

import pytest

from incubator.applications.actions import deposit
from incubator.applications.forms import DepositForm
from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.core.errors import Conflict, Invalid, TooMany
from incubator.people import actions
from incubator.people.forms import SignInForm, SignUpForm
from incubator.people.queries import person, person_by_email, session_by
from incubator.people.secrets import hashed, password_matches
from incubator.people.tables import Purpose
from incubator.projects.actions import create_project
from incubator.projects.forms import NewProjectForm
from tests.world.applications import CVS, a_draft_application, whole_answers, write
from tests.world.calls import a_call
from tests.world.people import PASSWORD, last_token, link_to, someone, with_password
from tests.world.programmes import the_programme
from tests.world.projects import a_project

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
EMAIL = "jeanne@exemple.fr"


async def sign_up(email: str = EMAIL, password: str = "", name: str = "Jeanne Dupré") -> actions.SignedUp:
    form = SignUpForm(name=name, email=email, password=password)
    return await actions.sign_up(form, language="fr", address="192.0.2.1", agent="x", at=AT)


async def confirm(made: actions.SignedUp | None = None, *, at: datetime = AT) -> actions.Confirmed:
    """From the browser that signed up, or another."""
    token = await last_token(EMAIL, "people.confirm")
    return await actions.confirm_address(token, session_secret=made.secret if made else "", at=at)


async def test_signing_up_takes_a_name_and_an_address_and_opens_a_session_at_once(db):
    made = await sign_up()
    opened = await session_by(hashed(made.secret), at=AT)
    assert opened is not None
    assert (opened.person.email, opened.person.is_confirmed) == (EMAIL, False)
    assert await person_by_email(EMAIL) is None


async def test_one_draft_begins_before_anything_is_confirmed(db, client):
    """The browser is led on to where it was going, signed in."""
    await the_programme()
    answer = await client.send_form("/sign-up", name="Jeanne", email=EMAIL, password="", next="/projects/new")
    assert (answer.status_code, answer.headers["location"]) == (303, "/projects/new")
    client.secret = client.cookies["session"]
    assert (await client.get("/projects/new")).status_code == 200
    made = await client.send_form("/projects/new", programme="", name="Le fournil", summary="", commune="", commune_text="")
    assert made.status_code == 303
    assert await column("SELECT name FROM project") == ["Le fournil"]


async def test_a_new_address_becomes_the_account_and_the_browser_goes_on_under_a_new_secret(db):
    made = await sign_up()
    done = await confirm(made)
    assert (done.person.id, done.person.is_confirmed) == (made.account, True)
    assert await session_by(hashed(made.secret), at=AT) is None
    opened = await session_by(hashed(done.secret), at=AT)
    assert opened is not None
    assert opened.account == made.account


async def test_what_was_started_joins_the_account_that_owns_the_address(db):
    await the_programme()
    owner = await someone("Jeanne Vraie", email=EMAIL)
    made = await sign_up()
    form = NewProjectForm(programme="", name="Le fournil", summary="", commune="", commune_text=None)
    project = await create_project(form, by=await person(made.account), at=AT)
    assert await value("SELECT account FROM team_member WHERE project = $1", project) == made.account
    done = await confirm(made)
    assert done.person.id == owner.id
    assert await column("SELECT account FROM team_member WHERE project = $1", project) == [owner.id]
    assert await value("SELECT created_by FROM project WHERE id = $1", project) == owner.id
    assert await value("SELECT merged_into FROM account WHERE id = $1", made.account) == owner.id
    opened = await session_by(hashed(done.secret), at=AT)
    assert opened is not None
    assert opened.account == owner.id
    assert "account.merged" in await column("SELECT verb FROM journal_entry")


async def test_the_owner_of_a_known_address_is_told_what_happened(db):
    await someone("Jeanne Vraie", email=EMAIL)
    await sign_up(name="Un autre nom")
    text = await value("SELECT text FROM letter WHERE kind = 'people.confirm'")
    assert "Bonjour Jeanne Vraie" in text
    assert "qui a déjà un compte" in text


async def test_a_password_left_by_who_never_opened_the_mailbox_is_worth_nothing(db):
    """Confirming from another browser keeps none of what the stranger chose, and ends their session."""
    stranger = await sign_up(password=PASSWORD)
    done = await confirm()
    assert done.secret == ""
    assert await value("SELECT password_hash FROM account WHERE id = $1", stranger.account) == ""
    assert await session_by(hashed(stranger.secret), at=AT) is None
    with pytest.raises(Invalid):
        await actions.sign_in(SignInForm(email=EMAIL, password=PASSWORD), address="a", at=AT)


async def test_a_password_chosen_when_signing_up_counts_once_the_same_browser_confirms(db):
    made = await sign_up(password=PASSWORD)
    with pytest.raises(Invalid):
        await actions.sign_in(SignInForm(email=EMAIL, password=PASSWORD), address="a", at=AT)
    await confirm(made)
    _entered, signed = await actions.sign_in(SignInForm(email=EMAIL, password=PASSWORD), address="a", at=AT)
    assert signed.id == made.account


async def test_a_password_chosen_under_a_known_address_never_replaces_the_owners(db):
    owner = await with_password(await someone(email=EMAIL))
    made = await sign_up(password="six moulins à vent")
    await confirm(made)
    _entered, signed = await actions.sign_in(SignInForm(email=EMAIL, password=PASSWORD), address="a", at=AT)
    assert signed.id == owner.id


async def test_a_link_to_sign_in_confirms_a_claim_too(db):
    """On another device, without a password: the mailbox is proof enough."""
    made = await sign_up()
    token = await link_to(EMAIL, Purpose.SIGN_IN, at=AT)
    entered = await actions.sign_in_with_link(token, browser=actions.Browser(), at=AT)
    assert entered.who.id == made.account
    assert (await person(made.account)).is_confirmed


async def test_two_who_signed_up_under_one_address_end_in_one_account(db):
    first, second = await sign_up(), await sign_up()
    await confirm(second)
    path = await value("SELECT path FROM letter WHERE to_account = $1 AND kind = 'people.confirm'", first.account)
    token = str(path).removeprefix("/confirm?token=")
    done = await actions.confirm_address(token, session_secret=first.secret, at=AT)
    assert done.person.id == second.account
    assert await value("SELECT count(*) FROM account WHERE NOT is_claim AND email = $1", EMAIL) == 1


async def test_an_invited_account_takes_the_claim_in_and_keeps_its_roles(db):
    made = await sign_up()
    invited = await actions.invite(EMAIL, "Jeanne", by=None, at=AT)
    done = await confirm(made)
    assert (done.person.id, done.person.is_confirmed) == (invited, True)


async def test_a_mistyped_address_is_corrected_before_it_is_confirmed(db):
    made = await sign_up("jane@exemple.fr")
    await actions.correct_address(EMAIL, address="192.0.2.1", by=await person(made.account), at=AT)
    old = await last_token("jane@exemple.fr", "people.confirm")
    with pytest.raises(Conflict):
        await actions.confirm_address(old, at=AT)
    assert (await confirm(made)).person.email == EMAIL
    with pytest.raises(Conflict):
        await actions.correct_address("autre@exemple.fr", address="192.0.2.1", by=await person(made.account), at=AT)


@pytest.mark.parametrize("is_corrected", [True, False])
async def test_the_password_chosen_is_kept_through_another_letter(db, is_corrected):
    made = await sign_up("jane@exemple.fr" if is_corrected else EMAIL, password=PASSWORD)
    me = await person(made.account)
    if is_corrected:
        await actions.correct_address(EMAIL, address="192.0.2.1", by=me, at=AT)
    else:
        await actions.send_again(address="192.0.2.1", by=me, at=AT)
    await confirm(made)
    assert await password_matches(await value("SELECT password_hash FROM account WHERE id = $1", made.account), PASSWORD)


async def test_a_claim_does_not_write_to_everyone(db):
    made = await sign_up()
    me = await person(made.account)
    for number in range(6):
        await actions.correct_address(f"a{number}@exemple.fr", address=f"192.0.2.{number}", by=me, at=AT)
    with pytest.raises(TooMany):
        await actions.correct_address("b@exemple.fr", address="192.0.2.99", by=me, at=AT)
    assert await value("SELECT count(*) FROM letter WHERE kind = 'people.confirm'") == 7


async def test_a_second_link_kills_the_first(db):
    made = await sign_up()
    first = await last_token(EMAIL, "people.confirm")
    await actions.send_again(address="192.0.2.1", by=await person(made.account), at=AT + timedelta(minutes=1))
    with pytest.raises(Conflict):
        await actions.confirm_address(first, at=AT + timedelta(minutes=2))
    assert (await confirm(made, at=AT + timedelta(minutes=2))).person.is_confirmed


async def test_the_account_page_says_kindly_to_confirm_and_sends_again(db, client):
    await client.send_form("/sign-up", name="Jeanne", email=EMAIL, password="", next="")
    client.secret = client.cookies["session"]
    page = (await client.get("/account")).text
    assert "Vous pouvez déjà écrire votre dossier" in page
    assert (await client.send_form("/account/confirmation")).headers["location"] == "/account"
    assert await value("SELECT count(*) FROM letter WHERE kind = 'people.confirm'") == 2
    assert (await client.send_form("/account/tokens", name="x")).status_code == 409


async def test_a_closed_account_is_not_opened_again_by_a_claim(db):
    owner = await someone(email=EMAIL)
    await execute("UPDATE account SET disabled_at = $2 WHERE id = $1", owner.id, now())
    made = await sign_up()
    with pytest.raises(Conflict):
        await confirm(made)
    assert not (await person(made.account)).is_confirmed


async def test_what_was_done_is_said_on_the_page_one_is_led_to_though_the_session_is_new(db, client):
    answer = await client.send_form("/sign-up", name="Jeanne", email=EMAIL, password="", next="/calls")
    assert "Vous pouvez commencer" in (await client.get(answer.headers["location"])).text
    client.secret = client.cookies["session"]
    answer = await client.send_form("/confirm", token=await last_token(EMAIL, "people.confirm"), next="/calls")
    assert "Votre adresse est confirmée" in (await client.get(answer.headers["location"])).text


async def test_a_browser_that_enters_a_known_account_by_confirming_is_told_of_by_mail(db, client):
    """ASVS 6.3.5; and the browser of a new account is known from its first day."""
    owner = await someone("Jeanne Vraie", email=EMAIL)
    await actions.open_session(owner.id, agent="x", is_staff=False, at=now())
    for told in ([], ["people.new_device"], ["people.new_device"]):
        assert await column("SELECT kind FROM letter WHERE kind = 'people.new_device'") == told
        await client.send_form("/sign-up", name="Jeanne", email=EMAIL, password="", next="")
        client.secret = client.cookies["session"]
        await client.send_form("/confirm", token=await last_token(EMAIL, "people.confirm"), next="")
        client.secret = client.cookies["session"]
    assert "account.merged" in await column("SELECT verb FROM journal_entry")


async def test_a_new_account_is_not_told_of_the_browser_it_was_made_in(db, client):
    await client.send_form("/sign-up", name="Jeanne", email=EMAIL, password=PASSWORD, next="")
    client.secret = client.cookies["session"]
    await client.send_form("/confirm", token=await last_token(EMAIL, "people.confirm"), next="")
    client.secret = client.cookies["session"]
    await client.send_form("/sign-in", email=EMAIL, password=PASSWORD, next="")
    assert await value("SELECT count(*) FROM session WHERE ended_at IS NULL") == 1
    assert await column("SELECT kind FROM letter") == ["people.confirm"]


@pytest.mark.parametrize("minutes", [9, 11])
async def test_confirming_enters_a_known_account_for_ten_minutes_only(db, minutes):
    """What opens an account by mail is good ten minutes, whichever letter holds it; what was started joins all the same."""
    owner = await someone("Jeanne Vraie", email=EMAIL)
    made = await sign_up()
    done = await confirm(made, at=AT + timedelta(minutes=minutes))
    assert (done.person.id, bool(done.secret)) == (owner.id, minutes < 10)
    assert await value("SELECT count(*) FROM session WHERE account = $1", owner.id) == (minutes < 10)
    assert await session_by(hashed(made.secret), at=AT) is None


@pytest.mark.parametrize("target", ["", "/projects/new"])
async def test_confirming_late_leads_to_signing_in_which_says_what_was_done(db, client, target):
    """Not to a page of nobody, nor to signing up once more."""
    await someone("Jeanne Vraie", email=EMAIL)
    await client.send_form("/sign-up", name="Jeanne", email=EMAIL, password="", next=target)
    client.secret = client.cookies["session"]
    client.cookies.delete("visit", domain="")  # the answer to signing up deletes it in a browser
    await execute("UPDATE link_token SET created_at = created_at - interval '11 minutes'")
    answer = await client.send_form("/confirm", token=await last_token(EMAIL, "people.confirm"), next=target)
    assert answer.headers["location"] == f"/sign-in?next={target or '/'}"
    assert "session" not in client.cookies
    assert "Votre adresse est confirmée" in (await client.get(answer.headers["location"])).text
    client.secret = client.cookies["visit"]
    assert (await client.send_form("/sign-in/link", email=EMAIL, next=target)).status_code == 303


async def test_who_was_invited_before_they_signed_up_goes_on_however_late_with_the_password_they_chose(db):
    """Nobody has ever entered an invited account: it is no account to protect from its own owner."""
    invited = await actions.invite(EMAIL, "Jeanne", by=None, at=AT)
    made = await sign_up(password=PASSWORD)
    done = await confirm(made, at=AT + timedelta(hours=2))
    assert (done.person.id, done.is_late) == (invited, False)
    assert await session_by(hashed(done.secret), at=AT + timedelta(hours=2))
    assert await password_matches(await value("SELECT password_hash FROM account WHERE id = $1", invited), PASSWORD)


async def test_in_another_browser_the_password_of_a_claim_is_not_the_invited_account_s(db):
    invited = await actions.invite(EMAIL, "Jeanne", by=None, at=AT)
    await sign_up(password=PASSWORD)
    assert (await confirm()).person.id == invited
    assert await value("SELECT password_hash FROM account WHERE id = $1", invited) == ""


async def test_a_new_account_goes_on_in_its_browser_however_late(db):
    made = await sign_up()
    assert await session_by(hashed((await confirm(made, at=AT + timedelta(hours=11))).secret), at=AT + timedelta(hours=11))


async def test_confirming_in_another_browser_leads_to_signing_in_and_then_on(db, client):
    await actions.sign_up(SignUpForm(name="Jeanne", email=EMAIL), language="fr", address="192.0.2.1", at=now())
    answer = await client.send_form("/confirm", token=await last_token(EMAIL, "people.confirm"), next="/calls?a=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/calls%3Fa%3D1")
    assert "session" not in answer.cookies


async def test_one_writes_before_confirming_and_deposits_after(db, signed_in):
    """R1: the draft is whole, the page says what is missing and the act refuses until the address is proven."""
    call = await a_call(await the_programme(), opens_at=now() - timedelta(days=1), closes_at=now() + timedelta(days=30))
    me = await someone()
    application = await a_draft_application(call, me, await a_project(me))
    await write(application, whole_answers() | CVS, by=me, at=now())
    await execute("UPDATE account SET confirmed_at = NULL, is_claim = true WHERE id = $1", me.id)
    browser = await signed_in(await person(me.id))
    assert "Confirmez d’abord votre adresse" in (await browser.get(f"/applications/{application}/deposit")).text
    with pytest.raises(Conflict, match="Confirmez d’abord votre adresse"):
        await deposit(application, DepositForm(), by=await person(me.id), at=now())
    await execute("UPDATE account SET confirmed_at = $2, is_claim = false WHERE id = $1", me.id, now())
    assert "Confirmez d’abord votre adresse" not in (await browser.get(f"/applications/{application}/deposit")).text
