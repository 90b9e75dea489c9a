"""Signing up, in and out, as a visitor does it."""

import msgspec

from incubator.core.database import column, row, value
from incubator.core.pages import safe_next
from incubator.people.queries import Person
from tests.world.people import someone


class _Letter(msgspec.Struct, frozen=True):
    kind: str
    to_email: str
    path: str


async def test_a_visitor_creates_an_account_confirms_and_signs_in(db, client):
    """R1: a name and an address are enough; a password if one wants."""
    answer = await client.send_form(
        "/sign-up", name="Jeanne Dupré", email="Jeanne@Exemple.FR ", password="quatre chevaux lents", next="/calls?page=1"
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/calls?page=1")
    client.secret = client.cookies["session"]
    letter = await row(_Letter, "SELECT kind, to_email, path FROM letter")
    assert letter is not None
    assert (letter.kind, letter.to_email) == ("people.confirm", "jeanne@exemple.fr")
    token = letter.path.removeprefix("/confirm?token=").removesuffix("&next=%2Fcalls%3Fpage%3D1")
    assert 'value="/calls?page=1"' in (await client.get(letter.path)).text
    assert await value("SELECT confirmed_at FROM account WHERE erased_at IS NULL") is None
    answer = await client.send_form("/confirm", token=token, next="/calls?page=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/calls?page=1")
    assert await value("SELECT confirmed_at IS NOT NULL FROM account WHERE erased_at IS NULL") is True
    client.secret = client.cookies["session"]
    assert (await client.send_form("/confirm", token=token)).status_code == 409
    answer = await client.send_form("/sign-in", email="jeanne@exemple.fr", password="quatre chevaux lents", next="/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    client.secret = client.cookies["session"]
    page = await client.get("/account")
    assert "Jeanne Dupré" in page.text
    assert await column("SELECT verb FROM journal_entry ORDER BY number") == [
        "account.created",
        "account.confirmed",
        "session.opened",
        "session.opened",
    ]


async def test_a_known_address_gets_the_same_answer(db, client):
    await someone(email="connue@exemple.fr")
    known = await client.send_form("/sign-up", name="X", email="connue@exemple.fr", password="quatre chevaux lents", next="")
    client.secret = client.cookies["session"]
    fresh = await client.send_form("/sign-up", name="X", email="neuve@exemple.fr", password="quatre chevaux lents", next="")
    assert (known.status_code, known.headers["location"]) == (fresh.status_code, fresh.headers["location"])
    assert await column("SELECT kind FROM letter") == ["people.confirm", "people.confirm"]


async def test_mistakes_are_told_beside_their_fields_and_nothing_typed_is_lost(db, client):
    answer = await client.send_form("/sign-up", name="Jeanne", email="pas une adresse", password="court", next="")
    assert answer.status_code == 422
    assert "Cette adresse électronique n’est pas complète" in answer.text
    assert 'value="pas une adresse"' in answer.text
    assert await value("SELECT count(*) FROM account WHERE erased_at IS NULL") == 0


async def test_a_form_without_its_token_is_refused(db, client):
    answer = await client.post("/sign-in", data={"email": "a@exemple.fr", "password": "x", "next": ""})
    assert answer.status_code == 403
    other = await client.post("/sign-in", data={"csrf": "é" * 64, "email": "a@exemple.fr", "password": "x", "next": ""})
    assert other.status_code == 403


async def test_guesses_are_counted(db, client):
    await someone(email="cible@exemple.fr")
    for _try in range(10):
        assert (await client.send_form("/sign-in", email="cible@exemple.fr", password="faux", next="")).status_code == 422
    blocked = await client.send_form("/sign-in", email="cible@exemple.fr", password="faux", next="")
    assert (blocked.status_code, blocked.headers["retry-after"]) == (429, "900")


async def test_signing_out_ends_the_session_in_the_database(db, signed_in):
    me: Person = await someone()
    browser = await signed_in(me)
    assert (await browser.get("/account")).status_code == 200
    secret = browser.secret
    await browser.send_form("/sign-out")
    browser.cookies.set("session", secret)
    answer = await browser.get("/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/account")


async def test_one_cannot_be_sent_elsewhere_after_signing_in(db, client):
    for target in ("//evil.example", "/\\evil.example", "javascript:alert(1)", "/ok\r\nSet-Cookie:a"):
        page = await client.get("/sign-in", params={"next": target})
        assert page.status_code == 200
    assert [safe_next(t) for t in ("//evil.example", "/\\evil", "javascript:x", "/a\nb", "/calls")] == [
        "/",
        "/",
        "/",
        "/",
        "/calls",
    ]
