"""The same journey for programs: JSON in, JSON out, problems with their fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from incubator.core.database import value
from incubator.people.queries import Person, person_by_email
from tests.selection.world import CANARY, a_candidate, a_closed_call
from tests.world.people import a_manager
from tests.world.programmes import the_programme
from tests.world.selection import a_committee, declared, scored

pytestmark = pytest.mark.usefixtures("db")
SignedIn = Callable[[Person], Any]


async def test_the_whole_journey_by_api(db: None, signed_in: SignedIn) -> None:
    world = await the_programme()
    call = await a_closed_call(world)
    candidate = await a_candidate(world, call)
    manager = await signed_in(await a_manager(world.programme))
    absent = await manager.get(f"/api/v1/calls/{call.code}/committee")
    assert (absent.status_code, absent.headers["content-type"]) == (404, "application/problem+json; charset=utf-8")

    made = await manager.send_json(
        "POST", f"/api/v1/calls/{call.code}/committee", {"name": "Comité"}, **{"Idempotency-Key": "c1"}
    )
    again = await manager.send_json(
        "POST", f"/api/v1/calls/{call.code}/committee", {"name": "Comité"}, **{"Idempotency-Key": "c1"}
    )
    assert (made.status_code, again.status_code, made.json()) == (201, 201, again.json())
    committee = made.json()["id"]
    seats = f"/api/v1/committees/{committee}/seats"
    wrong = await manager.send_json("POST", seats, {"name": "", "email": "a@exemple.fr", "college": "martiens", "vote": True})
    assert wrong.status_code == 422
    assert set(wrong.json()["errors"]) == {"name", "college", "vote"}
    for name, college in (("Ana", "ess"), ("Bo", "funders"), ("Cy", "entrepreneurs")):
        form = {"name": name, "email": f"{name.lower()}@exemple.fr", "college": college}
        assert (await manager.send_json("POST", seats, form)).status_code == 201
    presented = await manager.send_json("POST", f"/api/v1/committees/{committee}/presentations", {"everything": True})
    assert presented.json() == {"presented_count": 1}

    for name, mark in (("ana", "4"), ("bo", "4"), ("cy", "5")):
        member = await person_by_email(f"{name}@exemple.fr")
        assert member
        await _evening_of_a_member(await signed_in(member), committee, str(candidate.application), mark)

    ranking = (await manager.get(f"/api/v1/committees/{committee}/ranking")).json()
    [line] = ranking["lines"]["items"]
    assert (line["mean"], line["voices_count"], line["position"], line["flags"]) == ("86.667", 3, 1, [])
    found = (await manager.get(f"/api/v1/applications/{candidate.application}/assessments")).json()
    assert [voice["state"] for voice in found["voices"]] == ["handed_in"] * 3

    address = f"/api/v1/applications/{candidate.application}/decision"
    desk = (await manager.get(f"{address}-desk")).json()
    assert (desk["recorded"], desk["deciding"]["voices_count"]) == (None, 3)
    lacking = await manager.send_json("PUT", address, {"outcome": "retained"})
    assert lacking.status_code == 422
    assert set(lacking.json()["errors"]) == {"phase"} | {f"reasons.{code}" for code in desk["deciding"]["codes"]}
    whole = {"outcome": "retained", "phase": "incubation", "reasons": dict.fromkeys(desk["deciding"]["codes"], "Solide.")}
    assert (await manager.send_json("PUT", address, whole)).json() == {"version": 1}
    stale = await manager.send_json("PUT", address, whole, **{"If-Match": '"7"'})
    assert stale.status_code == 409

    team = await signed_in(candidate.holder)
    assert (await team.get(address)).status_code == 404
    publication = f"/api/v1/committees/{committee}/publication"
    done = await manager.send_json("POST", publication, {"call": call.code})
    assert done.status_code == 201
    assert (done.json()["decisions_count"], done.json()["letters_count"]) == (1, 1)
    assert (await manager.send_json("POST", publication, {"call": call.code})).status_code == 409
    told = (await team.get(address)).json()
    assert (told["outcome"], told["phase_code"]) == ("retained", "incubation")


async def _evening_of_a_member(browser: Any, committee: str, application: str, mark: str) -> None:
    """Sign, declare, read, save, hand in."""
    files = f"/api/v1/committees/{committee}/files"
    assert (await browser.get(files)).json()["files"]["items"] == []
    text = (await browser.get(f"/api/v1/committees/{committee}/undertaking")).json()
    form = {"text_hash": text["text_hash"], "agreed": True}
    assert (await browser.send_json("POST", f"/api/v1/committees/{committee}/undertaking", form)).status_code == 201
    [mine] = (await browser.get("/api/v1/committees")).json()
    assert (mine["is_signed"], mine["files_count"], mine["handed_in_count"]) == (True, 1, 0)
    address = f"/api/v1/applications/{application}/assessments/mine"
    assert (await browser.get(address)).status_code == 409
    declaration = f"/api/v1/applications/{application}/conflict-declaration"
    assert CANARY not in (await browser.get(declaration)).text
    assert (await browser.send_json("POST", declaration, {"interest": "none"})).status_code == 201
    opened = await browser.get(address)
    assert CANARY in opened.text
    codes = [criterion["code"] for criterion in opened.json()["criteria"]]
    assert (await browser.send_json("PUT", address, {"scores": {codes[0]: mark}})).json() == {"version": 1}
    late = await browser.send_json("PUT", address, {"scores": {codes[0]: "1"}})
    assert late.status_code == 409
    whole = {"scores": dict.fromkeys(codes, mark), "finished": True}
    assert (await browser.send_json("PUT", address, whole, **{"If-Match": '"1"'})).json() == {"version": 2}


@pytest.mark.parametrize("mark", [4, 4.5, None, "6", "0", "", "NSP", "٣", True, [4], {"value": 4}])
async def test_a_mark_off_the_scale_is_a_field_error(db: None, signed_in: SignedIn, mark: object) -> None:
    """D04: a mark is "1" to "5", or "nsp"."""
    world = await the_programme()
    call = await a_closed_call(world)
    candidate = await a_candidate(world, call)
    sitting = await a_committee(call, members=1)
    await declared(candidate.application, sitting.members[0])
    browser = await signed_in(sitting.members[0])
    address = f"/api/v1/applications/{candidate.application}/assessments/mine"
    answer = await browser.send_json("PUT", address, {"scores": {"A1": mark}})
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"scores"}
    assert await value("SELECT count(*) FROM assessment") == 0


async def test_a_member_of_another_committee_finds_nothing(db: None, signed_in: SignedIn) -> None:
    """D16."""
    world = await the_programme()
    call, other = await a_closed_call(world), await a_closed_call(world)
    candidate = await a_candidate(world, call)
    sitting, elsewhere = await a_committee(call), await a_committee(other)
    await scored(candidate.application, sitting.members[0])
    browser = await signed_in(elsewhere.members[0])
    for path in ("assessments/mine", "assessments", "conflict-declaration", "decision", "decision-desk"):
        assert (await browser.get(f"/api/v1/applications/{candidate.application}/{path}")).status_code == 404
    for path in ("files", "undertaking", "ranking"):
        assert (await browser.get(f"/api/v1/committees/{sitting.id}/{path}")).status_code == 404
