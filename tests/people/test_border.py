"""Where one is led after signing in, and what a token does not open."""

import pytest

from incubator.core.clock import now
from incubator.core.database import execute, value
from incubator.core.errors import Invalid
from incubator.core.pages import safe_next
from incubator.people import actions
from incubator.people.rules import check_password, is_confusable, normal_email
from incubator.people.secrets import hash_password
from tests.world.people import someone


@pytest.mark.parametrize(
    "target", ["/日本", "/é", "/\u2028x", "/a b", "/a\x7f", "/\tevil.example", "//evil.example", "/\\evil.example"]
)
def test_a_path_no_header_can_hold_leads_home(target):
    assert safe_next(target) == "/"


async def test_a_strange_path_does_not_keep_one_from_signing_in(db, client):
    """A15: the session that was opened reaches its owner."""
    me = await someone(email="moi@exemple.fr")
    await execute("UPDATE account SET password_hash = $2 WHERE id = $1", me.id, await hash_password("quatre chevaux lents"))
    answer = await client.send_form("/sign-in", email="moi@exemple.fr", password="quatre chevaux lents", next="/日本")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "session" in answer.cookies


async def test_a_token_opens_the_api_and_no_page(db, client):
    """A token that leaked makes no other token and ends no session."""
    token = await actions.create_api_token("export", by=await someone(), at=now())
    bearer = {"authorization": f"Bearer {token}"}
    assert (await client.get("/api/v1/me", headers=bearer)).status_code == 200
    assert (await client.get("/account", headers=bearer)).status_code == 303
    assert (await client.post("/account/tokens", data={"name": "un autre"}, headers=bearer)).status_code == 401
    assert await value("SELECT count(*) FROM api_token") == 1


def test_a_short_name_in_an_address_spoils_no_password():
    check_password("quatre chevaux lents", "v@exemple.fr")
    with pytest.raises(Invalid):
        check_password("camille quatre", "camille@exemple.fr")


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("🐢 lentement mais sûrement, avec des espaces et 64 caractères !!", True),
        ("x" * 5000, False),
        ("douze\x00caractères", False),
    ],
)
async def test_a_long_or_strange_password_is_taken_or_refused_at_once(db, signed_in, password, is_taken):
    """A10: nothing of five thousand characters is hashed."""
    browser = await signed_in(await someone())
    answer = await browser.send_form("/account/password", password=password)
    assert answer.status_code == (303 if is_taken else 422)


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("Jean.Dupont@Exemple.FR ", "jean.dupont@exemple.fr", True),
        ("he\u0301le\u0300ne@exemple.fr", "hélène@exemple.fr", True),
        ("a@hélas.fr", "a@xn--hlas-bpa.fr", True),
        ("a@exemple.fr", "a@ехаmple.fr", False),
    ],
)
def test_one_address_has_one_spelling(one, other, are_same):
    """A11: letters that pass for others are another address, shown as such to staff."""
    assert (normal_email(one) == normal_email(other)) is are_same
    assert is_confusable(normal_email("a@ехаmple.fr"))
    assert not is_confusable("jean.dupont@exemple.fr")


@pytest.mark.parametrize(
    "typed", ['"a b"@exemple.fr', f"{'a' * 250}@exemple.fr", "a@b", "@exemple.fr", "a@@exemple.fr", "a@-.fr"]
)
async def test_an_address_beyond_what_is_used_is_refused(db, client, typed):
    """A11."""
    answer = await client.send_form("/sign-up", name="X", email=typed, password="", next="")
    assert answer.status_code == 422
    assert await value("SELECT count(*) FROM account WHERE erased_at IS NULL") == 0


async def test_a_letter_leads_to_our_own_address_whatever_the_host_said(db, client):
    """A16: letters hold paths; the address before them is the configured one."""
    await someone(email="moi@exemple.fr")
    form = {"csrf": client.token(), "email": "moi@exemple.fr"}
    headers = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    await client.post("/forgotten-password", data=form, headers=headers)
    await actions.answer_link_requests(at=now())
    path, text = await value("SELECT path FROM letter"), await value("SELECT text FROM letter")
    assert str(path).startswith("/new-password?token=")
    assert "evil" not in f"{path}{text}"
