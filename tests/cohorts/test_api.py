"""The same acts for programs."""

from __future__ import annotations

from typing import Any

import pytest

from incubator.core.clock import local_date, now
from tests.world.cohorts import a_closed_call, a_cohort, a_published_decision, an_accepted_project
from tests.world.people import a_manager, someone
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")


async def test_a_cohort_from_creation_to_both_signatures(signed_in: Any) -> None:
    world = await the_programme()
    call = await a_closed_call(world)
    decided = await a_published_decision(world, call)
    staff, team = await signed_in(await a_manager(world.programme)), await signed_in(decided.holder)
    body = {"name": "Printemps", "starts_on": local_date(now()).isoformat()}
    made = await staff.send_json("POST", f"/api/v1/calls/{call.code}/cohort", body)
    assert made.status_code == 201
    cohort = made.json()["id"]
    place = (await team.get(f"/api/v1/projects/{decided.project}/place")).json()
    assert (place["state"], place["cohort"], place["why_not_accept"]) == ("awaiting", cohort, None)
    accepted = await team.send_json("POST", f"/api/v1/projects/{decided.project}/place/acceptance")
    assert (accepted.status_code, accepted.json()["state"]) == (201, "accepted")
    agreement = (await team.get(f"/api/v1/projects/{decided.project}/agreement")).json()
    signature = {"text_hash": agreement["text_hash"], "agreed": True}
    for side in (team, staff):
        signed = await side.send_json("POST", f"/api/v1/projects/{decided.project}/agreement/signatures", signature)
        assert signed.status_code == 201
    read = (await staff.get(f"/api/v1/cohorts/{cohort}")).json()
    assert [(m["project_name"], m["state"], m["enrolment_state"]) for m in read["members"]] == [
        ("Repair’Bus", "accepted", "active")
    ]
    listed = (await staff.get("/api/v1/cohorts")).json()
    assert [(line["id"], line["taken_count"], line["active_count"]) for line in listed["items"]] == [(cohort, 1, 1)]


async def test_the_same_key_accepts_once(signed_in: Any) -> None:
    world = await the_programme()
    call = await a_closed_call(world)
    decided = await a_published_decision(world, call)
    await a_cohort(world, call)
    team = await signed_in(decided.holder)
    path, key = f"/api/v1/projects/{decided.project}/place/acceptance", {"Idempotency-Key": "one-and-the-same"}
    first = await team.send_json("POST", path, **key)
    second = await team.send_json("POST", path, **key)
    third = await team.send_json("POST", path)
    assert (first.status_code, second.status_code, third.status_code) == (201, 201, 409)
    assert first.json() == second.json()
    assert second.headers["idempotent-replay"] == "true"


async def test_declining_withdrawing_and_resizing(signed_in: Any) -> None:
    world = await the_programme()
    enrolled = await an_accepted_project(world)
    declining = await a_published_decision(world, enrolled.call, "Décline")
    team = await signed_in(enrolled.holder)
    back = await team.send_json("POST", f"/api/v1/projects/{enrolled.project}/place/withdrawal", {"reason": "Un emploi."})
    assert (back.status_code, back.json()["state"]) == (201, "declined")
    other = await signed_in(declining.holder)
    no = await other.send_json("POST", f"/api/v1/projects/{declining.project}/place/refusal", {})
    assert (no.status_code, no.json()["state"]) == (201, "declined")
    staff = await signed_in(enrolled.manager)
    path = f"/api/v1/cohorts/{enrolled.cohort}/capacities/{enrolled.phase}"
    assert (await staff.send_json("PUT", path, {"places_count": 4})).status_code == 204
    wrong = await staff.send_json("PUT", path, {"places_count": -1, "colour": "red"})
    assert wrong.status_code == 422
    assert set(wrong.json()["errors"]) == {"places_count", "colour"}
    nobody = await staff.send_json("POST", f"/api/v1/cohorts/{enrolled.cohort}/offers/{enrolled.phase}")
    assert nobody.status_code == 409


async def test_what_one_may_not_see_is_not_found(signed_in: Any) -> None:
    world = await the_programme()
    enrolled = await an_accepted_project(world)
    stranger = await signed_in(await someone())
    for path in (f"projects/{enrolled.project}/place", f"projects/{enrolled.project}/agreement", f"cohorts/{enrolled.cohort}"):
        assert (await stranger.get(f"/api/v1/{path}")).status_code == 404
