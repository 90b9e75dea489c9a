"""A change names the version that was read, in its body or in If-Match; the second saver sees both texts."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest

from incubator.core.clock import local_date, now
from tests.hostile.conftest import built

__all__ = ["built"]
SESSION = {
    "held_on": str(local_date(now())),
    "duration_minutes": 60,
    "kind": "diagnosis",
    "done": "Mon texte",
    "no_next_reason": "Dernière séance.",
}


@pytest.fixture
async def changes(built, signed_in) -> list[tuple[str, Any, str, dict[str, Any]]]:
    """What people change: its name, their browser, its address, what they send."""
    ids, people = built.ids, built.people
    depositor, coach, manager = [await signed_in(people[name]) for name in ("depositor", "coach", "manager")]
    milestone = f"/api/v1/enrolments/{ids['enrolment_id']}/milestones/{ids['milestone_id']}"
    return [
        ("project", depositor, f"/api/v1/projects/{ids['project_id']}", {"name": "Mon texte"}),
        ("session", coach, f"/api/v1/sessions/{ids['session_id']}", SESSION),
        ("deliverable", depositor, milestone, {"content": "Mon texte"}),
        ("call", manager, f"/api/v1/calls/{ids['code']}", {}),
    ]


async def test_if_match_stands_for_the_version(changes):
    for name, browser, address, body in changes[:3]:
        first = 0 if name == "deliverable" else 1
        saved = await browser.send_json("PUT", address, body, **{"if-match": f'"{first}"'})
        assert saved.status_code in (200, 204), (name, saved.text)
        mine = {key: "L’autre texte" if text == "Mon texte" else text for key, text in body.items()}
        stale = await browser.send_json("PUT", address, mine, **{"if-match": f'W/"{first}"'})
        assert stale.status_code == 409, (name, stale.text)
        problem = stale.json()
        assert stale.headers["content-type"].startswith("application/problem+json")
        assert problem["version"] == first + 1, name
        assert "Mon texte" in problem["stored"].values(), (name, problem)


async def test_two_versions_that_differ_are_refused(changes):
    for _name, browser, address, body in changes[:3]:
        answer = await browser.send_json("PUT", address, {**body, "version": 1}, **{"if-match": '"2"'})
        assert answer.status_code == 422
        assert answer.json()["errors"] == {"version": "La version du document et celle de If-Match diffèrent."}


async def test_no_version_at_all_is_asked_for(changes):
    _name, browser, address, body = changes[0]
    answer = await browser.send_json("PUT", address, body)
    assert (answer.status_code, answer.json()["errors"]) == (422, {"version": "Ce champ est obligatoire."})


@pytest.mark.parametrize("given", ['"trois"', "*", '"-1"', '"99999999999"', ""])
async def test_a_version_that_is_none_is_refused(changes, given):
    _name, browser, address, body = changes[0]
    answer = await browser.send_json("PUT", address, body, **{"if-match": given})
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["If-Match"])


async def test_pages_show_both_texts(built, signed_in):
    project = built.ids["project_id"]
    browser = await signed_in(built.people["depositor"])
    first = {"name": "Un premier nom", "summary": "", "commune": "37261", "commune_text": "Tours", "version": "1"}
    assert (await browser.send_form(f"/projects/{project}/edit", **first)).status_code == 303
    late = await browser.send_form(f"/projects/{project}/edit", **first | {"name": "Un second nom"})
    assert late.status_code == 409
    assert "Texte enregistré entre-temps : Un premier nom" in unescape(late.text).replace("\xa0", " ").replace("\u202f", " ")
    assert 'value="Un second nom"' in late.text
