"""The same acts for programs."""

from __future__ import annotations

from typing import Any

import pytest

from incubator.core.clock import local_date, now
from tests.world.coaching import a_coached_project, a_session
from tests.world.cohorts import an_active_enrolment
from tests.world.people import a_coach, someone
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")


def body(**changed: Any) -> dict[str, Any]:
    """A session as a program sends it."""
    sent: dict[str, Any] = {"held_on": local_date(now()).isoformat(), "duration_minutes": 45, "kind": "remote"}
    return sent | {"done": "Relu le plan.", "no_next_reason": "Ana rappelle.", "private_note": "À moi."} | changed


async def test_assign_log_edit_and_read(signed_in: Any) -> None:
    world = await the_programme()
    enrolled = await an_active_enrolment(world)
    coach = await a_coach(world.programme)
    staff, mine, team = await signed_in(enrolled.manager), await signed_in(coach), await signed_in(enrolled.holder)
    root = f"/api/v1/projects/{enrolled.project}"
    given = await staff.send_json("POST", f"{root}/coaches", {"coach": str(coach.id), "is_lead": True, "planned_days": "4.5"})
    assert given.status_code == 201
    logged = await mine.send_json("POST", f"{root}/sessions", body())
    assert logged.status_code == 201
    session = logged.json()["id"]
    read = (await team.get(f"{root}/sessions")).json()["items"]
    assert [(one["id"], one["done"], one["is_mine"]) for one in read] == [(session, "Relu le plan.", False)]
    assert "private_note" not in read[0]
    assert (await team.get(f"{root}/private-notes")).json() == []
    assert [note["text"] for note in (await staff.get(f"{root}/private-notes")).json()] == ["À moi."]
    kept = body(version=1, done="Mieux dit.")
    del kept["private_note"]
    assert (await mine.send_json("PUT", f"/api/v1/sessions/{session}", kept)).status_code == 204
    assert [note["text"] for note in (await mine.get(f"{root}/private-notes")).json()] == ["À moi."]
    assert (await mine.send_json("PUT", f"/api/v1/sessions/{session}", kept)).status_code == 409
    portfolio = (await mine.get("/api/v1/coaching")).json()
    assert [(line["project_name"], line["last_on"]) for line in portfolio] == [("Repair’Bus", local_date(now()).isoformat())]


async def test_every_wrong_field_is_told_at_once(signed_in: Any) -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    mine = await signed_in(coached.coach)
    wrong = body(duration_minutes=2, kind="party", held_on="hier", done="x" * 1501, mood="good")
    answer = await mine.send_json("POST", f"/api/v1/projects/{coached.project}/sessions", wrong)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"duration_minutes", "kind", "held_on", "done", "mood"}


async def test_another_coach_gets_nulls_for_words(signed_in: Any) -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    await a_session(coached)
    colleague = await signed_in(await a_coach(world.programme, "Nora"))
    (line,) = (await colleague.get(f"/api/v1/projects/{coached.project}/sessions")).json()["items"]
    assert [line[name] for name in ("done", "decided", "next_steps", "participants", "no_next_reason")] == [None] * 5
    assert (line["duration_minutes"], line["corrections"]) == (90, [])


async def test_sessions_come_in_pages(signed_in: Any) -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    for number in range(52):
        await a_session(coached, done=f"Séance {number}")
    team = await signed_in(coached.holder)
    path = f"/api/v1/projects/{coached.project}/sessions"
    first = (await team.get(path)).json()
    second = (await team.get(path, params={"after": first["next"]})).json()
    seen = [one["done"] for one in first["items"] + second["items"]]
    assert (len(first["items"]), len(second["items"]), second["next"]) == (50, 2, None)
    assert sorted(seen) == sorted(f"Séance {number}" for number in range(52))
    assert (await team.get(path, params={"after": "n’importe"})).status_code == 422


async def test_what_one_may_not_see_is_not_found(signed_in: Any) -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    stranger = await signed_in(await someone())
    for noun in ("sessions", "coaches", "private-notes"):
        assert (await stranger.get(f"/api/v1/projects/{coached.project}/{noun}")).status_code == 404
