"""Projects by program."""

from incubator.core.ids import new_id
from tests.world.people import someone
from tests.world.programmes import the_programme
from tests.world.projects import a_project


async def test_the_whole_of_a_project(db, signed_in):
    await the_programme()
    me = await signed_in(await someone("Aïcha"))
    body = {"name": "Repair\u2019Bus", "summary": "Il répare.", "commune": "37261"}
    made = await me.send_json("POST", "/api/v1/projects", body, **{"Idempotency-Key": "k1"})
    again = await me.send_json("POST", "/api/v1/projects", body, **{"Idempotency-Key": "k1"})
    assert (made.status_code, again.json()) == (201, made.json())
    path = f"/api/v1/projects/{made.json()['id']}"
    read = (await me.get(path)).json()
    assert (read["commune_name"], read["version"], read["is_mine"]) == ("Tours", 1, True)
    saved = await me.send_json("PUT", path, {"name": "Autre", "version": 1, "commune": "45234"})
    assert (saved.json()["name"], saved.json()["version"]) == ("Autre", 2)
    stale = await me.send_json("PUT", path, {"name": "Encore", "version": 1})
    assert stale.status_code == 409
    assert [one["name"] for one in (await me.get(path)).json()["team"]] == ["Aïcha"]
    assert [one["id"] for one in (await me.get("/api/v1/projects")).json()["items"]] == [made.json()["id"]]


async def test_a_team_by_program(db, signed_in):
    await the_programme()
    person, friend = await someone("Aïcha"), await someone("Zoé", email="zoe@exemple.fr")
    me, her = await signed_in(person), await signed_in(friend)
    path = f"/api/v1/projects/{await a_project(person)}"
    body = {"name": "Zoé", "email": "zoe@exemple.fr", "role": "reader"}
    sent = await me.send_json("POST", f"{path}/team/invitations", body, **{"Idempotency-Key": "k1"})
    again = await me.send_json("POST", f"{path}/team/invitations", body, **{"Idempotency-Key": "k1"})
    assert (sent.status_code, again.json()) == (201, sent.json())
    assert [one["email"] for one in (await me.get(f"{path}/team/invitations")).json()] == ["zoe@exemple.fr"]
    assert (await her.get(f"{path}/team/invitations")).status_code == 404
    awaiting = (await her.get("/api/v1/invitations")).json()
    assert [(one["id"], one["project_name"], one["role"]) for one in awaiting] == [(sent.json()["id"], "Repair’Bus", "reader")]
    assert "token" not in str(awaiting)
    assert (await me.send_json("POST", f"/api/v1/invitations/{sent.json()['id']}/acceptance")).status_code == 404
    joined = await her.send_json("POST", f"/api/v1/invitations/{sent.json()['id']}/acceptance")
    assert (joined.status_code, joined.json()["is_mine"], joined.json()["can_write"]) == (200, True, False)
    member = joined.json()["team"][1]["id"]
    assert (await her.send_json("PUT", path, {"name": "X", "version": 1})).status_code == 403
    assert (await me.send_json("POST", f"{path}/team/role", {"member": member, "role": "editor"})).status_code == 200
    assert (await her.send_json("PUT", f"{path}/team/skills", {"member": member, "skills": "Vélos"})).status_code == 200
    assert (await her.send_json("PUT", path, {"name": "X", "version": 1})).status_code == 200
    assert (await me.send_json("POST", f"{path}/team/departure", {"member": member})).status_code == 200
    assert (await her.get(path)).status_code == 404
    second = await me.send_json("POST", f"{path}/team/invitations", body)
    taken = await me.send_json("POST", f"{path}/team/invitations/{second.json()['id']}/revocation")
    late = await her.send_json("POST", f"/api/v1/invitations/{second.json()['id']}/refusal")
    assert (taken.status_code, late.status_code) == (200, 409)


async def test_mistakes_are_told_field_by_field(db, signed_in):
    await the_programme()
    me = await signed_in(await someone())
    wrong = await me.send_json("POST", "/api/v1/projects", {"name": "x" * 81, "commune": "zz", "owner_id": 1})
    assert (wrong.status_code, sorted(wrong.json()["errors"])) == (422, ["name", "owner_id"])
    wrong = await me.send_json("POST", "/api/v1/projects", {"name": "x", "commune": "zz"})
    assert wrong.json()["errors"] == {"commune": "Aucune commune ne correspond. Essayez une partie du nom, ou le code postal."}


async def test_what_is_not_mine_does_not_exist(db, signed_in):
    await the_programme()
    project = await a_project(await someone())
    stranger = await signed_in(await someone("Autre"))
    for method, body in (("GET", None), ("PUT", {"name": "X", "version": 1})):
        answers = [await stranger.send_json(method, f"/api/v1/projects/{one}", body) for one in (project, new_id())]
        bodies = [answer.json() | {"instance": ""} for answer in answers]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert bodies[0] == bodies[1]
