"""A03: nothing an outsider sees, or can time, tells whether an address has an account."""

from statistics import median
from time import perf_counter

import pytest

from incubator.core.clock import now
from incubator.core.database import execute
from tests.world.people import PASSWORD, someone, with_password

FORMS = {
    "/sign-in": {"password": "un essai parmi d’autres", "next": ""},
    "/sign-in/link": {"password": "", "next": ""},
    "/forgotten-password": {},
    "/sign-up": {"name": "Jeanne", "password": "", "next": ""},
}
VARYING = {"content-length", "x-request-id", "content-security-policy", "set-cookie"}


@pytest.fixture
async def people(db):
    """A known address, a closed account, one invited and never activated."""
    await with_password(await someone(email="connue@exemple.fr"), PASSWORD)
    closed = await with_password(await someone(email="fermee@exemple.fr"), PASSWORD)
    await execute("UPDATE account SET disabled_at = $2 WHERE id = $1", closed.id, now())
    waiting = await with_password(await someone(email="invitee@exemple.fr"), PASSWORD)
    await execute("UPDATE account SET confirmed_at = NULL WHERE id = $1", waiting.id)


def stripped(text: str, email: str) -> str:
    """A page without what is drawn anew each time and the address that was typed."""
    kept = text.replace(email, "")
    for mark in ('nonce="', 'name="csrf" value="', 'name="once" value="'):
        parts = kept.split(mark)
        kept = mark.join([parts[0], *(part.split('"', 1)[1] for part in parts[1:])])
    return kept


@pytest.mark.parametrize("path", FORMS)
async def test_every_address_gets_the_same_answer(people, client, path):
    async def answer(email: str):
        client.cookies.delete("session")
        client.cookies.delete("notice")
        given = await client.send_form(path, email=email, **FORMS[path])
        headers = {name: value for name, value in given.headers.items() if name not in VARYING}
        return given.status_code, headers, stripped(given.text, email)

    unknown = await answer("inconnue@exemple.fr")
    for email in ("connue@exemple.fr", "fermee@exemple.fr", "invitee@exemple.fr"):
        assert await answer(email) == unknown


async def test_the_right_password_of_a_closed_or_never_activated_account_opens_nothing(people, client):
    for email in ("fermee@exemple.fr", "invitee@exemple.fr"):
        assert (await client.send_form("/sign-in", email=email, password=PASSWORD, next="")).status_code == 422


@pytest.mark.parametrize("path", FORMS)
async def test_every_address_sends_the_same_statements(people, client, statements, path):
    """What takes time is what is asked of the database: as many statements of the same kinds, whoever is asked about."""

    async def sent(email: str) -> list[str]:
        client.cookies.delete("session")
        with statements() as seen:
            await client.send_form(path, email=email, **FORMS[path])
        return [statement.sql.split("$")[0][:60] for statement in seen]

    unknown = await sent("inconnue@exemple.fr")
    assert unknown
    for email in ("connue@exemple.fr", "fermee@exemple.fr", "invitee@exemple.fr"):
        assert await sent(email) == unknown


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/link"])
async def test_fifty_alternations_take_the_same_time(people, client, path):
    """Roughly: the gap of the medians is small beside the time itself."""
    times: dict[str, list[float]] = {"connue@exemple.fr": [], "inconnue@exemple.fr": []}
    for number in range(50):
        for email, took in times.items():
            if number % 5 == 0:
                await execute("DELETE FROM throttle")
            started = perf_counter()
            await client.send_form(path, email=email, **FORMS[path])
            took.append(perf_counter() - started)
    known, unknown = (median(took) for took in times.values())
    assert abs(known - unknown) < 0.005 + 0.15 * unknown
