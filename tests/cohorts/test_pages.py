"""Pages of cohorts, places and agreements, through the whole application."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from incubator.cohorts.queries import agreement_of, place_of
from incubator.core.clock import local_date, now
from tests.world.cohorts import a_closed_call, a_cohort, a_published_decision, an_accepted_project, an_active_enrolment
from tests.world.people import a_manager, someone
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")


async def test_staff_create_a_cohort_from_the_list(signed_in: Any) -> None:
    world = await the_programme()
    call = await a_closed_call(world)
    await a_published_decision(world, call)
    browser = await signed_in(await a_manager(world.programme))
    listed = await browser.get("/cohorts")
    assert f"/calls/{call.code}/cohort" in listed.text
    wrong = await browser.send_form(f"/calls/{call.code}/cohort", name="", starts_on="31/02/2027")
    assert wrong.status_code == 422
    assert "Cette date n’existe pas" in wrong.text
    made = await browser.send_form(f"/calls/{call.code}/cohort", name="Printemps", starts_on=local_date(now()).isoformat())
    assert made.status_code == 303
    shown = await browser.get(made.headers["location"])
    assert "Printemps" in shown.text
    assert "Réponse attendue" in shown.text


async def test_a_cohort_does_not_exist_for_who_is_not_staff(signed_in: Any) -> None:
    world = await the_programme()
    enrolled = await an_accepted_project(world)
    browser = await signed_in(enrolled.holder)
    for path in ("/cohorts", f"/cohorts/{enrolled.cohort}", f"/cohorts/{enrolled.cohort}/board"):
        assert (await browser.get(path)).status_code == 404


async def test_a_team_accepts_then_signs_on_its_pages(signed_in: Any) -> None:
    world = await the_programme()
    call = await a_closed_call(world)
    decided = await a_published_decision(world, call, conditions="Rencontrer deux élus.")
    await a_cohort(world, call)
    browser = await signed_in(decided.holder)
    offered = await browser.get(f"/projects/{decided.project}/place")
    assert "Accepter la place" in offered.text
    assert "Rencontrer deux élus." in offered.text
    accepted = await browser.send_form(f"/projects/{decided.project}/place/acceptance")
    assert (accepted.status_code, accepted.headers["location"]) == (303, f"/projects/{decided.project}/agreement")
    agreement = await agreement_of(await place_of(decided.holder, decided.project))
    assert agreement
    unread = await browser.send_form(f"/projects/{decided.project}/agreement", text_hash=agreement.text_hash)
    assert (unread.status_code, "Cochez cette case" in unread.text) == (422, True)
    signed = await browser.send_form(f"/projects/{decided.project}/agreement", text_hash=agreement.text_hash, agreed="on")
    assert signed.status_code == 303
    again = await browser.send_form(f"/projects/{decided.project}/agreement", text_hash=agreement.text_hash, agreed="on")
    assert (again.status_code, "a déjà signé" in again.text) == (409, True)


async def test_accepting_twice_says_why_not(signed_in: Any) -> None:
    world = await the_programme()
    enrolled = await an_accepted_project(world)
    browser = await signed_in(enrolled.holder)
    again = await browser.send_form(f"/projects/{enrolled.project}/place/acceptance")
    assert (again.status_code, "déjà acceptée" in again.text) == (409, True)


async def test_a_team_gives_its_place_back(signed_in: Any) -> None:
    world = await the_programme()
    enrolled = await an_accepted_project(world)
    browser = await signed_in(enrolled.holder)
    assert "Rendre la place" in (await browser.get(f"/projects/{enrolled.project}/place")).text
    gone = await browser.send_form(f"/projects/{enrolled.project}/place/withdrawal", reason="Un emploi.")
    assert gone.status_code == 303
    assert "Cette place a été rendue" in (await browser.get(f"/projects/{enrolled.project}/place")).text


async def test_a_place_is_hidden_from_strangers(signed_in: Any) -> None:
    world = await the_programme()
    enrolled = await an_accepted_project(world)
    stranger = await signed_in(await someone())
    for path in ("place", "agreement"):
        assert (await stranger.get(f"/projects/{enrolled.project}/{path}")).status_code == 404
    assert (await stranger.send_form(f"/projects/{enrolled.project}/place/acceptance")).status_code == 404


async def test_the_waiting_list_sees_its_rank(signed_in: Any) -> None:
    world = await the_programme()
    call = await a_closed_call(world)
    waiting = await a_published_decision(world, call, rank=3)
    await a_cohort(world, call)
    shown = await (await signed_in(waiting.holder)).get(f"/projects/{waiting.project}/place")
    assert "au rang 3" in shown.text
    assert "Accepter la place" not in shown.text


async def test_staff_release_resize_and_offer(signed_in: Any) -> None:
    world = await the_programme()
    call = await a_closed_call(world, places={"pre_incubation": 1}, at=now() - timedelta(days=40))
    silent = await a_published_decision(world, call, "Muet", at=now() - timedelta(days=20))
    first = await a_published_decision(world, call, "Premier", rank=1, at=now() - timedelta(days=20))
    second = await a_published_decision(world, call, "Second", rank=2, at=now() - timedelta(days=20))
    gathered = await a_cohort(world, call, at=now() - timedelta(days=20))
    browser = await signed_in(gathered.manager)
    page = f"/cohorts/{gathered.cohort}"
    assert "Libérer la place" in (await browser.get(page)).text
    assert (await browser.send_form(f"{page}/releases/{silent.decision}")).status_code == 303
    assert (await place_of(first.holder, first.project)).state == "offered"
    phase = world.phases["pre_incubation"]
    assert (await browser.send_form(f"{page}/offers/{phase}")).status_code == 409
    assert (await browser.send_form(f"{page}/capacities/{phase}", places_count="2")).status_code == 303
    assert (await browser.send_form(f"{page}/offers/{phase}")).status_code == 303
    assert (await place_of(second.holder, second.project)).state == "offered"
    too_many = await browser.send_form(f"{page}/capacities/{phase}", places_count="9999")
    assert (too_many.status_code, "entre 0 et 500" in too_many.text) == (422, True)


@pytest.mark.parametrize("projects_count", [1, 3])
async def test_lists_cost_the_same_for_one_row_and_for_three(signed_in: Any, statements: Any, projects_count: int) -> None:
    world = await the_programme()
    gathered = await a_cohort(world, await a_closed_call(world))
    for number in range(projects_count):
        await an_active_enrolment(world, f"Projet {number}", gathered=gathered)
    browser = await signed_in(gathered.manager)
    for path, most in (("/cohorts", 3), (f"/cohorts/{gathered.cohort}", 4)):
        await browser.get(path)
        with statements() as seen:
            shown = await browser.get(path)
        assert shown.status_code == 200
        assert len(seen) == most, [one.sql for one in seen]
