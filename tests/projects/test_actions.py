"""Creating projects, changing them and their teams."""

from decimal import Decimal

import pytest

from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.core.errors import Conflict, Invalid, NotFound, Refused, Stale
from incubator.projects.actions import change_role, create_project, name_depositor, remove_member, save_project, save_skills
from incubator.projects.forms import NewProjectForm, ProjectForm, RoleForm, SkillsForm
from incubator.projects.queries import is_team, project_for, projects_of, team_accounts
from incubator.projects.tables import GivenRole
from tests.world.people import a_coach, a_manager, someone
from tests.world.programmes import the_programme
from tests.world.projects import ORLEANS, TOURS, a_member, a_named_member, a_project, invited


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


async def test_who_reads_changes_nothing(db):
    await the_programme()
    me, reader = await someone(), await someone("Rim", email="rim@exemple.fr")
    project = await a_project(me)
    member = await a_member(project, "Rim", reader.email, by=me, role="reader")
    seen = await project_for(reader, project)
    assert (seen.is_mine, seen.can_write, [one.role for one in seen.team]) == (True, False, ["depositor", "reader"])
    with pytest.raises(Refused):
        await save_project(project, ProjectForm(name="Autre", version=1), by=reader, at=now())
    await change_role(project, RoleForm(member, GivenRole.EDITOR), by=me, at=now())
    assert await save_project(project, ProjectForm(name="Autre", version=1), by=reader, at=now()) == 2


async def test_who_left_sees_nothing_and_may_come_back(db):
    """B21: a member who was removed is not resurrected by anything but accepting anew."""
    await the_programme()
    me, friend = await someone(), await someone("Basile", email="basile@exemple.fr")
    project = await a_project(me)
    member = await a_member(project, "Basile", friend.email, by=me)
    await remove_member(project, member, by=me, at=now())
    assert not await is_team(friend, project)
    assert (await projects_of(friend)).items == []
    with pytest.raises(NotFound):
        await project_for(friend, project)
    with pytest.raises(NotFound):
        await save_project(project, ProjectForm(name="X", version=1), by=friend, at=now())
    await execute("UPDATE account SET confirmed_at = now() WHERE id = $1", friend.id)
    assert [one.email for one in await team_accounts(project)] == [me.email]
    assert await a_member(project, "Basile", friend.email, by=me) == member
    assert await is_team(friend, project)


async def test_only_the_depositor_and_the_manager_change_the_team(db):
    world, me = await the_programme(), await someone()
    friend = await someone("Basile", email="basile@exemple.fr")
    project = await a_project(me)
    member = await a_member(project, "Basile", friend.email, by=me)
    depositor = (await project_for(me, project)).team[0].id
    for act in (
        invited(project, "x@exemple.fr", by=friend),
        change_role(project, RoleForm(member, GivenRole.READER), by=friend, at=now()),
        name_depositor(project, member, by=friend, at=now()),
        remove_member(project, depositor, by=friend, at=now()),
        save_skills(project, SkillsForm(depositor, "Pirate"), by=friend, at=now()),
    ):
        with pytest.raises(Refused):
            await act
    with pytest.raises(Conflict):
        await remove_member(project, depositor, by=me, at=now())
    with pytest.raises(Refused):
        await invited(project, "x@exemple.fr", by=await a_coach(world.programme))
    await invited(project, "x@exemple.fr", by=await a_manager(world.programme))
    await save_skills(project, SkillsForm(member, "Vélos", Decimal("2.5")), by=friend, at=now())
    assert [(one.skills, one.availability) for one in (await project_for(me, project)).team] == [
        ("", None),
        ("Vélos", Decimal("2.5")),
    ]
    await remove_member(project, member, by=friend, at=now())
    assert [one.name for one in (await project_for(me, project)).team] == ["Camille Martin"]


async def test_the_depositor_passes_the_pen_to_a_member_who_accepted_and_then_may_leave(db):
    """B22: an application always has someone who deposits."""
    await the_programme()
    me, friend = await someone(), await someone("Basile", email="basile@exemple.fr")
    project = await a_project(me)
    mine = (await project_for(me, project)).team[0].id
    named = await a_named_member(project, "Zoé", "zoe@exemple.fr")
    with pytest.raises(Conflict, match="pas encore rejoint"):
        await name_depositor(project, named, by=me, at=now())
    member = await a_member(project, "Basile", friend.email, by=me, role="reader")
    await name_depositor(project, member, by=me, at=now())
    assert [(one.email, one.is_depositor) for one in await team_accounts(project)] == [(friend.email, True), (me.email, False)]
    assert await value("SELECT role FROM team_member WHERE id = $1", mine) == "editor"
    await remove_member(project, mine, by=me, at=now())
    assert not await is_team(me, project)
