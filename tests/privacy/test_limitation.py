"""While someone of its team has limited the use of their data, a file is read by its team and by its manager alone (K06).

What the programme owes a project it already supports goes on: its place, its path, its sessions.
"""

from __future__ import annotations

import pytest

from incubator.core.database import execute
from tests.matrix import fill, routes
from tests.world.everyone import Built, everyone

WORDS = ("Repair’Bus", "Repair&#39;Bus", "Dora Dépôt", "Mina Membre")
SUPPORTED = ("/place", "/agreement", "/path", "/sessions", "/coaches", "/decision", "/cohorts/", "/coaching", "/enrolments/")
AFTER_SELECTION = ("/ranking", "/assessments", "assessments.csv")  # once published, figures and decisions stay


@pytest.fixture
async def limited(db: None) -> Built:
    built = await everyone()
    await execute("UPDATE account SET limited_at = now() WHERE id = $1", built.people["depositor"].id)
    return built


def _is_of_the_file(path: str) -> bool:
    of_others = ("openapi", "/home", "/data", *SUPPORTED, *AFTER_SELECTION)
    return path != "/" and not any(word in path for word in of_others)


@pytest.mark.parametrize("name", ["juror", "coach", "other_coach", "instructor"])
async def test_no_page_of_the_file_tells_the_others_anything(limited: Built, app, signed_in, name: str) -> None:
    browser = await signed_in(limited.people[name])
    told = {}
    for method, path in routes(app):
        if method == "GET" and _is_of_the_file(path):
            answer = await browser.get(fill(path, limited.ids))
            if answer.status_code == 200 and (found := [word for word in WORDS if word in answer.text]):
                told[path] = found
    assert told == {}


async def test_staff_change_nothing_of_it_either(limited: Built, signed_in) -> None:
    browser = await signed_in(limited.people["coach"])
    project = f"/api/v1/projects/{limited.ids['project_id']}"
    assert (await browser.send_json("PUT", project, {"name": "Autre", "version": 1})).status_code == 404


async def test_its_team_and_its_manager_go_on_reading(limited: Built, signed_in) -> None:
    for name in ("depositor", "member", "manager"):
        browser = await signed_in(limited.people[name])
        assert (await browser.get(f"/projects/{limited.ids['project_id']}")).status_code == 200
