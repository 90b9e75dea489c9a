"""The JSON API of calls and programmes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from incubator.core.clock import now
from incubator.core.database import value
from incubator.core.ids import new_id
from incubator.core.paging import SIZE
from tests.world.calls import a_call, a_draft_call
from tests.world.people import a_coach, a_manager, someone
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")


def moment(days: int) -> datetime:
    return now().replace(second=0, microsecond=0) + timedelta(days=days)


def body(world, **changed):
    facts = {
        "title": "Appel d’hiver",
        "code": "AAC-CVL-2030-1",
        "introduction": "Bienvenue.",
        "opens_at": moment(10).isoformat(),
        "closes_at": moment(60).isoformat(),
        "notify_on": moment(90).date().isoformat(),
        "departements": ["45"],
        "places": {"pre_incubation": 10},
        "form": str(world.form),
        "grid": str(world.grid),
        "plan": str(world.plan),
    }
    return facts | changed


async def test_a_call_from_draft_to_extension(signed_in):
    world = await the_programme()
    manager = await signed_in(await a_manager(world.programme))
    made = await manager.send_json("POST", "/api/v1/calls", body(world, opens_at=moment(-1).isoformat()))
    assert (made.status_code, made.json()["code"]) == (201, "AAC-CVL-2030-1")
    call = (await manager.get("/api/v1/calls/AAC-CVL-2030-1")).json()
    assert (call["state"], call["version"], call["places"][0]["places_count"]) == ("draft", 1, 10)
    changed = await manager.send_json(
        "PUT", "/api/v1/calls/AAC-CVL-2030-1", body(world, opens_at=moment(-1).isoformat(), title="Autre"), **{"If-Match": '"1"'}
    )
    assert (changed.status_code, changed.json()["title"], changed.json()["version"]) == (200, "Autre", 2)
    published = await manager.send_json("POST", "/api/v1/calls/AAC-CVL-2030-1/publication")
    assert (published.status_code, published.json()["state"]) == (200, "open")
    again = await manager.send_json("POST", "/api/v1/calls/AAC-CVL-2030-1/publication")
    assert (again.status_code, again.json()["detail"]) == (409, "Cet appel est déjà publié.")
    later = await manager.send_json(
        "POST", "/api/v1/calls/AAC-CVL-2030-1/extension", {"closes_at": moment(70).isoformat(), "reason": "Neige"}
    )
    assert (later.status_code, datetime.fromisoformat(later.json()["closes_at"])) == (200, moment(70))


async def test_a_program_reads_the_checklist_and_archives(signed_in):
    world = await the_programme()
    person = await a_manager(world.programme)
    manager = await signed_in(person)
    draft = await a_draft_call(world, opens_at=moment(10), closes_at=moment(20), by=person, introduction="")
    lines = (await manager.get(f"/api/v1/calls/{draft.code}/checklist")).json()
    assert [line["about"] for line in lines if line["standing"] == "missing"] == ["introduction"]
    call = await a_call(world, opens_at=moment(-20), closes_at=moment(-10), by=person)
    archived = await manager.send_json("POST", f"/api/v1/calls/{call.code}/archive")
    assert (archived.status_code, archived.json()["state"]) == (200, "archived")
    again = await manager.send_json("POST", f"/api/v1/calls/{call.code}/archive")
    assert (again.status_code, again.json()["detail"]) == (409, "Cet appel est déjà archivé.")
    restored = await manager.send_json("POST", f"/api/v1/calls/{call.code}/restoration")
    assert (restored.status_code, restored.json()["state"]) == (200, "closed")


async def test_every_wrong_field_is_told_at_once(signed_in):
    world = await the_programme()
    manager = await signed_in(await a_manager(world.programme))
    wrong = await manager.send_json("POST", "/api/v1/calls", {"title": "", "opens_at": "2030-01-01T10:00:00", "surprise": 1})
    assert wrong.status_code == 422
    assert {"title", "code", "opens_at", "closes_at", "notify_on", "form", "grid", "plan", "surprise"} == set(
        wrong.json()["errors"]
    )
    late = await manager.send_json("POST", "/api/v1/calls", body(world, closes_at=moment(5).isoformat(), places={"follow_up": 1}))
    assert set(late.json()["errors"]) == {"closes_at", "places"}
    assert await value("SELECT count(*) FROM call") == 0


async def test_an_edit_needs_the_version_that_was_read(signed_in):
    world = await the_programme()
    person = await a_manager(world.programme)
    manager = await signed_in(person)
    draft = await a_draft_call(world, opens_at=moment(5), closes_at=moment(20), by=person, code="AAC-CVL-2030-1")
    without = await manager.send_json("PUT", f"/api/v1/calls/{draft.code}", body(world))
    assert (without.status_code, list(without.json()["errors"])) == (422, ["version"])
    old = await manager.send_json("PUT", f"/api/v1/calls/{draft.code}", body(world, version=9))
    assert old.status_code == 409


async def test_the_same_key_makes_one_call(signed_in):
    world = await the_programme()
    manager = await signed_in(await a_manager(world.programme))
    first = await manager.send_json("POST", "/api/v1/calls", body(world), **{"Idempotency-Key": "k1"})
    second = await manager.send_json("POST", "/api/v1/calls", body(world), **{"Idempotency-Key": "k1"})
    assert (first.status_code, second.status_code, first.json()) == (201, 201, second.json())
    assert await value("SELECT count(*) FROM call") == 1


async def test_others_read_what_is_published_and_change_nothing(signed_in, client):
    world = await the_programme()
    draft = await a_draft_call(world, opens_at=moment(5), closes_at=moment(20), code="AAC-BROUILLON")
    call = await a_call(world, opens_at=moment(-5), closes_at=moment(20), code="AAC-OUVERT")
    coach, stranger = await signed_in(await a_coach(world.programme)), await signed_in(await someone())
    assert (await client.get(f"/api/v1/calls/{draft.code}")).status_code == 404
    assert (await client.get(f"/api/v1/calls/{draft.code}/form")).status_code == 404
    assert (await coach.get(f"/api/v1/calls/{draft.code}")).status_code == 200
    assert [line["code"] for line in (await client.get("/api/v1/calls")).json()["items"]] == ["AAC-OUVERT"]
    assert [line["code"] for line in (await coach.get("/api/v1/calls")).json()["items"]] == ["AAC-BROUILLON", "AAC-OUVERT"]
    extension = {"closes_at": moment(70).isoformat(), "notify_on": "2200-01-01", "reason": "x"}
    path = f"/api/v1/calls/{call.code}"
    assert (await coach.send_json("POST", f"{path}/extension", extension | {"notify_on": None})).status_code == 403
    assert (await stranger.send_json("POST", f"{path}/publication")).status_code == 404
    assert (await client.send_json("POST", f"{path}/publication")).status_code == 401
    assert (await coach.send_json("POST", "/api/v1/calls", body(world))).status_code == 403


async def test_the_form_and_the_grid_are_readable_by_programs(client):
    world = await the_programme()
    call = await a_call(world, opens_at=moment(-5), closes_at=moment(20))
    form = (await client.get(f"/api/v1/calls/{call.code}/form")).json()
    assert [section["code"] for section in form["definition"]["sections"]] == [
        "S1",
        "S2",
        "S3",
        "S4",
        "S5",
        "S6",
        "S7",
        "S8",
        "S9",
        "S10",
    ]
    grid = (await client.get(f"/api/v1/grids/{world.grid}")).json()
    assert sum(criterion["weight"] for criterion in grid["criteria"]) == 100
    assert (await client.get(f"/api/v1/grids/{new_id()}")).status_code == 404


async def test_the_list_pages_by_key(client):
    world = await the_programme()
    manager = await a_manager(world.programme)
    for number in range(SIZE + 2):
        await a_call(world, opens_at=moment(-5 - number), closes_at=moment(20), code=f"AAC-{number:03d}", by=manager)
    first = (await client.get("/api/v1/calls")).json()
    second = (await client.get("/api/v1/calls", params={"after": first["next"]})).json()
    codes = [line["code"] for line in first["items"] + second["items"]]
    assert codes == [f"AAC-{number:03d}" for number in range(SIZE + 2)]
    assert second["next"] is None
    assert (await client.get("/api/v1/calls", params={"after": "n’importe quoi"})).status_code == 422
