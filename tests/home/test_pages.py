"""The pages of this room through the whole application."""

from datetime import timedelta

from incubator.core.clock import now
from incubator.journal.actions import record
from tests.home import builder
from tests.world.calls import a_draft_call
from tests.world.coaching import a_coached_project, a_session
from tests.world.people import a_manager, someone
from tests.world.programmes import the_programme
from tests.world.projects import a_project


async def test_a_visitor_sees_the_open_call_and_where_to_apply(db, client):
    world = await the_programme()
    call = await builder.an_open_call(world, now())
    answer = await client.get("/")
    assert answer.status_code == 200
    assert f'href="/calls/{call.code}/apply"' in answer.text
    assert 'href="/sign-in"' in answer.text


async def test_without_an_open_call_nothing_invites_to_apply(db, client):
    await the_programme()
    answer = await client.get("/")
    assert "Aucun appel n’est ouvert en ce moment" in answer.text
    assert "/apply" not in answer.text


async def test_a_call_not_published_is_on_no_home_page(db, client, signed_in):
    world = await the_programme()
    call = await a_draft_call(world, opens_at=now() - timedelta(days=1), closes_at=now() + timedelta(days=9))
    assert call.code not in (await client.get("/")).text
    assert call.code not in (await (await signed_in(await a_manager(world.programme))).get("/")).text


async def test_a_newcomer_is_led_to_the_open_call(db, signed_in):
    world = await the_programme()
    call = await builder.an_open_call(world, now())
    answer = await (await signed_in(await someone())).get("/")
    assert "Rien ne vous attend aujourd’hui" in answer.text
    assert f'href="/calls/{call.code}/apply"' in answer.text


async def test_each_role_has_a_home_page(db, signed_in):
    world = await the_programme()
    coached = await a_coached_project(world)
    await a_session(coached)
    for me in (coached.holder, coached.coach, coached.manager):
        answer = await (await signed_in(me)).get("/")
        assert answer.status_code == 200
        assert "Ce qui vous attend" in answer.text
    assert "Les projets que j’accompagne" in (await (await signed_in(coached.coach)).get("/")).text


async def test_a_project_page_is_for_its_team_and_the_staff(db, client, signed_in):
    world = await the_programme()
    coached = await a_coached_project(world)
    for path in (f"/projects/{coached.project}", f"/projects/{coached.project}/thread"):
        for me in (coached.holder, coached.coach, coached.manager):
            answer = await (await signed_in(me)).get(path)
            assert answer.status_code == 200
            assert "Pré-incubation" in answer.text
        assert (await (await signed_in(await someone())).get(path)).status_code == 404
        assert (await client.get(path)).headers["location"].startswith("/sign-in")


async def test_no_reason_and_no_unpublished_outcome_is_on_any_page_of_the_team(db, signed_in):
    world = await the_programme()
    call = await builder.an_open_call(world, now(), closes_in=-5)
    applied = await builder.an_application(world, call, now(), state="admissible")
    committee, manager = await builder.a_committee(call, now()), await a_manager(world.programme)
    presentation = await builder.a_presentation(committee, applied, now(), assessments=1)
    await builder.an_assessment(await builder.a_seat(committee, await someone("Membre"), now()), presentation, now())
    await builder.a_decision(presentation, world, manager, now())
    for verb in ("decision.recorded", "application.presented", "application.admissible"):
        await record(verb, applied.application, by=manager.id, at=now(), project=applied.project, reason=builder.CANARY)
    browser = await signed_in(applied.holder)
    paths = ["/", f"/projects/{applied.project}", f"/projects/{applied.project}/thread", "/api/v1/home"]
    paths += [f"/api/v1/projects/{applied.project}/{noun}" for noun in ("timeline", "thread")]
    seen = "".join([(await browser.get(path)).text for path in paths])
    assert "Dossier recevable" in seen
    hidden = (builder.CANARY, "Retenu", "retained", "Décision", "Dossier présenté", manager.name)
    assert [word for word in hidden if word in seen] == []


async def test_a_thread_is_a_fragment(db, signed_in):
    world = await the_programme()
    coached = await a_coached_project(world)
    answer = await (await signed_in(coached.holder)).get(f"/projects/{coached.project}/thread")
    assert "<html" not in answer.text
    assert 'class="thread thread-thin"' in answer.text


async def test_a_long_life_goes_on_on_the_next_page(db, signed_in):
    world = await the_programme()
    coached = await a_coached_project(world, at=now() - timedelta(days=40))
    for _index in range(12):
        await a_session(coached)
    browser = await signed_in(coached.holder)
    first = (await browser.get(f"/projects/{coached.project}")).text
    following = first.split('rel="next" href="')[1].split("#")[0]
    second = (await browser.get(following)).text
    assert ("Premier contact" in first, "Premier contact" in second) == (False, True)
    assert (await browser.get(f"/projects/{coached.project}?after=rien")).status_code == 422


async def test_a_project_without_an_application_leads_its_team_to_the_calls(db, signed_in):
    world = await the_programme()
    me = await someone()
    project = await a_project(me)
    team = (await (await signed_in(me)).get(f"/projects/{project}")).text
    assert '<a class="button" href="/calls">' in team
    staff = (await (await signed_in(await a_manager(world.programme))).get(f"/projects/{project}")).text
    assert '<a class="button" href="/calls">' not in staff
