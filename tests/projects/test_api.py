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
    member = await me.send_json("POST", f"{path}/team", {"name": "Zoé", "email": "zoe@exemple.fr", "availability": "2.5"})
    assert member.status_code == 201
    early = await me.send_json("POST", f"{path}/team/depositor", {"member": member.json()["id"]})
    assert (early.status_code, "pas encore de compte" in early.json()["detail"]) == (409, True)
    gone = await me.send_json("POST", f"{path}/team/departure", {"member": member.json()["id"]})
    assert gone.status_code == 200
    assert [one["name"] for one in (await me.get(path)).json()["team"]] == ["Aïcha"]
    assert [one["id"] for one in (await me.get("/api/v1/projects")).json()["items"]] == [made.json()["id"]]


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
