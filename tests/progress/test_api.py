"""The same acts for programs."""

from __future__ import annotations

from typing import Any

import pytest

from incubator.core.clock import local_date, now
from tests.world.coaching import a_coached_project
from tests.world.people import someone
from tests.world.programmes import the_programme
from tests.world.progress import facts_of, milestone_of, ready_for_gate

pytestmark = pytest.mark.usefixtures("db")
AXES = ("need", "offer", "model", "governance", "team", "territory", "impact", "funding")


async def test_a_deliverable_from_text_to_valid(signed_in: Any) -> None:
    coached = await a_coached_project(await the_programme())
    team, coach = await signed_in(coached.holder), await signed_in(coached.coach)
    milestone = await milestone_of(coached, "L1")
    path = f"/api/v1/enrolments/{coached.enrolment}/milestones/{milestone.id}"
    assert (await team.get(path)).json()["deliverable"] is None
    written = await team.send_json("PUT", path, {"content": "Le plan.", "finished": True})
    assert (written.status_code, written.json()["state"], written.json()["version"]) == (200, "submitted", 1)
    stale = await coach.send_json("PUT", f"{path}/review", {"verdict": "validate", "version": 7})
    assert stale.status_code == 409
    valid = await coach.send_json("PUT", f"{path}/review", {"verdict": "validate", "version": 1})
    assert (valid.status_code, valid.json()["deliverable"]["reviewed_by"]) == (200, "Colin Coach")
    told = (await team.get(f"/api/v1/projects/{coached.project}/path")).json()
    assert [step["milestone"]["state"] for step in told["steps"] if step["milestone"]["code"] == "L1"] == ["valid"]


async def test_a_waiver(signed_in: Any) -> None:
    coached = await a_coached_project(await the_programme())
    team, coach = await signed_in(coached.holder), await signed_in(coached.coach)
    milestone = await milestone_of(coached, "L7")
    path = f"/api/v1/enrolments/{coached.enrolment}/milestones/{milestone.id}/waiver"
    assert (await team.send_json("PUT", path, {})).status_code == 422
    assert (await team.send_json("PUT", path, {"reason": "Déjà des statuts."})).json()["state"] == "waiver_asked"
    answer = {"verdict": "confirm_waiver", "version": 1}
    assert (await team.send_json("PUT", f"{path}/answer", answer)).status_code == 403
    assert (await coach.send_json("PUT", f"{path}/answer", answer)).json()["state"] == "waived"


async def test_suspending_diagnosing_and_passing(signed_in: Any) -> None:
    coached = await a_coached_project(await the_programme())
    team, coach, manager = [await signed_in(person) for person in (coached.holder, coached.coach, coached.manager)]
    root = f"/api/v1/enrolments/{coached.enrolment}"
    today = local_date(now()).isoformat()
    paused = await coach.send_json("POST", f"{root}/suspensions", {"from_on": today, "reason": "Congé."})
    assert (paused.status_code, paused.json()["current"]["state"]) == (201, "suspended")
    resumed = await manager.send_json("POST", f"{root}/resumptions")
    assert (resumed.status_code, resumed.json()["current"]["state"]) == (201, "active")
    levels = dict.fromkeys(AXES, 3)
    assert (await team.send_json("POST", f"{root}/diagnoses", {"moment": "entry", "levels": levels})).status_code == 201
    wrong = await coach.send_json("POST", f"{root}/diagnoses", {"moment": "entry", "levels": {"need": 9}})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["levels"])
    facts = await ready_for_gate(coached)
    decision = {"outcome": "pass", "reason": "Prêt.", "version": facts.version}
    key = {"Idempotency-Key": "the-decision"}
    first = await manager.send_json("POST", f"{root}/gate-reviews", decision, **key)
    second = await manager.send_json("POST", f"{root}/gate-reviews", decision, **key)
    assert (first.status_code, first.json()["current"]["phase_code"]) == (201, "incubation")
    assert second.json() == first.json()


async def test_the_board_and_what_is_hidden(signed_in: Any) -> None:
    coached = await a_coached_project(await the_programme())
    staff, team, stranger = [await signed_in(person) for person in (coached.coach, coached.holder, await someone())]
    path = f"/api/v1/cohorts/{coached.enrolled.cohort}/board"
    (line,) = (await staff.get(path)).json()["lines"]
    assert (line["project_name"], line["coach_name"], line["thread"][0]["state"]) == ("Repair’Bus", "Colin Coach", "now")
    assert (await team.get(path)).status_code == 404
    facts = await facts_of(coached)
    hidden = [f"projects/{coached.project}/path", f"enrolments/{coached.enrolment}/milestones/{facts.milestones[0].id}"]
    for noun in hidden:
        assert (await stranger.get(f"/api/v1/{noun}")).status_code == 404


async def test_a_read_of_the_path_takes_three_statements(signed_in: Any, statements: Any) -> None:
    coached = await a_coached_project(await the_programme())
    team = await signed_in(coached.holder)
    path = f"/api/v1/projects/{coached.project}/path"
    await team.get(path)
    with statements() as seen:
        assert (await team.get(path)).status_code == 200
    assert len(seen) == 4, "the session, then three"
