"""Projects on the screen, without JavaScript, and by program."""

from urllib.parse import parse_qs, urlsplit

from incubator.core.clock import now
from incubator.core.database import value
from incubator.core.ids import new_id
from incubator.people.actions import answer_link_requests
from incubator.people.queries import person_by_email
from incubator.projects.queries import invitations_to
from tests.world.people import someone
from tests.world.programmes import the_programme
from tests.world.projects import a_member, a_project, invited


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


async def test_the_team_is_invited_changed_and_left_on_its_pages(db, signed_in):
    await the_programme()
    person, friend = await someone("Aïcha"), await someone("Basile Roy", email="basile@exemple.fr")
    project = await a_project(person)
    team = f"/projects/{project}/team"
    me, his = await signed_in(person), await signed_in(friend)
    assert "Inviter" in (await me.get(team)).text
    wrong = await me.send_form(f"{team}/invitations/new", name="", email="nul", role="editor")
    assert (wrong.status_code, 'value="nul"' in wrong.text) == (422, True)
    sent = await me.send_form(f"{team}/invitations/new", name="Basile", email="basile@exemple.fr", role="reader")
    assert (sent.status_code, sent.headers["location"]) == (303, team)
    assert "Invitations en attente" in (await me.get(team)).text
    invitation = await value("SELECT id FROM team_invitation")
    assert f"/invitations/{invitation}" in (await his.get("/projects")).text
    shown = await his.get(f"/invitations/{invitation}")
    assert ("Rejoindre l’équipe" in shown.text, "Décliner" in shown.text) == (True, True)
    joined = await his.send_form(f"/invitations/{invitation}/acceptance")
    assert (joined.status_code, joined.headers["location"]) == (303, team)
    again = await his.send_form(f"/invitations/{invitation}/acceptance")
    assert (again.status_code, "déjà été acceptée" in again.text) == (409, True)
    seen = await his.get(team)
    assert ("Lit seulement" in seen.text, "Inviter" in seen.text) == (True, False)
    assert (await his.get(f"/projects/{project}/edit")).status_code == 403
    member = await value("SELECT id FROM team_member WHERE account = $1", friend.id)
    described = await his.send_form(f"{team}/members/{member}", member=str(member), skills="Vélos", availability="9")
    assert (described.status_code, "Vélos" in described.text) == (422, True)
    await his.send_form(f"{team}/members/{member}", member=str(member), skills="Vélos", availability="2,5")
    assert "2,5" in (await me.get(team)).text
    assert (await me.send_form(f"{team}/role", member=str(member), role="editor")).status_code == 303
    assert (await his.get(f"/projects/{project}/edit")).status_code == 200
    gone = await me.send_form(f"{team}/departure", member=str(member))
    assert (gone.status_code, gone.headers["location"]) == (303, team)
    assert [(await his.get(path)).status_code for path in (team, f"/projects/{project}/edit")] == [404, 404]


async def test_the_depositor_names_another_before_leaving(db, signed_in):
    """B22."""
    await the_programme()
    person, friend = await someone("Aïcha"), await someone("Basile Roy", email="basile@exemple.fr")
    project = await a_project(person)
    team, me = f"/projects/{project}/team", await signed_in(person)
    other = await a_member(project, "Basile", friend.email, by=person)
    mine = str(await value("SELECT id FROM team_member WHERE role = 'depositor'"))
    refused = await me.send_form(f"{team}/departure", member=mine)
    assert (refused.status_code, "Désignez d’abord" in refused.text) == (409, True)
    assert (await me.send_form(f"{team}/depositor", member=str(other))).status_code == 303
    left = await me.send_form(f"{team}/departure", member=mine)
    assert (left.status_code, left.headers["location"]) == (303, "/projects")


async def test_a_link_opened_by_someone_else_is_explained_and_gives_nothing(db, client, signed_in):
    await the_programme()
    person, stranger = await someone("Aïcha"), await someone("Sacha")
    project = await a_project(person)
    invitation = await invited(project, "zoe@exemple.fr", by=person, name="Zoé")
    link = await value("SELECT path FROM letter WHERE kind = 'projects.invitation'")
    visit = await client.get(link)
    assert (visit.status_code, "Recevoir un lien de connexion" in visit.text, "z•••@exemple.fr" in visit.text) == (
        200,
        True,
        True,
    )
    other = await signed_in(stranger)
    opened = await other.get(link)
    assert (opened.status_code, "ce compte ne peut pas l’accepter" in opened.text) == (200, True)
    assert "Rejoindre l’équipe</button>" not in opened.text
    assert [(await other.get(f"/invitations/{one}")).status_code for one in (invitation, new_id())] == [404, 404]
    assert (await other.send_form(f"/invitations/{invitation}/acceptance")).status_code == 404
    zoe = await signed_in(await someone("Zoé", email="zoe@exemple.fr"))
    assert (await zoe.get(link)).headers["location"] == f"/invitations/{invitation}"
    assert (await client.get("/invitation?token=faux")).status_code == 404
    assert await value("SELECT count(*) FROM team_member") == 1


async def test_opening_the_link_changes_nothing_however_often(db, client):
    """A mail scanner follows every link."""
    await the_programme()
    person = await someone("Aïcha")
    invitation = await invited(await a_project(person), "zoe@exemple.fr", by=person)
    link = await value("SELECT path FROM letter WHERE kind = 'projects.invitation'")
    for _time in range(3):
        await client.get(link)
    assert await value("SELECT accepted_at IS NULL AND declined_at IS NULL FROM team_invitation WHERE id = $1", invitation)


async def test_letters_and_withdrawals_of_an_invitation(db, signed_in):
    await the_programme()
    person = await someone("Aïcha")
    project = await a_project(person)
    me, team = await signed_in(person), f"/projects/{project}/team"
    invitation = await invited(project, "zoe@exemple.fr", by=person)
    base = f"{team}/invitations/{invitation}"
    assert (await me.send_form(f"{base}/letter")).status_code == 303
    assert await value("SELECT count(DISTINCT path) FROM letter WHERE to_email = 'zoe@exemple.fr'") == 2
    assert (await me.send_form(f"{base}/revocation")).status_code == 303
    again = await me.send_form(f"{base}/letter")
    assert (again.status_code, "annulée" in again.text) == (409, True)
    assert (await me.send_form(f"{team}/invitations/{new_id()}/letter")).status_code == 404


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
            await a_member(project, name, (await someone(name)).email, by=person)
            await invited(project, f"{name}@exemple.fr", by=person)
        for path in ("/projects", f"/projects/{project}/team", "/api/v1/projects"):
            with statements() as seen:
                assert (await me.get(path)).status_code == 200
            counts.append(len(seen))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 4


async def test_someone_without_an_account_joins_by_the_link_alone(db, client):
    """R1: no password; the letter's link leads to a link that proves the address, and back to the invitation."""
    await the_programme()
    person = await someone("Aïcha")
    project = await a_project(person)
    await invited(project, "zoe@exemple.fr", by=person, name="Zoé Neuve")
    link = await value("SELECT path FROM letter WHERE kind = 'projects.invitation'")
    asked = await client.send_form("/invitation", token=link.partition("=")[2])
    assert (asked.status_code, asked.headers["location"]) == (303, "/invitation/sent")
    assert (await client.get("/invitation/sent")).status_code == 200
    assert await answer_link_requests(at=now()) == 1
    entry = await value("SELECT path FROM letter WHERE to_email = 'zoe@exemple.fr' AND kind <> 'projects.invitation'")
    sent = parse_qs(urlsplit(entry).query)
    assert sent["next"] == [link]
    entered = await client.send_form(urlsplit(entry).path, token=sent["token"][0], next=sent["next"][0])
    assert (entered.status_code, entered.headers["location"]) == (303, link)
    client.cookies.delete("session")
    assert await value("SELECT confirmed_at IS NOT NULL FROM account WHERE email = 'zoe@exemple.fr'")
    zoe = await person_by_email("zoe@exemple.fr")
    assert (zoe.name, [one.project for one in await invitations_to(zoe, at=now())]) == ("Zoé Neuve", [project])
    wrong = await client.send_form("/invitation", token="faux")
    assert wrong.status_code == 404
