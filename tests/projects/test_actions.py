"""Creating projects, changing them and their teams."""

import pytest

from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.core.errors import Conflict, Invalid, NotFound, Refused, Stale
from incubator.people.queries import person
from incubator.projects.actions import add_member, create_project, name_depositor, remove_member, save_project
from incubator.projects.forms import MemberForm, NewProjectForm, ProjectForm
from incubator.projects.queries import is_team, project_for, projects_of, team_accounts
from tests.world.people import a_coach, someone
from tests.world.programmes import the_programme
from tests.world.projects import ORLEANS, TOURS, a_member, a_project


async def test_a_project_is_created_with_its_place_and_its_depositor(db):
    world, me = await the_programme(), await someone("Aïcha Diallo")
    project = await project_for(me, await a_project(me, world.programme))
    assert (project.name, project.commune_name, project.epci) == ("Repair’Bus", "Tours", "Tours Métropole Val de Loire")
    assert (project.departement, project.region) == ("Indre-et-Loire", "Centre-Val de Loire")
    assert [(m.name, m.is_depositor) for m in project.team] == [("Aïcha Diallo", True)]
    assert await column("SELECT verb FROM journal_entry WHERE project = $1", project.id) == ["project.created"]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (NewProjectForm(name="X", commune="99999"), "commune"),
        (NewProjectForm(name="X", commune_text="Saint-Denis"), "commune"),
        (NewProjectForm(name="X", commune_text="zzzz"), "commune"),
        (NewProjectForm(name="X", programme="autre"), "programme"),
    ],
)
async def test_what_is_not_clear_is_asked_and_nothing_is_written(db, form, field):
    await the_programme()
    me = await someone()
    with pytest.raises(Invalid) as refused:
        await create_project(form, by=me, at=now())
    assert list(refused.value.errors) == [field]
    assert await value("SELECT count(*) FROM project") == 0


async def test_the_second_saver_sees_both_texts(db):
    """B07: nothing of the first is lost."""
    await the_programme()
    me = await someone()
    project = await a_project(me)
    await save_project(project, ProjectForm(name="Un", version=1, commune=TOURS), by=me, at=now())
    with pytest.raises(Stale) as stale:
        await save_project(project, ProjectForm(name="Deux", version=1, commune=ORLEANS), by=me, at=now())
    assert (stale.value.theirs, stale.value.version) == ({"name": "Un", "commune": TOURS}, 2)
    await save_project(project, ProjectForm(name="Deux", version=2, commune=ORLEANS), by=me, at=now())
    assert (await project_for(me, project)).commune_name == "Orléans"


async def test_staff_of_the_programme_see_a_project_and_nobody_else_does(db):
    world, me = await the_programme(), await someone()
    project = await a_project(me)
    assert (await project_for(await a_coach(world.programme), project)).is_mine is False
    stranger = await someone("Autre")
    for call in (project_for(stranger, project), save_project(project, ProjectForm(name="X", version=1), by=stranger, at=now())):
        with pytest.raises(NotFound):
            await call
    assert (await projects_of(stranger)).items == []


async def test_a_member_with_an_account_sees_the_project_at_once(db):
    await the_programme()
    me, friend = await someone(), await someone("Basile", email="basile@exemple.fr")
    project = await a_project(me)
    await a_member(project, "Basile", "Basile@Exemple.FR ", by=me)
    assert await is_team(friend, project)
    assert [line.id for line in (await projects_of(friend)).items] == [project]
    assert [(one.email, one.is_depositor) for one in await team_accounts(project)] == [(me.email, True), (friend.email, False)]


async def test_a_member_named_by_address_sees_the_project_once_that_address_is_confirmed(db):
    """Confirming it links the account to every team that named the address, for all the rooms."""
    await the_programme()
    me = await someone()
    project = await a_project(me)
    zoe = await someone("Zoé", email="zoe@exemple.fr")
    await execute("UPDATE account SET confirmed_at = NULL WHERE id = $1", zoe.id)
    await a_member(project, "Zoé", "zoe@exemple.fr", by=me)
    assert not await is_team(await person(zoe.id), project)
    assert len(await team_accounts(project)) == 1
    await execute("UPDATE account SET confirmed_at = now() WHERE id = $1", zoe.id)
    assert await value("SELECT account FROM team_member WHERE email = 'zoe@exemple.fr'") == zoe.id
    zoe = await person(zoe.id)
    assert await is_team(zoe, project)
    await name_depositor(project, await value("SELECT id FROM team_member WHERE email = 'zoe@exemple.fr'"), by=me, at=now())
    assert [one.email for one in await team_accounts(project)] == ["zoe@exemple.fr", me.email]
    assert (await project_for(zoe, project)).is_depositor


async def test_who_left_sees_nothing_and_may_come_back(db):
    """B21: a member who was removed is not resurrected by anything but being added again."""
    await the_programme()
    me, friend = await someone(), await someone("Basile", email="basile@exemple.fr")
    project = await a_project(me)
    member = await a_member(project, "Basile", "basile@exemple.fr", by=me)
    with pytest.raises(Conflict):
        await a_member(project, "Basile bis", "basile@exemple.fr", by=me)
    await remove_member(project, member, by=me, at=now())
    assert not await is_team(friend, project)
    with pytest.raises(NotFound):
        await project_for(friend, project)
    assert await a_member(project, "Basile", "basile@exemple.fr", by=me) == member
    assert await is_team(friend, project)


async def test_only_the_depositor_and_staff_change_the_team(db):
    world, me = await the_programme(), await someone()
    friend = await someone("Basile", email="basile@exemple.fr")
    project = await a_project(me)
    member = await a_member(project, "Basile", "basile@exemple.fr", by=me)
    with pytest.raises(Refused):
        await add_member(project, MemberForm(name="X"), by=friend, at=now())
    with pytest.raises(Conflict):
        await remove_member(project, (await project_for(me, project)).team[0].id, by=me, at=now())
    await add_member(project, MemberForm(name="X"), by=await a_coach(world.programme), at=now())
    await remove_member(project, member, by=friend, at=now())
    assert [m.name for m in (await project_for(me, project)).team] == ["Camille Martin", "X"]
