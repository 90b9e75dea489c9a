"""Pages of a path and of a cohort's board, through the whole application."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from incubator.core.clock import local_date, now
from incubator.core.database import value
from incubator.progress.actions.enrolments import decide_gate, suspend_enrolment
from incubator.progress.forms import GateForm, SuspensionForm
from incubator.progress.queries.boards import board
from incubator.progress.tables import GateOutcome, Moment
from tests.world.coaching import Coached, a_coached_project, a_session
from tests.world.cohorts import a_closed_call, a_cohort, an_accepted_project
from tests.world.people import a_coach, an_instructor, someone
from tests.world.programmes import the_programme
from tests.world.progress import a_diagnosis, a_submitted_deliverable, a_valid_deliverable, facts_of, milestone_of, ready_for_gate

pytestmark = pytest.mark.usefixtures("db")
AXES = ("need", "offer", "model", "governance", "team", "territory", "impact", "funding")


async def _href(coached: Coached, code: str) -> str:
    return f"/enrolments/{coached.enrolment}/milestones/{(await milestone_of(coached, code)).id}"


async def test_a_team_hands_in_and_its_coach_answers(signed_in: Any) -> None:
    coached = await a_coached_project(await the_programme())
    team, coach = await signed_in(coached.holder), await signed_in(coached.coach)
    href = await _href(coached, "L1")
    assert "Enregistrer sans remettre" in (await team.get(href)).text
    draft = await team.send_form(href, content="Un début.", link="", version="0")
    assert (draft.status_code, draft.headers["location"]) == (303, href)
    assert "Relire" not in (await coach.get(href)).text
    wrong = await team.send_form(href, content="Tout le plan.", link="http://non.fr", version="1", finished="on")
    assert (wrong.status_code, "https://" in wrong.text, "Tout le plan." in wrong.text) == (422, True, True)
    handed = await team.send_form(href, content="Tout le plan.", link="", version="1", finished="on")
    assert handed.headers["location"] == f"/projects/{coached.project}/path"
    shown = await coach.get(href)
    assert "Tout le plan." in shown.text
    silent = await coach.send_form(f"{href}/review", verdict="send_back", comment="", version="2")
    assert (silent.status_code, "ce qui est à reprendre" in silent.text) == (422, True)
    assert (await coach.send_form(f"{href}/review", verdict="validate", comment="Clair.", version="2")).status_code == 303
    late = await coach.send_form(f"{href}/review", verdict="validate", comment="", version="2")
    assert (late.status_code, "déjà validé par Colin Coach" in late.text) == (409, True)
    assert "Clair." in (await team.get(href)).text


async def test_a_stale_text_shows_both(signed_in: Any) -> None:
    coached = await a_coached_project(await the_programme())
    team = await signed_in(coached.holder)
    href = await _href(coached, "L1")
    await team.send_form(href, content="Le premier.", link="", version="0")
    stale = await team.send_form(href, content="Le second.", link="", version="0")
    assert (stale.status_code, "Le premier." in stale.text, "Le second." in stale.text) == (409, True, True)
    assert 'name="version" value="1"' in stale.text


async def test_a_waiver_asked_and_confirmed(signed_in: Any) -> None:
    coached = await a_coached_project(await the_programme())
    team, coach = await signed_in(coached.holder), await signed_in(coached.coach)
    href = await _href(coached, "L7")
    assert (await team.send_form(f"{href}/waiver", reason="Déjà des statuts.", version="0")).status_code == 303
    assert "Déjà des statuts." in (await coach.get(href)).text
    assert (await coach.send_form(f"{href}/waiver/answer", verdict="confirm_waiver", comment="", version="1")).status_code == 303
    assert "Confirmé par Colin Coach." in (await team.get(href)).text


async def test_a_path_says_late_in_words_and_what_to_do_next(signed_in: Any) -> None:
    at = now() - timedelta(days=31)
    coached = await a_coached_project(await the_programme(), at=at)
    await a_diagnosis(coached, coached.holder, Moment.ENTRY, at=at)
    team = (await (await signed_in(coached.holder)).get(f"/projects/{coached.project}/path")).text
    assert "En retard de 16 jours" in team
    assert "Remettre « Plan d’action de la pré-incubation »" in team
    coach = (await (await signed_in(coached.coach)).get(f"/projects/{coached.project}/path")).text
    assert "Faire le diagnostic d’entrée" in coach
    assert "Suspendre le parcours" in coach
    assert "Suspendre le parcours" not in team


async def test_a_path_does_not_exist_for_others(signed_in: Any) -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    href = await _href(coached, "L1")
    for person in (await someone(), await an_instructor(world.programme)):
        browser = await signed_in(person)
        for path in (f"/projects/{coached.project}/path", href, f"/enrolments/{coached.enrolment}/gate"):
            assert (await browser.get(path)).status_code == 404
        assert (await browser.send_form(href, content="x", link="", version="0")).status_code == 404


async def test_a_colleague_reads_and_does_nothing(signed_in: Any) -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    await a_submitted_deliverable(coached, "L1")
    browser = await signed_in(await a_coach(world.programme, "Nora"))
    href = await _href(coached, "L1")
    shown = await browser.get(href)
    assert (shown.status_code, "Valider" in shown.text) == (200, False)
    refused = await browser.send_form(f"{href}/review", verdict="validate", comment="", version="1")
    assert refused.status_code == 403


async def test_a_coach_suspends_and_a_manager_resumes(signed_in: Any) -> None:
    coached = await a_coached_project(await the_programme())
    coach, manager = await signed_in(coached.coach), await signed_in(coached.manager)
    path = f"/enrolments/{coached.enrolment}"
    future = (local_date(now()) + timedelta(days=2)).isoformat()
    wrong = await coach.send_form(f"{path}/suspension", from_on=future, reason="Congé.")
    assert (wrong.status_code, "aujourd’hui ou avant" in wrong.text, "Congé." in wrong.text) == (409, True, True)
    done = await coach.send_form(f"{path}/suspension", from_on=local_date(now()).isoformat(), reason="Congé.")
    assert done.status_code == 303
    assert "Reprendre aujourd’hui" in (await manager.get(f"{path}/suspension")).text
    assert (await manager.send_form(f"{path}/resumption")).status_code == 303


async def test_both_sides_diagnose_and_are_shown_side_by_side(signed_in: Any) -> None:
    coached = await a_coached_project(await the_programme())
    team, coach = await signed_in(coached.holder), await signed_in(coached.coach)
    path = f"/enrolments/{coached.enrolment}/diagnosis"
    levels = {f"levels.{axis}": "3" for axis in AXES}
    partial = await team.send_form(path, moment="entry", **{"levels.need": "4"})
    assert (partial.status_code, partial.text.count("Choisissez un niveau de 1 à 5.")) == (422, 14)
    assert (await team.send_form(path, moment="entry", **levels)).status_code == 303
    assert (await coach.send_form(path, moment="entry", **(levels | {"levels.need": "1"}))).status_code == 303
    shown = (await team.get(path)).text
    assert "L’équipe, à l’entrée" in shown
    assert "L’accompagnement, à l’entrée" in shown


async def test_a_gate_from_missing_to_passed(signed_in: Any) -> None:
    """R35."""
    coached = await a_coached_project(await the_programme())
    manager = await signed_in(coached.manager)
    path = f"/enrolments/{coached.enrolment}/gate"
    assert "Il manque 10 points pour passer" in (await manager.get(path)).text
    coach = await signed_in(coached.coach)
    assert (
        await coach.send_form(f"/enrolments/{coached.enrolment}/opinion", text="Prêt.", is_favourable="on")
    ).status_code == 303
    version = str((await facts_of(coached)).version)
    early = await manager.send_form(path, outcome="pass", reason="Allons.", version=version)
    assert (early.status_code, "« Étude de faisabilité »" in early.text) == (409, True)
    await ready_for_gate(coached)
    version = str((await facts_of(coached)).version)
    assert "Tout ce qu’il faut pour passer est réuni." in (await manager.get(path)).text
    passed = await manager.send_form(path, outcome="pass", reason="Allons.", version=version)
    assert passed.status_code == 303
    assert "Incubation" in (await manager.get(f"/projects/{coached.project}/path")).text


async def _late_cohort(projects_count: int) -> Coached:
    """A cohort that started sixty days ago, with one path of each kind first."""
    world = await the_programme()
    at = now() - timedelta(days=60)
    gathered = await a_cohort(world, await a_closed_call(world, at=at), at=at)
    coach = await a_coach(world.programme)
    for number in range(projects_count):
        coached = await a_coached_project(world, f"Projet {number}", gathered=gathered, coach=coach, at=at)
        await a_session(coached)
        await a_valid_deliverable(coached, "L1")
    return coached


@pytest.mark.parametrize("projects_count", [1, 3])
async def test_pages_cost_the_same_for_one_project_and_for_three(signed_in: Any, statements: Any, projects_count: int) -> None:
    coached = await _late_cohort(projects_count)
    browser = await signed_in(coached.manager)
    href = await _href(coached, "L1")
    paths = {f"/cohorts/{coached.enrolled.cohort}/board": 4, f"/projects/{coached.project}/path": 4, href: 4}
    for path, most in paths.items():
        await browser.get(path)
        with statements() as seen:
            shown = await browser.get(path)
        assert (shown.status_code, len(seen)) == (200, most), [one.sql for one in seen]
        assert max(one.rows for one in seen) <= 4


async def test_one_look_at_the_board_shows_who_is_late() -> None:
    world = await the_programme()
    at = now() - timedelta(days=60)
    gathered = await a_cohort(world, await a_closed_call(world, at=at), at=at)
    coach = await a_coach(world.programme)
    late = await a_coached_project(world, "Tardif", gathered=gathered, coach=coach, at=at)
    paused = await a_coached_project(world, "En pause", gathered=gathered, coach=coach, at=at)
    stopped = await a_coached_project(world, "Abandonné", gathered=gathered, coach=coach, at=at)
    fine = await a_coached_project(world, "À jour", gathered=gathered, coach=coach, at=at)
    await an_accepted_project(world, "Nouveau", gathered=gathered, at=at)
    for code in ("L1", "L2"):
        await a_valid_deliverable(fine, code, at=at)
    await a_session(fine)
    form = SuspensionForm(from_on=local_date(at), reason="Congé.")
    await suspend_enrolment(paused.enrolment, form, by=coach, at=at + timedelta(days=1))
    version = (await facts_of(stopped)).version
    stop = GateForm(outcome=GateOutcome.STOP, reason="L’équipe s’est séparée.", version=version, project_name="Abandonné")
    await decide_gate(stopped.enrolment, stop, by=gathered.manager, at=at + timedelta(days=2))
    found = await board(gathered.manager, gathered.cohort, local_date(now()))
    lines = {line.project_name: line for line in found.lines}
    assert (found.lines[0].project, found.lines[-1].project) == (late.project, stopped.project)
    assert {name: (line.late_count, line.thread[0].state) for name, line in lines.items()} == {
        "Tardif": (1, "late"),
        "En pause": (0, "now"),
        "Abandonné": (0, "stopped"),
        "À jour": (0, "now"),
        "Nouveau": (0, "next"),
    }
    assert (lines["Tardif"].is_idle, lines["À jour"].is_idle, lines["En pause"].is_idle) == (True, False, False)
    assert lines["Nouveau"].coach_name is None
    assert lines["À jour"].next_name == "Étude d’opportunité et de marché"


async def test_a_board_is_the_programmes_own(signed_in: Any) -> None:
    coached = await _late_cohort(1)
    elsewhere = await value(
        "INSERT INTO programme (id, code, name, carrier, description, contact_email, region, axis)"
        " SELECT gen_random_uuid(), 'ailleurs', 'Ailleurs', '', '', '', region, axis FROM programme LIMIT 1 RETURNING id"
    )
    stranger = await signed_in(await a_coach(elsewhere, "Ailleurs"))
    assert (await stranger.get(f"/cohorts/{coached.enrolled.cohort}/board")).status_code == 404
    shown = await (await signed_in(coached.coach)).get(f"/cohorts/{coached.enrolled.cohort}/board")
    assert (shown.status_code, "Un projet a un livrable en retard." in shown.text) == (200, False)
