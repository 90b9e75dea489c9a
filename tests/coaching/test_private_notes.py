"""R34: a private note is read by its author and the manager, and appears nowhere else, in any shape."""

from __future__ import annotations

from typing import Any

import pytest

from incubator.coaching.actions import assign_coach
from incubator.coaching.forms import AssignmentForm
from incubator.core.clock import now
from incubator.core.database import column
from incubator.people.queries import Person
from tests.world.coaching import Coached, a_coached_project, a_second_coach, a_session
from tests.world.people import a_coach, a_manager, an_instructor, someone
from tests.world.programmes import the_programme

pytestmark = pytest.mark.usefixtures("db")
CANARY = "canari-7f3a-prive"


async def _everything_about(coached: Coached, browser: Any) -> str:
    """Each page and each answer of the API a reader could try about this project."""
    project, cohort = coached.project, coached.enrolled.cohort
    session = (await column("SELECT id FROM support_session"))[0]
    paths = ["/", "/coaching", f"/projects/{project}", f"/projects/{project}/thread", "/cohorts", f"/cohorts/{cohort}"]
    paths += [f"/projects/{project}/{noun}" for noun in ("sessions", "sessions/new", "path", "coaches", "place", "agreement")]
    paths += [f"/cohorts/{cohort}/board", f"/sessions/{session}/edit", f"/enrolments/{coached.enrolment}/gate"]
    paths += [f"/enrolments/{coached.enrolment}/{noun}" for noun in ("diagnosis", "suspension")]
    paths += [f"/api/v1/projects/{project}/{noun}" for noun in ("sessions", "private-notes", "path", "coaches", "place")]
    paths += ["/api/v1/coaching", "/api/v1/cohorts", f"/api/v1/cohorts/{cohort}", f"/api/v1/cohorts/{cohort}/board"]
    answers = [await browser.get(path) for path in paths]
    assert all(answer.status_code < 500 for answer in answers), [(a.url, a.status_code) for a in answers]
    return "".join(answer.text for answer in answers)


async def _others(coached: Coached, programme: Any) -> dict[str, Person]:
    """Everyone who is neither the author nor the manager."""
    second = await a_coach(programme, "Nora Seconde")
    await a_second_coach(coached, second)
    return {
        "team": coached.holder,
        "second coach": second,
        "colleague": await a_coach(programme, "Coach ailleurs"),
        "instructor": await an_instructor(programme),
        "stranger": await someone(),
    }


async def test_a_private_note_never_leaves_its_two_readers(signed_in: Any) -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    await a_session(coached, private_note=f"Note {CANARY}")
    for role, person in (await _others(coached, world.programme)).items():
        assert CANARY not in await _everything_about(coached, await signed_in(person)), role
    for reader in (coached.coach, coached.manager):
        browser = await signed_in(reader)
        assert CANARY in (await browser.get(f"/projects/{coached.project}/sessions")).text
        assert CANARY in (await browser.get(f"/api/v1/projects/{coached.project}/private-notes")).text
        assert CANARY not in (await browser.get(f"/api/v1/projects/{coached.project}/sessions")).text


async def test_a_replaced_coach_keeps_their_own_notes_and_no_others(signed_in: Any) -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    await a_session(coached, private_note=f"Ancienne {CANARY}", done="Séance d’avant.")
    nora = await a_coach(world.programme, "Nora")
    await assign_coach(coached.project, AssignmentForm(coach=nora.id, is_lead=True), by=coached.manager, at=now())
    after = Coached(coached.enrolled, nora, coached.assignment)
    await a_session(after, private_note="Nouvelle note", done="Séance d’après.")
    old = (await (await signed_in(coached.coach)).get(f"/projects/{coached.project}/sessions")).text
    assert (CANARY in old, "Séance d’avant." in old, "Nouvelle note" in old, "Séance d’après." in old) == (
        True,
        True,
        False,
        False,
    )
    new = (await (await signed_in(nora)).get(f"/projects/{coached.project}/sessions")).text
    assert (CANARY in new, "Séance d’avant." in new, "Nouvelle note" in new) == (False, True, True)


async def test_no_letter_no_journal_no_other_table_holds_a_private_note(signed_in: Any) -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    await a_session(coached, private_note=f"Note {CANARY}")
    tables = await column(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    )
    holders = [
        table for table in tables if await column(f'SELECT 1 FROM "{table}" t WHERE t::text LIKE $1 LIMIT 1', f"%{CANARY}%")
    ]
    assert holders == ["private_note"]


async def test_the_manager_of_another_programme_reads_nothing(signed_in: Any) -> None:
    world = await the_programme()
    coached = await a_coached_project(world)
    await a_session(coached, private_note=f"Note {CANARY}")
    elsewhere = await column(
        "INSERT INTO programme (id, code, name, carrier, description, contact_email, region, axis)"
        " SELECT gen_random_uuid(), 'ailleurs', 'Ailleurs', '', '', '', region, axis FROM programme LIMIT 1 RETURNING id"
    )
    stranger = await signed_in(await a_manager(elsewhere[0]))
    assert CANARY not in await _everything_about(coached, stranger)
    assert (await stranger.get(f"/projects/{coached.project}/sessions")).status_code == 404
