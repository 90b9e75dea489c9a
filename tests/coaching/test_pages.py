"""Pages of coaching, through the whole application."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from incubator.core.clock import local_date, now
from tests.world.coaching import Coached, a_coached_project, a_session
from tests.world.cohorts import a_closed_call, a_cohort, an_accepted_project, an_active_enrolment
from tests.world.people import a_coach, a_manager, an_instructor, someone
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")


def fields(**changed: Any) -> dict[str, Any]:
    """The session form as a phone sends it."""
    sent = {"held_on": local_date(now()).isoformat(), "duration_minutes": "60", "kind": "phone", "participants": "Ana"}
    sent |= {"done": "Relu le plan.", "decided": "", "next_steps": "", "next_on": "", "private_note": ""}
    return sent | {"no_next_reason": "Ana rappelle."} | changed


async def test_a_coach_logs_a_session_and_the_team_reads_it(signed_in: Any) -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    coach = await signed_in(coached.coach)
    path = f"/projects/{coached.project}/sessions/new"
    assert "Note privée" in (await coach.get(path)).text
    logged = await coach.send_form(path, **fields(private_note="Fatigue visible."))
    assert (logged.status_code, logged.headers["location"]) == (303, f"/projects/{coached.project}/sessions")
    team = (await (await signed_in(coached.holder)).get(f"/projects/{coached.project}/sessions")).text
    assert "Relu le plan." in team
    assert "Fatigue visible." not in team
    assert "Note privée" not in team


async def test_a_wrong_session_comes_back_as_typed_with_every_error(signed_in: Any) -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    coach = await signed_in(coached.coach)
    tomorrow = (local_date(now()) + timedelta(days=1)).isoformat()
    path = f"/projects/{coached.project}/sessions/new"
    wrong = await coach.send_form(path, **fields(duration_minutes="1 000 000", done="", private_note="À garder"))
    assert wrong.status_code == 422
    assert "entre 5 et 720" in wrong.text
    assert "À garder" in wrong.text
    unheld = await coach.send_form(path, **fields(held_on=tomorrow, no_next_reason=""))
    assert unheld.status_code == 422
    assert "cette date est à venir" in unheld.text
    assert "Donnez la date de la prochaine séance" in unheld.text


async def test_a_double_click_logs_one_session(signed_in: Any) -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    coach = await signed_in(coached.coach)
    path = f"/projects/{coached.project}/sessions/new"
    for _click in range(2):
        assert (await coach.send_form(path, **fields(once="the-same-showing"))).status_code == 303
    listed = (await coach.get(f"/api/v1/projects/{coached.project}/sessions")).json()
    assert len(listed["items"]) == 1


async def test_the_reason_against_a_session_is_said(signed_in: Any) -> None:
    """R30."""
    world = await the_programme()
    coached = await a_coached_project(world, enrolled=await an_accepted_project(world))
    coach = await signed_in(coached.coach)
    early = await coach.send_form(f"/projects/{coached.project}/sessions/new", **fields())
    assert (early.status_code, "n’est pas encore signée" in early.text, "Relu le plan." in early.text) == (409, True, True)


async def test_another_coach_sees_dates_only(signed_in: Any) -> None:
    """domain.md 5.5: a coach reads the minutes of their own portfolio."""
    world = await the_programme()
    coached = await a_coached_project(world)
    await a_session(coached, participants="Ana et Bo")
    colleague = await signed_in(await a_coach(world.programme, "Nora"))
    shown = (await colleague.get(f"/projects/{coached.project}/sessions")).text
    assert "1 h 30" in shown
    for words in ("Relu l’enquête.", "Cinq entretiens", "Écrire le guide", "Ana et Bo", "L’équipe rappelle."):
        assert words not in shown


@pytest.mark.parametrize("who", ["instructor", "stranger"])
async def test_sessions_do_not_exist_for_others(signed_in: Any, who: str) -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    session = await a_session(coached)
    person = await an_instructor(world.programme) if who == "instructor" else await someone()
    browser = await signed_in(person)
    for path in (f"/projects/{coached.project}/sessions", f"/sessions/{session}/edit", f"/projects/{coached.project}/coaches"):
        assert (await browser.get(path)).status_code == 404


async def test_an_author_edits_from_the_list(signed_in: Any) -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    session = await a_session(coached, private_note="À moi")
    coach = await signed_in(coached.coach)
    form = await coach.get(f"/sessions/{session}/edit")
    assert "À moi" in form.text
    assert "Pourquoi cette correction" not in form.text
    edited = await coach.send_form(f"/sessions/{session}/edit", **fields(version="1", done="Mieux dit."))
    assert edited.status_code == 303
    stale = await coach.send_form(f"/sessions/{session}/edit", **fields(version="1", done="Trop tard."))
    assert (stale.status_code, "Mieux dit." in stale.text, "Trop tard." in stale.text) == (409, True, True)


async def test_a_manager_assigns_and_sees_the_load(signed_in: Any) -> None:
    world = await the_programme()
    enrolled = await an_active_enrolment(world)
    coach = await a_coach(world.programme)
    manager = await signed_in(enrolled.manager)
    path = f"/projects/{enrolled.project}/coaches"
    assert "0 projet en parcours" in (await manager.get(path)).text
    assert (await manager.send_form(path, coach=str(coach.id), is_lead="on", planned_days="4,5")).status_code == 303
    shown = (await manager.get(path)).text
    assert "1 projet en parcours" in shown
    assert "4,5" in shown
    again = await manager.send_form(path, coach=str(coach.id), is_lead="on")
    assert (again.status_code, "déjà référente" in again.text) == (409, True)


async def test_above_fifteen_projects_a_warning_stands_beside_the_name(signed_in: Any) -> None:
    """R31."""
    world = await the_programme()
    gathered = await a_cohort(world, await a_closed_call(world, places={"pre_incubation": 20}))
    coach = await a_coach(world.programme)
    last: Coached | None = None
    for number in range(16):
        if number == 15:
            before = await (await signed_in(gathered.manager)).get("/coaching")
            assert "Plus de 15 projets" not in before.text
        last = await a_coached_project(world, f"Projet {number}", gathered=gathered, coach=coach)
    assert last
    manager = await signed_in(gathered.manager)
    assert "charge élevée" in (await manager.get(f"/projects/{last.project}/coaches")).text
    assert "Plus de 15 projets" in (await manager.get("/coaching")).text


@pytest.mark.parametrize("projects_count", [1, 3])
async def test_a_portfolio_costs_the_same_for_one_project_and_for_three(
    signed_in: Any, statements: Any, projects_count: int
) -> None:
    world = await the_programme()
    gathered = await a_cohort(world, await a_closed_call(world))
    coach = await a_coach(world.programme)
    for number in range(projects_count):
        coached = await a_coached_project(world, f"Projet {number}", gathered=gathered, coach=coach)
        for _session in range(projects_count):
            await a_session(coached)
    browser = await signed_in(coach)
    for path, most in (("/coaching", 2), (f"/projects/{coached.project}/sessions", 5)):
        await browser.get(path)
        with statements() as seen:
            shown = await browser.get(path)
        assert (shown.status_code, len(seen)) == (200, most), [one.sql for one in seen]


async def test_a_portfolio_puts_the_project_left_alone_first(signed_in: Any) -> None:
    """R32."""
    world = await the_programme()
    at = now() - timedelta(days=40)
    gathered = await a_cohort(world, await a_closed_call(world, at=at), at=at)
    coach = await a_coach(world.programme)
    fine = await a_coached_project(world, "Allant", gathered=gathered, coach=coach, at=at)
    await a_session(fine)
    await a_coached_project(world, "Zone blanche", gathered=gathered, coach=coach, at=at)
    shown = (await (await signed_in(coach)).get("/coaching")).text
    assert shown.index("Zone blanche") < shown.index("Allant")
    assert "40 jours sans séance" in shown


async def test_nobody_follows_nothing(signed_in: Any) -> None:
    world = await the_programme()
    shown = await (await signed_in(await a_manager(world.programme))).get("/coaching")
    assert (shown.status_code, "Aucun projet suivi" in shown.text) == (200, True)
