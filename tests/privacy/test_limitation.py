"""While someone of its team has limited the use of their data, a file is read by its team and by its manager alone (K06).

What the programme owes a project it already supports goes on: its place, its path, its sessions.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from incubator.core.clock import now
from incubator.core.database import execute, value
from incubator.privacy.actions.requests import answer, ask, lift_limitation
from incubator.privacy.actions.sweeping import sweep_private
from incubator.privacy.forms import AnswerForm, RequestForm
from incubator.privacy.queries.due import due
from incubator.privacy.rules.keeping import Keep
from incubator.privacy.tables import RequestKind
from tests.matrix import fill, routes
from tests.privacy.scanning import where_is
from tests.world.everyone import Built, everyone
from tests.world.people import someone
from tests.world.projects import a_member

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


async def test_nothing_of_them_is_erased_by_the_clock_while_it_lasts(db: None) -> None:
    """Who asks for it may need the data against us (RGPD, article 18): it is kept, though its time has passed."""
    built, at = await everyone(), now() + timedelta(days=5000)
    refused, manager = built.people["refused_holder"], built.people["manager"]
    programme = await value("SELECT programme FROM project WHERE id = $1", built.ids["project_id"])
    case = await ask(RequestForm(RequestKind.LIMITATION, "Je conteste la décision."), by=refused, at=now())
    assert [len(await due(keep, programme, at)) for keep in (Keep.REFUSED, Keep.VOTES)] == [1, 1]
    await answer(case, AnswerForm(True, "C’est fait."), by=manager, at=now())
    assert await due(Keep.REFUSED, programme, at) == []
    await execute("UPDATE letter SET state = 'sent'")
    told = "SELECT count(*) FROM letter WHERE to_email = $1"
    before = await value(told, refused.email)
    await sweep_private(at=at)
    assert (await value(told, refused.email), await value("SELECT count(*) FROM data_request")) == (before, 1)
    await lift_limitation(case, by=manager, at=at)
    assert len(await due(Keep.REFUSED, programme, at)) == 1
    await sweep_private(at=at)
    assert await value(told, refused.email) == 0


async def test_what_they_wrote_with_a_mate_who_asks_to_be_erased_stays_without_the_mate(db: None) -> None:
    """They left the team, and may still need against us what it wrote."""
    built, at = await everyone(), now()
    refused, manager = built.people["refused_holder"], built.people["manager"]
    project = await value("SELECT project FROM team_member WHERE account = $1", refused.id)
    mate = await someone("Lou Limitée")
    await a_member(project, mate.name, mate.email, by=refused)
    await execute("UPDATE team_member SET left_at = $2 WHERE account = $1", mate.id, at)
    await execute("UPDATE account SET limited_at = $2 WHERE id = $1", mate.id, at)
    case = await ask(RequestForm(RequestKind.ERASURE, confirmation=refused.email), by=refused, at=at)
    await answer(case, AnswerForm(True, "C’est fait."), by=manager, at=at)
    assert {"project", "deposit"} <= set(await where_is("Ondes de Brenne"))
    assert {"team_member", "deposit"} & set(await where_is(refused.name)) == set()


async def test_who_asks_to_be_erased_is_even_then(db: None) -> None:
    built, at = await everyone(), now()
    refused, manager = built.people["refused_holder"], built.people["manager"]
    await execute("UPDATE account SET limited_at = $2 WHERE id = $1", refused.id, at)
    case = await ask(RequestForm(RequestKind.ERASURE, confirmation=refused.email), by=refused, at=at)
    await answer(case, AnswerForm(True, "C’est fait."), by=manager, at=at)
    assert "account" not in await where_is(refused.email)
