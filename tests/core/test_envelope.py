"""What every answer carries, and what hostile requests get."""

import pytest

from incubator.core.policy import PUBLIC


@pytest.mark.parametrize("path", ["/sign-in", "/nothing", "/health/live", "/api/v1/me", "/static/%00", "/static/x/app.css"])
async def test_every_answer_carries_the_headers(db, client, path):
    answer = await client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"]


async def test_a_nonce_serves_once(db, client):
    pages = [(await client.get("/sign-in")) for _ in range(2)]
    nonces = [page.headers["content-security-policy"].split("nonce-")[1].split("'")[0] for page in pages]
    assert nonces[0] != nonces[1]
    assert all(f'nonce="{nonce}"' in page.text for nonce, page in zip(nonces, pages, strict=True))


async def test_the_api_answers_with_problems(db, client):
    answer = await client.get("/api/v1/me")
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json; charset=utf-8")
    assert answer.json()["title"] == "Connectez-vous"


async def test_what_does_not_exist_is_a_french_page(db, client):
    answer = await client.get("/nothing")
    assert answer.status_code == 404
    assert "Cette page n’existe pas" in answer.text


async def test_static_files_may_be_kept_for_ever(db, client):
    page = await client.get("/sign-in")
    address = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = await client.get(address)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    assert answer.headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("path", ["/static/%00", "/static/" + "a" * 300, "/static/x/../../app.py", "/..%2f..%2fetc/passwd"])
async def test_nothing_else_is_served(db, client, path):
    assert (await client.get(path)).status_code == 404


async def test_a_language_is_spoken(db, client):
    assert 'lang="fr"' in (await client.get("/sign-in")).text
    assert 'lang="en"' in (await client.get("/sign-in", headers={"accept-language": "en-GB,en;q=0.9"})).text


async def test_a_form_of_another_site_is_refused(db, client):
    for header in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        answer = await client.post("/sign-out", data={"csrf": client.token()}, headers=header)
        assert answer.status_code == 403


async def test_a_million_fields_are_refused_at_once(db, client):
    answer = await client.post(
        "/sign-in", content=b"a=&" * 300_000, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 422
    assert (await client.post("/sign-in", content=b"a" * 1_100_000)).status_code == 413


async def test_no_route_is_served_without_its_policy(app):
    undeclared = [
        (method, path)
        for path, handlers in app.app.route_handler_method_map.items()
        for method, handler in handlers.items()
        if method != "OPTIONS" and handler.opt.get("who") not in ("public", "signed_in", "staff", "half")
    ]
    assert undeclared == []
    assert PUBLIC == {"who": "public"}
