"""The same acts by program."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.core.ids import new_id
from tests.world.applications import a_deposited_application, a_draft_application, whole_answers
from tests.world.calls import a_call
from tests.world.documents import a_document
from tests.world.people import an_instructor, someone
from tests.world.programmes import the_programme
from tests.world.projects import TOURS, a_project


async def the_call(world):
    return await a_call(world, opens_at=now() - timedelta(days=5), closes_at=now() + timedelta(days=5))


async def test_from_the_draft_to_the_ruling(db, signed_in):
    world, person = await the_programme(), await someone()
    call = await the_call(world)
    project = await a_project(person, world.programme)
    me, staff = await signed_in(person), await signed_in(await an_instructor(world.programme))
    key = {"Idempotency-Key": "k"}
    made = await me.send_json("POST", f"/api/v1/calls/{call.code}/applications", {"project": str(project)}, **key)
    again = await me.send_json("POST", f"/api/v1/calls/{call.code}/applications", {"project": str(project)}, **key)
    assert (made.status_code, again.json()) == (201, made.json())
    path = f"/api/v1/applications/{made.json()['id']}"
    assert (await staff.get(path)).status_code == 404
    begun = (await me.get(path)).json()
    card = {"1.1": "Repair’Bus", "1.3": "Un atelier mobile qui répare.", "1.6": TOURS}
    assert (begun["state"], begun["answers"], len(begun["missing"]) > 30) == ("draft", card, True)
    early = await me.send_json("POST", f"{path}/deposit", {})
    assert (early.status_code, "manquent" in early.json()["detail"]) == (409, True)
    saved = await me.send_json("PUT", f"{path}/answers", {"answers": whole_answers(), "versions": begun["versions"]})
    assert (saved.status_code, [one["question"] for one in saved.json()["missing"]]) == (200, ["9.1"])
    assert saved.json()["answers"] == whole_answers()
    cv = await a_document(UUID(made.json()["id"]), "9.1", by=person, at=now())
    sent = (await me.get(path)).json()
    assert (sent["answers"]["9.1"], sent["missing"]) == ([str(cv)], [])
    stale = await me.send_json("PUT", f"{path}/answers", {"answers": {"1.3": "Autre"}, "versions": {"1.3": 4}})
    assert stale.status_code == 409
    fine = await me.send_json("PUT", f"{path}/answers", {"answers": {"1.3": "Autre"}, "versions": {"1.3": 2}})
    assert fine.json()["versions"]["1.3"] == 3
    receipt = await me.send_json("POST", f"{path}/deposit", {}, **{"Idempotency-Key": "d"})
    assert (await me.send_json("POST", f"{path}/deposit", {}, **{"Idempotency-Key": "d"})).json() == receipt.json()
    assert (receipt.status_code, receipt.json()["number"], len(receipt.json()["content_hash"])) == (201, f"{call.code}-0001", 64)
    assert (await me.send_json("PUT", f"{path}/answers", {"answers": {"1.3": "Non"}})).status_code == 409
    queue = (await staff.get(f"/api/v1/calls/{call.code}/applications?state=deposited")).json()
    assert [one["id"] for one in queue["page"]["items"]] == [made.json()["id"]]
    seen = (await staff.get(f"{path}/eligibility")).json()
    assert [check["code"] for check in seen["checks"]][:2] == ["E1", "E2"]
    asked = await staff.send_json("POST", f"{path}/complement-request", {"questions": ["3.3", "2.5"], "message": "Sources ?"})
    assert asked.status_code == 201
    told, shown = (await me.get(path)).json()["complement"], (await staff.get(f"{path}/eligibility")).json()["complements"]
    depend = ["2.5b", "2.5c", "2.5d", "2.5e", "2.5f", "9.4", "9.6"]
    assert [(one["questions"], one["follow_ups"]) for one in (told, *shown)] == [(["2.5", "3.3"], depend)] * 2
    refused = await me.send_json("PUT", f"{path}/answers", {"answers": {"3.1": "x"}, "versions": {"3.1": 1}})
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["3.1"])
    await me.send_json("PUT", f"{path}/answers", {"answers": {"3.3": "INSEE"}, "versions": {"3.3": 1}})
    assert (await me.send_json("POST", f"{path}/deposit", {})).status_code == 409
    second = await me.send_json("POST", f"{path}/complement-answer", {})
    assert second.json()["number"] == f"{call.code}-0001-2"
    ruling = await staff.send_json("POST", f"{path}/eligibility-ruling", {"outcome": "admissible", "reason": "Complet."})
    assert ruling.status_code == 201
    assert (await me.get(path)).json()["state"] == "admissible"
    wrong = await me.send_json("POST", f"{path}/withdrawal", {"confirmation": "?"})
    assert list(wrong.json()["errors"]) == ["confirmation"]
    assert (await me.send_json("POST", f"{path}/withdrawal", {"confirmation": "Repair’Bus"})).status_code == 201
    assert [one["state"] for one in (await me.get("/api/v1/applications")).json()["items"]] == ["withdrawn"]


async def test_hostile_answers_are_told_and_nothing_is_written(db, signed_in):
    """B14 to B17: another form's question, a state, a number that is none; each named, never a 500."""
    world, person = await the_programme(), await someone()
    application = await a_draft_application(await the_call(world), person, at=now())
    me = await signed_in(person)
    path = f"/api/v1/applications/{application}/answers"
    sent = {"1.1": 3, "6.4": 1e300, "2.1": [[1]], "1.4b": {"a": 1}, "10.1": "oui", "zz": 1, "1.6": "2A004"}
    answer = await me.send_json("PUT", path, {"answers": sent})
    assert (answer.status_code, sorted(answer.json()["errors"])) == (422, ["1.1", "1.4b", "10.1", "2.1", "6.4", "zz"])
    for body in ({"answers": {"1.1": "x"}, "state": "admissible"}, {"answers": []}, {}, {"answers": {}, "versions": {"1.1": -1}}):
        assert (await me.send_json("PUT", path, body)).status_code == 422
    assert await value("SELECT count(*) FROM answer") == 0


async def test_the_queue_goes_page_by_page_in_the_order_of_deposits(db, signed_in):
    world = await the_programme()
    call = await the_call(world)
    for rank in range(3):
        await a_deposited_application(world, call, name=f"Projet {rank}", at=now() - timedelta(days=4 - rank))
    await _fill_queue(60)
    staff = await signed_in(await an_instructor(world.programme))
    seen, after, pages = [], None, 0
    while True:
        params = {"after": after} if after else {}
        page = (await staff.get(f"/api/v1/calls/{call.code}/applications", params=params)).json()["page"]
        seen += [one["deposited_at"] for one in page["items"]]
        pages += 1
        after = page["next"]
        if not after:
            break
    assert (len(seen), pages, seen == sorted(seen)) == (63, 2, True)
    filtered = (await staff.get(f"/api/v1/calls/{call.code}/applications?state=deposited")).json()
    assert (len(filtered["page"]["items"]), filtered["counts"]) == (3, {"admissible": 60, "deposited": 3})
    assert (await staff.get(f"/api/v1/calls/{call.code}/applications?days=3")).json()["page"]["items"] != []
    for bad in ("state=draftx", "days=0", "days=x", "after=zz"):
        assert (await staff.get(f"/api/v1/calls/{call.code}/applications?{bad}")).status_code in (400, 422), bad


async def _fill_queue(count: int) -> None:
    """So many admissible applications more."""
    await execute(
        "INSERT INTO project (id, programme, name, summary, created_at, created_by, version)"
        " SELECT gen_random_uuid(), p.programme, 'copie ' || n, '', p.created_at, p.created_by, 1"
        " FROM project p CROSS JOIN generate_series(1, $1) n WHERE p.name = 'Projet 0'",
        count,
    )
    await execute(
        "INSERT INTO application (id, call, project, form, phase, state, started_at, started_by, deposited_at, version)"
        " SELECT gen_random_uuid(), a.call, x.id, a.form, a.phase, 'admissible', a.started_at, a.started_by,"
        " a.deposited_at + n * interval '1 minute', 1 FROM application a JOIN project p ON p.id = a.project"
        " CROSS JOIN generate_series(1, $1) n JOIN project x ON x.name = 'copie ' || n WHERE p.name = 'Projet 0'",
        count,
    )


async def test_what_is_not_mine_does_not_exist(db, signed_in):
    world = await the_programme()
    call = await the_call(world)
    application = await a_deposited_application(world, call, at=now())
    stranger = await signed_in(await someone("Autre"))
    requests = [
        ("GET", "", None),
        ("PUT", "/answers", {"answers": {"1.1": "x"}}),
        ("POST", "/deposit", {}),
        ("POST", "/complement-answer", {}),
        ("POST", "/withdrawal", {"confirmation": "x"}),
        ("GET", "/eligibility", None),
        ("POST", "/eligibility-ruling", {"outcome": "admissible"}),
        ("POST", "/complement-request", {"questions": ["1.1"], "message": "x"}),
    ]
    for method, path, body in requests:
        answers = [await stranger.send_json(method, f"/api/v1/applications/{one}{path}", body) for one in (application, new_id())]
        assert [one.status_code for one in answers] == [404, 404], path
        assert answers[0].json() | {"instance": ""} == answers[1].json() | {"instance": ""}
    assert (await stranger.get(f"/api/v1/calls/{call.code}/applications")).status_code == 404
    assert (await stranger.get("/api/v1/applications")).json()["items"] == []
    assert await column("SELECT state FROM application") == ["deposited"]


async def test_staff_of_another_programme_see_nothing(db, signed_in):
    """8.4.1: programmes are tenants."""
    world = await the_programme()
    call = await the_call(world)
    application = await a_deposited_application(world, call, at=now())
    elsewhere = await value(
        "INSERT INTO programme (id, code, name, carrier, description, contact_email, region, axis)"
        " SELECT gen_random_uuid(), 'autre', 'Autre', '', '', '', region, axis FROM programme RETURNING id"
    )
    staff = await signed_in(await an_instructor(elsewhere))
    for path in (f"applications/{application}", f"applications/{application}/eligibility", f"calls/{call.code}/applications"):
        assert (await staff.get(f"/api/v1/{path}")).status_code == 404


async def test_reading_costs_at_most_three_statements(db, signed_in, statements):
    world, person = await the_programme(), await someone()
    application = await a_deposited_application(world, await the_call(world), person, at=now())
    me = await signed_in(person)
    await me.get(f"/api/v1/applications/{application}")
    with statements() as seen:
        await me.get(f"/api/v1/applications/{application}")
    assert len(seen) - sum("FROM session" in one.sql or "UPDATE session" in one.sql for one in seen) <= 3
