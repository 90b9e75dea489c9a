"""Where one is led after signing in, and what a token does not open."""

import pytest

from incubator.core.clock import now
from incubator.core.database import execute, value
from incubator.core.errors import Invalid
from incubator.core.pages import safe_next
from incubator.people import actions
from incubator.people.rules import check_password
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
