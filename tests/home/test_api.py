"""The JSON of this room through the whole application."""

from datetime import timedelta

from incubator.core.clock import local_date, now
from tests.home import builder
from tests.world.coaching import a_coached_project, a_session
from tests.world.people import someone
from tests.world.programmes import the_programme


async def test_what_awaits_me(db, signed_in):
    world = await the_programme()
    applied = await builder.an_application(world, await builder.an_open_call(world, now()), now())
    answer = (await (await signed_in(applied.holder)).get("/api/v1/home")).json()
    (item,) = answer["awaiting"]
    assert (item["kind"], item["href"], item["due"], item["late"]) == (
        "deposit", f"/applications/{applied.application}", str(local_date(applied.call.closes_at)), False,
    )  # fmt: skip
    assert [project["id"] for project in answer["projects"]] == [str(applied.project)]


async def test_a_thread(db, signed_in):
    world = await the_programme()
    coached = await a_coached_project(world)
    answer = (await (await signed_in(coached.coach)).get(f"/api/v1/projects/{coached.project}/thread")).json()
    assert [(step["label"], step["state"]) for step in answer["steps"]][3:] == [
        ("Pré-incubation", "now"), ("Incubation", "next"), ("Suivi post-incubation", "next"),
    ]  # fmt: skip


async def test_a_timeline_by_key(db, signed_in):
    world = await the_programme()
    coached = await a_coached_project(world, at=now() - timedelta(days=20))
    for _index in range(14):
        await a_session(coached)
    browser = await signed_in(coached.holder)
    path = f"/api/v1/projects/{coached.project}/timeline"
    first = (await browser.get(path)).json()
    second = (await browser.get(path, params={"after": first["next"]})).json()
    assert (len(first["items"]), second["next"]) == (15, None)
    assert second["items"][-1]["title"] == "Premier contact\u00a0: le projet est créé"


async def test_strangers_find_nothing_and_visitors_sign_in(db, client, signed_in):
    world = await the_programme()
    coached = await a_coached_project(world)
    stranger = await signed_in(await someone())
    for noun in ("thread", "timeline"):
        path = f"/api/v1/projects/{coached.project}/{noun}"
        assert (await stranger.get(path)).status_code == 404
        assert (await client.get(path)).status_code == 401
    assert (await client.get("/api/v1/home")).status_code == 401


async def test_a_cursor_made_elsewhere_is_refused(db, signed_in):
    world = await the_programme()
    coached = await a_coached_project(world)
    answer = await (await signed_in(coached.holder)).get(f"/api/v1/projects/{coached.project}/timeline", params={"after": "x"})
    assert answer.status_code == 422
    assert "after" in answer.json()["errors"]
