"""Giving a file, seeing what it holds, making a draft of it; downloading one."""

from __future__ import annotations

import re

import pytest

from incubator.calls.queries import call_by_code
from incubator.calls.reference import FILE
from incubator.core.database import value
from tests.calls.test_pages import moment
from tests.world.calls import a_call, a_draft_call
from tests.world.people import a_coach, a_manager, someone
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")

FIELDS = ("file", "programme", "code", "opens_at", "closes_at", "notify_on", "once")


async def give(browser, body: bytes, name: str = "appel.yaml"):
    return await browser.post("/calls/import", data={"csrf": browser.token()}, files={"file": (name, body, "application/yaml")})


def filled(page: str) -> dict[str, str]:
    found = {name: re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page) for name in FIELDS}
    return {name: one[1] for name, one in found.items() if one}


async def test_the_reference_file_is_given_shown_and_made_a_draft(signed_in):
    world = await the_programme()
    manager = await signed_in(await a_manager(world.programme))
    assert 'enctype="multipart/form-data"' in (await manager.get("/calls/import")).text
    page = await give(manager, FILE.read_bytes())
    assert page.status_code == 200
    assert page.text.count("version 1, déjà publiée") == 3
    assert "Les dates du fichier sont passées" in page.text
    assert "l’import ne les change pas" in page.text
    assert await value("SELECT count(*) FROM call") == 0
    made = await manager.send_form("/calls/import/draft", **filled(page.text))
    assert made.headers["location"] == "/calls/AAC-CVL-2026-1/checklist"
    call = await call_by_code("AAC-CVL-2026-1")
    assert (call.form, call.grid, call.plan, call.published_at) == (world.form, world.grid, world.plan, None)
    assert call.opens_at > moment(0)
    assert "Rien ne manque" in (await manager.get("/calls/AAC-CVL-2026-1/checklist")).text


async def test_a_changed_file_says_which_version_it_would_publish(signed_in):
    world = await the_programme()
    manager = await signed_in(await a_manager(world.programme))
    page = await give(manager, FILE.read_bytes().replace(b"title: Dossier de candidature", b"title: Autre dossier"))
    assert "version 2, publiée à l’import" in page.text
    assert await value("SELECT count(*) FROM form_version") == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "Choisissez un fichier"),
        (b"a: &x 1\nb: *x\n", "les renvois"),
        (b"form: {title: F, sections: [{code: S1, titre: x}]}\ngrid: {title: G}\n", "form › sections › S1"),
        (b"\x89PNG\r\n\x1a\n", "UTF-8"),
        (b'{"form": {"\\ud800": 1}}', "ce texte contient un caractère illisible"),
        (b'{"form": {"title\\u0000": {"a": []}}}', "caractère illisible"),
        (b"x" * 1_000_001, "un million d’octets"),
    ],
)
async def test_a_file_that_cannot_be_read_is_told(signed_in, body: bytes, words: str):
    world = await the_programme()
    manager = await signed_in(await a_manager(world.programme))
    page = await give(manager, body)
    assert page.status_code == 422
    assert words in page.text
    assert await value("SELECT count(*) FROM call") == 0


async def test_a_file_that_does_not_hold_together_is_shown_and_cannot_be_created(signed_in):
    world = await the_programme()
    manager = await signed_in(await a_manager(world.programme))
    page = await give(manager, FILE.read_bytes().replace(b"weight: 12", b"weight: 13", 1))
    assert page.status_code == 200
    assert "Les poids font 101 au lieu de 100" in page.text
    refused = await manager.send_form("/calls/import/draft", **filled(page.text))
    assert refused.status_code == 409
    assert await value("SELECT count(*) FROM call") == 0


async def test_a_mistake_keeps_the_file_and_what_was_typed(signed_in):
    world = await the_programme()
    manager = await signed_in(await a_manager(world.programme))
    sent = filled((await give(manager, FILE.read_bytes())).text) | {"code": "petit code"}
    answer = await manager.send_form("/calls/import/draft", **sent)
    assert answer.status_code == 422
    assert "Écrivez des capitales" in answer.text
    assert filled(answer.text)["file"] == sent["file"]
    assert (await manager.send_form("/calls/import/draft", **(sent | {"code": "AAC-BON"}))).status_code == 303


@pytest.mark.parametrize("packed", ["", "x", "eJz", "é", "A" * 1000, "eJwrSS0uAQAEXQHB"])
async def test_a_page_that_lost_the_file_asks_for_it_again(signed_in, packed: str):
    world = await the_programme()
    manager = await signed_in(await a_manager(world.programme))
    sent = filled((await give(manager, FILE.read_bytes())).text) | {"file": packed}
    answer = await manager.send_form("/calls/import/draft", **sent)
    assert answer.status_code == 422
    assert 'type="file"' in answer.text
    assert await value("SELECT count(*) FROM call") == 0


async def test_a_form_without_its_token_or_from_elsewhere_is_refused(signed_in):
    world = await the_programme()
    manager = await signed_in(await a_manager(world.programme))
    files = {"file": ("appel.yaml", FILE.read_bytes(), "application/yaml")}
    assert (await manager.post("/calls/import", data={"csrf": "x"}, files=files)).status_code == 403
    assert (await manager.post("/calls/import", files=files)).status_code == 403


async def test_importing_is_for_managers_and_exporting_for_the_staff(signed_in, client):
    world = await the_programme()
    call = await a_call(world, opens_at=moment(-10), closes_at=moment(20))
    draft = await a_draft_call(world, opens_at=moment(5), closes_at=moment(20))
    coach, stranger = await signed_in(await a_coach(world.programme)), await signed_in(await someone())
    assert (await coach.get("/calls/import")).status_code == 404
    assert (await give(coach, FILE.read_bytes())).status_code == 404
    for kind, mime in (("yaml", "application/yaml"), ("json", "application/json")):
        got = await coach.get(f"/calls/{draft.code}/export.{kind}")
        assert (got.status_code, got.headers["content-type"].split(";")[0]) == (200, mime)
        assert got.headers["content-disposition"] == f'attachment; filename="{draft.code}.{kind}"'
        assert [(await stranger.get(f"/calls/{one.code}/export.{kind}")).status_code for one in (call, draft)] == [404, 404]
        assert (await client.get(f"/calls/{call.code}/export.{kind}")).headers["location"].startswith("/sign-in")


async def test_a_program_takes_a_call_and_makes_another_of_it(signed_in):
    world = await the_programme()
    person = await a_manager(world.programme)
    manager, coach = await signed_in(person), await signed_in(await a_coach(world.programme))
    call = await a_call(world, opens_at=moment(-10), closes_at=moment(20), by=person)
    file = (await coach.get(f"/api/v1/calls/{call.code}/file")).json()
    assert (file["call"]["code"], file["form"]["title"]) == (call.code, "Dossier de candidature Alter’Incub")
    body = {"programme": str(world.programme), "code": "AAC-API", "file": file}
    body |= {"opens_at": file["call"]["opens_at"], "closes_at": file["call"]["closes_at"], "notify_on": file["call"]["notify_on"]}
    assert (await coach.send_json("POST", "/api/v1/calls/import", body)).status_code == 403
    made = await manager.send_json("POST", "/api/v1/calls/import", body)
    assert (made.status_code, made.json()["code"]) == (201, "AAC-API")
    again = (await coach.get("/api/v1/calls/AAC-API/file")).json()
    assert again | {"call": None} == file | {"call": None}
    assert again["call"] | {"code": ""} == file["call"] | {"code": ""}
    wrong = await manager.send_json("POST", "/api/v1/calls/import", body | {"file": {"form": 1}})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["file"])
