"""Forms and grids being built, by programs."""

from __future__ import annotations

import json

import msgspec
import pytest

from incubator.core.database import value
from tests.world.building import SMALL, a_form_draft, reread
from tests.world.people import a_coach, a_manager
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def world():
    return await the_programme()


@pytest.fixture
async def manager(world):
    return await a_manager(world.programme)


async def test_a_program_reads_replaces_and_publishes_a_draft(world, manager, signed_in):
    browser = await signed_in(manager)
    made = await browser.send_json("POST", "/api/v1/programmes/alter-incub-cvl/forms", {"based_on": str(world.form)})
    assert made.status_code == 201
    path = f"/api/v1/forms/{made.json()['id']}"
    read = (await browser.get(path)).json()
    assert read["faults"] == []
    definition = json.loads(msgspec.json.encode(SMALL))
    put = await browser.send_json("PUT", path, {"definition": definition}, **{"if-match": f'"{read["form"]["version"]}"'})
    assert (put.status_code, put.json()) == (200, {"version": 2})
    stale = await browser.send_json("PUT", path, {"definition": definition}, **{"if-match": '"1"'})
    assert stale.status_code == 409
    different = await browser.get(f"{path}/difference", params={"other": str(world.form)})
    assert {"added", "removed"} >= {change["what"] for change in different.json()} - {"changed", "moved"}
    published = await browser.send_json("POST", f"{path}/publication", {}, **{"if-match": '"2"'})
    assert (published.status_code, published.json()["number"]) == (200, 2)
    late = await browser.send_json("PUT", path, {"definition": definition, "version": 3})
    assert late.status_code == 409


async def test_a_definition_that_is_none_is_refused(world, manager, signed_in):
    browser = await signed_in(manager)
    draft = await a_form_draft(world, manager)
    for wrong in ({"title": ""}, {"title": "x", "sections": [{"code": "S1"}]}, {"title": "x", "pages": []}, "form", None):
        sent = await browser.send_json("PUT", f"/api/v1/forms/{draft.id}", {"definition": wrong, "version": 1})
        assert sent.status_code == 422, wrong
    assert await reread(manager, draft.id) == SMALL


async def test_a_coach_reads_and_does_not_write(world, manager, signed_in, client):
    draft = await a_form_draft(world, manager)
    browser = await signed_in(await a_coach(world.programme))
    assert (await browser.get(f"/api/v1/forms/{draft.id}")).status_code == 200
    body = {"definition": json.loads(msgspec.json.encode(SMALL)), "version": 1}
    assert (await browser.send_json("PUT", f"/api/v1/forms/{draft.id}", body)).status_code == 403
    assert (await client.get(f"/api/v1/forms/{draft.id}")).status_code == 401


async def test_a_grid_is_replaced_and_published(world, manager, signed_in):
    browser = await signed_in(manager)
    made = await browser.send_json("POST", "/api/v1/programmes/alter-incub-cvl/grids", {"based_on": str(world.grid)})
    path = f"/api/v1/grids/{made.json()['id']}"
    draft = (await browser.get(f"{path}/draft")).json()
    definition = draft["definition"] | {"title": "Grille 2"}
    put = await browser.send_json("PUT", f"{path}/draft", {"definition": definition}, **{"if-match": '"1"'})
    assert put.json() == {"version": 2}
    assert (await browser.send_json("POST", f"{path}/publication", {"version": 2})).status_code == 200
    assert await value("SELECT title FROM grid WHERE id = $1 AND published_at IS NOT NULL", made.json()["id"]) == "Grille 2"
