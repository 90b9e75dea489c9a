"""Projects on the screen, without JavaScript, and by program."""

from incubator.core.database import value
from incubator.core.ids import new_id
from tests.world.people import someone
from tests.world.programmes import the_programme
from tests.world.projects import a_member, a_project


async def test_a_project_is_created_without_javascript(db, signed_in):
    await the_programme()
    me = await signed_in(await someone())
    assert "Créer un projet" in (await me.get("/projects/new")).text
    fields = {"name": "Repair’Bus", "summary": "", "next": "", "programme": ""}
    unclear = await me.send_form("/projects/new", **fields, commune_text="Saint-Denis")
    assert unclear.status_code == 422
    assert '<input type="radio" name="commune" value="93066"' in unclear.text
    assert 'value="Repair’Bus"' in unclear.text
    done = await me.send_form("/projects/new", **fields, commune_text="Saint-Denis", commune="93066")
    project = await value("SELECT id FROM project")
    assert (done.status_code, done.headers["location"]) == (303, f"/projects/{project}")
    assert await value("SELECT commune FROM project") == "93066"
    assert "Repair’Bus" in (await me.get("/projects")).text


async def test_one_goes_on_where_one_was_going(db, signed_in):
    await the_programme()
    me = await signed_in(await someone())
    fields = {"name": "A", "summary": "", "commune_text": "", "programme": ""}
    assert (await me.send_form("/projects/new", **fields, next="/calls/X/apply")).headers["location"] == "/calls/X/apply"
    assert (await me.send_form("/projects/new", **fields, next="//evil.example")).headers["location"] == "/"


async def test_a_double_click_creates_one_project(db, signed_in):
    await the_programme()
    me = await signed_in(await someone())
    fields = {"name": "A", "summary": "", "commune_text": "", "programme": "", "next": "", "once": "the same form"}
    first = await me.send_form("/projects/new", **fields)
    assert (await me.send_form("/projects/new", **fields)).headers["location"] == first.headers["location"]
    assert await value("SELECT count(*) FROM project") == 1


async def test_both_texts_are_shown_to_the_second_saver(db, signed_in):
    await the_programme()
    person = await someone()
    project = await a_project(person)
    me = await signed_in(person)
    fields = {"summary": "", "commune_text": "Tours", "commune": "37261", "version": "1"}
    assert (await me.send_form(f"/projects/{project}/edit", **fields, name="Un")).status_code == 303
    late = await me.send_form(f"/projects/{project}/edit", **fields, name="Deux")
    assert late.status_code == 409
    assert 'value="Deux"' in late.text
    assert "Texte enregistré entre-temps : Un" in late.text
    assert 'name="version" value="2"' in late.text


async def test_the_team_page_adds_names_and_removes(db, signed_in):
    await the_programme()
    person, friend = await someone(), await someone("Basile", email="basile@exemple.fr")
    project = await a_project(person)
    me = await signed_in(person)
    sent = await me.send_form(
        f"/projects/{project}/team", name="Basile", email="basile@exemple.fr", skills="Vélos", availability="2,5"
    )
    assert (sent.status_code, sent.headers["location"]) == (303, f"/projects/{project}/team")
    page = await me.get(f"/projects/{project}/team")
    assert "Vélos" in page.text
    assert "2,5" in page.text
    his = await (await signed_in(friend)).get(f"/projects/{project}/team")
    assert (his.status_code, "Ajouter une personne" in his.text) == (200, False)
    wrong = await me.send_form(f"/projects/{project}/team", name="", email="nul", skills="", availability="9")
    assert wrong.status_code == 422
    assert "Choisissez un nombre entre 0 et 7." in wrong.text
    depositor = await value("SELECT id FROM team_member WHERE role = 'depositor'")
    refused = await me.send_form(f"/projects/{project}/team/departure", member=str(depositor))
    assert refused.status_code == 409
    assert "Désignez d’abord" in refused.text
    member = await value("SELECT id FROM team_member WHERE role = 'member'")
    assert (await me.send_form(f"/projects/{project}/team/depositor", member=str(member))).status_code == 303
    assert await value("SELECT role FROM team_member WHERE id = $1", member) == "depositor"


async def test_what_is_not_mine_does_not_exist(db, signed_in):
    """Someone else's project answers as one that is not there, byte for byte (but for the address)."""
    await the_programme()
    project = await a_project(await someone())
    stranger = await signed_in(await someone("Autre"))
    for path in ("edit", "team"):
        real, none = [await stranger.get(f"/projects/{one}/{path}") for one in (project, new_id())]
        assert (real.status_code, none.status_code) == (404, 404)
        assert _same(real) == _same(none)


def _same(answer):
    return answer.text.replace(answer.headers["content-security-policy"].split("nonce-")[1].split("'")[0], "")


async def test_lists_cost_the_same_for_one_and_for_three(db, signed_in, statements):
    await the_programme()
    person = await someone()
    me = await signed_in(person)
    project = await a_project(person)
    counts = []
    for more in ((), ("B", "C")):
        for name in more:
            await a_project(person, name=name)
            await a_member(project, name, by=person)
        for path in ("/projects", f"/projects/{project}/team", "/api/v1/projects"):
            with statements() as seen:
                assert (await me.get(path)).status_code == 200
            counts.append(len(seen))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 4
