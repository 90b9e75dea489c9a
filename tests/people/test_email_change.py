"""A12: the old address stays good until both mailboxes have agreed."""

from datetime import UTC, datetime, timedelta

import pytest

from incubator.core.database import column, execute, value
from incubator.core.errors import Conflict, Invalid
from incubator.people import actions
from incubator.people.queries import person, person_by_email
from incubator.people.tables import Purpose
from tests.world.people import last_token, link_to, someone

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
OLD, NEW = "ancienne@exemple.fr", "nouvelle@exemple.fr"


async def asked() -> tuple[str, str]:
    """A change asked for; the secrets sent to the old and to the new address."""
    me = await someone(email=OLD)
    await actions.ask_email_change(NEW, by=me, at=AT)
    return await last_token(OLD, "people.email_change_old"), await last_token(NEW, "people.email_change_new")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_it_takes_both_mailboxes_in_any_order(db, order):
    tokens = await asked()
    assert await actions.press_email_link(tokens[order[0]], at=AT) is False
    assert await person_by_email(OLD) is not None
    assert await actions.press_email_link(tokens[order[0]], at=AT) is False
    assert await actions.press_email_link(tokens[order[1]], at=AT) is True
    assert await person_by_email(OLD) is None
    assert await person_by_email(NEW) is not None
    told = await column("SELECT to_email FROM letter WHERE kind = 'people.email_changed' ORDER BY to_email")
    assert told == [OLD, NEW]


async def test_a_mistyped_address_changes_nothing(db):
    old, _new = await asked()
    await actions.press_email_link(old, at=AT)
    assert (await link_to(OLD, Purpose.SIGN_IN, at=AT + timedelta(minutes=1))) != ""
    assert await column("SELECT email FROM account WHERE erased_at IS NULL") == [OLD]


async def test_links_of_a_change_die_in_a_day_and_with_a_newer_one(db):
    old, new = await asked()
    with pytest.raises(Conflict):
        await actions.press_email_link(old, at=AT + timedelta(days=1, seconds=1))
    me = await person_by_email(OLD)
    assert me is not None
    await actions.ask_email_change("autre@exemple.fr", by=me, at=AT)
    for token in (old, new):
        with pytest.raises(Conflict):
            await actions.press_email_link(token, at=AT)


async def test_links_to_the_old_address_die_with_it(db):
    """A08."""
    old, new = await asked()
    token = await link_to(OLD, Purpose.SIGN_IN, at=AT)
    await actions.press_email_link(old, at=AT)
    await actions.press_email_link(new, at=AT)
    with pytest.raises(Conflict):
        await actions.sign_in_with_link(token, browser=actions.Browser(), at=AT)


async def test_an_address_that_has_an_account_is_not_taken_and_only_its_owner_is_told(db):
    await someone(email=NEW)
    me = await someone(email=OLD)
    await actions.ask_email_change(NEW, by=me, at=AT)
    assert await column("SELECT kind FROM letter WHERE to_email = $1", NEW) == ["people.email_change_taken"]
    assert await column("SELECT kind FROM letter WHERE to_email = $1", OLD) == ["people.email_change_old"]
    assert str(await value("SELECT path FROM letter WHERE to_email = $1", NEW)) == "/sign-in"


async def test_an_address_taken_meanwhile_is_not_taken_again(db):
    old, new = await asked()
    await someone(email=NEW)
    await actions.press_email_link(old, at=AT)
    with pytest.raises(Conflict):
        await actions.press_email_link(new, at=AT)
    assert await person_by_email(OLD) is not None


async def test_one_keeps_ones_address_by_saying_so(db):
    old, _new = await asked()
    me = await person_by_email(OLD)
    assert me is not None
    await actions.cancel_email_change(by=me, at=AT)
    with pytest.raises(Conflict):
        await actions.press_email_link(old, at=AT)
    with pytest.raises(Invalid):
        await actions.ask_email_change(OLD, by=me, at=AT)


async def test_the_pages_ask_for_proof_show_a_button_and_change(db, client, signed_in):
    me = await someone(email=OLD)
    browser = await signed_in(me)
    assert (await browser.send_form("/account/email", email=NEW)).headers["location"] == "/account"
    assert NEW in (await browser.get("/account")).text
    for address, kind in ((OLD, "people.email_change_old"), (NEW, "people.email_change_new")):
        token = await last_token(address, kind)
        assert "n•••@exemple.fr" in (await client.get(f"/account/email/use?token={token}")).text
        assert (await client.send_form("/account/email/use", token=token)).status_code == 303
    assert (await person(me.id)).email == NEW
    await execute("UPDATE session SET proven_at = proven_at - interval '11 minutes'")
    assert (await browser.get("/account/email")).headers["location"] == "/identity?next=/account/email"
