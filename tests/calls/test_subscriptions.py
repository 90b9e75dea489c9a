"""Being told when the next call opens: asked, confirmed by its owner, written to once, ended at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from incubator.calls.actions.prospects import (
    announce_openings,
    ask_subscription,
    confirm_subscription,
    end_subscription,
    subscription_to_confirm,
)
from incubator.core.clock import now
from incubator.core.database import column, detached, execute, value
from incubator.core.errors import Conflict, NotFound, TooMany
from incubator.core.tickets import ticket
from incubator.mail.delivery import send_due
from incubator.privacy.actions.prospects import forget_promised
from tests.conftest import SETTINGS
from tests.world.calls import a_call, a_draft_call
from tests.world.programmes import the_programme

KEY = SETTINGS.secret_key
AT = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def programme(db):
    return await the_programme()


async def programme_code() -> str:
    return await value("SELECT code FROM programme LIMIT 1")


async def asks(email: str = "zoe@exemple.fr", *, at: datetime = AT) -> str:
    """Someone asks; the text of the link in their letter, or "" when none left."""
    before = set(await column("SELECT id FROM letter"))
    await ask_subscription(await programme_code(), email, language="fr", address=email, key=KEY, at=at)
    paths = [path for path in await column("SELECT path FROM letter WHERE NOT id = ANY($1::uuid[])", list(before))]
    return paths[0].rsplit("/", 1)[1] if paths else ""


async def subscribes(email: str = "zoe@exemple.fr", *, at: datetime = AT) -> UUID:
    return (await confirm_subscription(await asks(email, at=at), key=KEY, at=at)).id


async def told() -> list[str]:
    return await column("SELECT to_email FROM letter WHERE kind = 'calls.opening' ORDER BY to_email")


async def test_only_the_owner_of_the_address_subscribes_it(programme):
    given = await asks()
    assert await value("SELECT confirmed_at FROM subscription") is None
    await confirm_subscription(given, key=KEY, at=AT + DAY)
    await confirm_subscription(given, key=KEY, at=AT + 2 * DAY)
    assert await value("SELECT confirmed_at FROM subscription") == AT + DAY


async def test_who_is_subscribed_already_gets_no_letter_and_the_same_answer(programme, client):
    await subscribes("zoe@exemple.fr", at=now())
    path = f"/programmes/{await programme_code()}/subscription"
    answers = [await client.send_form(path, email=email) for email in ("zoe@exemple.fr", "autre@exemple.fr")]
    assert [(answer.status_code, answer.headers["location"]) for answer in answers] == [(303, f"{path}/asked")] * 2
    assert await column("SELECT to_email FROM letter WHERE kind = 'calls.subscription' ORDER BY created_at") == [
        "zoe@exemple.fr",
        "autre@exemple.fr",
    ]


async def test_a_link_is_good_for_a_week_and_for_the_demand_it_was_sent_for(programme):
    first = await asks(at=AT)
    with pytest.raises(Conflict):
        await confirm_subscription(first, key=KEY, at=AT + 8 * DAY)
    second = await asks(at=AT + DAY)
    assert second != first
    with pytest.raises(Conflict):
        await confirm_subscription(first, key=KEY, at=AT + DAY)
    for strange in ("", "x", "0" * 56, second[:-1], "é" * 40):
        with pytest.raises(Conflict):
            await subscription_to_confirm(strange, key=KEY, at=AT + DAY)
    await confirm_subscription(second, key=KEY, at=AT + DAY)


async def test_looking_at_the_link_confirms_nothing(programme, client):
    given = await asks(at=now())
    assert "Oui, me prévenir" in (await client.get(f"/subscriptions/{given}")).text
    assert await value("SELECT confirmed_at FROM subscription") is None
    assert (await client.send_form(f"/subscriptions/{given}")).status_code == 303
    assert await value("SELECT confirmed_at FROM subscription") is not None
    assert (await client.get("/subscriptions/nothing")).status_code == 409


async def test_an_opening_is_told_once_to_those_who_confirmed_and_stayed(programme):
    await subscribes("oui@exemple.fr")
    await asks("jamais@exemple.fr")
    gone = await subscribes("partie@exemple.fr")
    await end_subscription(ticket(KEY, "unsubscribe", gone), key=KEY, at=AT)
    await a_call(programme, opens_at=AT + DAY, closes_at=AT + 30 * DAY, at=AT)
    await a_draft_call(programme, opens_at=AT + DAY, closes_at=AT + 30 * DAY)
    assert await announce_openings(key=KEY, at=AT + DAY - timedelta(seconds=1)) == 0
    assert await announce_openings(key=KEY, at=AT + DAY) == 1
    assert await announce_openings(key=KEY, at=AT + 2 * DAY) == 0
    assert await told() == ["oui@exemple.fr"]
    assert await value("SELECT letters_count FROM announcement") == 1


async def test_a_call_that_is_over_is_not_told(programme):
    await subscribes()
    await a_call(programme, opens_at=AT - 30 * DAY, closes_at=AT - DAY, at=AT - 40 * DAY)
    assert await announce_openings(key=KEY, at=AT) == 0
    assert await told() == []


async def test_two_workers_tell_it_once(committed_db):
    programme = await the_programme()
    await subscribes()
    await a_call(programme, opens_at=AT, closes_at=AT + 30 * DAY, at=AT - DAY)
    await asyncio.gather(*(detached(announce_openings(key=KEY, at=AT)) for _worker in range(4)))
    assert await told() == ["zoe@exemple.fr"]


async def test_the_letter_says_how_to_end_it_and_a_mail_program_may_do_it(programme, client):
    """I06, RFC 8058: the address is the proof; neither a form token nor a page of ours is needed."""
    await subscribes()
    await a_call(programme, opens_at=AT, closes_at=AT + 30 * DAY, at=AT - DAY)
    await announce_openings(key=KEY, at=AT)
    await execute("DELETE FROM letter WHERE kind <> 'calls.opening'")
    messages = []

    async def carrier(message):
        messages.append(message)

    await send_due(carrier, sender="Nous <nous@exemple.fr>", site="https://incubateur.example.fr", at=AT)
    [message] = messages
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message["List-Unsubscribe"].strip("<>")
    assert address.startswith("https://incubateur.example.fr/subscriptions/")
    assert address in message.get_body(("plain",)).get_content()
    path = address.removeprefix("https://incubateur.example.fr")
    assert "Ne plus m’écrire" in (await client.get(path)).text
    assert await value("SELECT ended_at FROM subscription") is None
    foreign = {"origin": "https://mail.example", "sec-fetch-site": "cross-site"}
    for _time in range(2):
        answer = await client.post(path, data={"List-Unsubscribe": "One-Click"}, headers=foreign)
        assert answer.status_code == 200
    assert await value("SELECT ended_at FROM subscription") is not None


async def test_other_letters_have_no_such_header(programme):
    await asks()
    messages = []

    async def carrier(message):
        messages.append(message)

    await send_due(carrier, sender="Nous <nous@exemple.fr>", site="https://incubateur.example.fr", at=AT)
    assert [message["List-Unsubscribe"] for message in messages] == [None]


async def test_nobody_ends_it_for_another(programme, client):
    mine = await subscribes()
    for strange in (ticket(KEY, "registration", mine), ticket("other", "unsubscribe", mine), "x"):
        with pytest.raises(NotFound):
            await end_subscription(strange, key=KEY, at=AT)
        assert (await client.post(f"/subscriptions/{strange}/end")).status_code == 404
    assert await value("SELECT ended_at FROM subscription") is None


async def test_who_left_may_come_back_by_a_new_link(programme):
    mine = await subscribes()
    await end_subscription(ticket(KEY, "unsubscribe", mine), key=KEY, at=AT)
    assert await subscribes(at=AT + DAY) == mine
    assert await value("SELECT ended_at FROM subscription") is None


async def test_one_address_is_not_flooded(programme):
    for _number in range(3):
        await asks()
    with pytest.raises(TooMany):
        await asks()
    assert await value("SELECT count(*) FROM letter") == 3


@pytest.mark.parametrize("email", ["", "x", "a@b", "a b@exemple.fr", "a@exemple.fr\nBcc: x@y.fr", "é" * 300])
async def test_what_is_no_address_is_told(programme, client, email):
    answer = await client.send_form(f"/programmes/{await programme_code()}/subscription", email=email)
    assert answer.status_code == 422
    assert await value("SELECT count(*) FROM subscription") == 0


async def test_what_was_never_confirmed_is_forgotten_after_a_week_and_what_ended_after_a_month(programme):
    await asks("jamais@exemple.fr")
    gone = await subscribes("partie@exemple.fr")
    await subscribes("oui@exemple.fr")
    await end_subscription(ticket(KEY, "unsubscribe", gone), key=KEY, at=AT)
    assert await forget_promised(at=AT + 7 * DAY) == 0
    assert await forget_promised(at=AT + 8 * DAY) == 1
    assert await forget_promised(at=AT + 31 * DAY) == 1
    assert await column("SELECT email FROM subscription") == ["oui@exemple.fr"]
