"""The same request twice is one act: every creating call of the API, and parallel ones on a database that commits."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

import pytest

from incubator.core.clock import now
from incubator.core.database import DB, column, value
from tests.hostile.conftest import Target, built, counting, targets
from tests.matrix import Undo, body_of
from tests.world.applications import CVS, a_draft_application, whole_answers, write
from tests.world.calls import a_call
from tests.world.people import someone
from tests.world.programmes import the_programme
from tests.world.projects import a_project

__all__ = ["built", "targets"]
MANY = 100
FITTING = {
    "email": "nouvelle@exemple.fr",
    "code": "AAC-CVL-2031-1",
    "opens_at": "2031-01-01T08:00:00Z",
    "closes_at": "2031-02-01T08:00:00Z",
    "notify_on": "2031-06-01",
}


async def _twice(target: Target, body: Any, wrong: list[str]) -> int:
    """Send the same under one key, then another body under it; the status of the first."""
    called, key = f"{target.method} {target.template}", {"idempotency-key": "the same"}
    with contextlib.suppress(Undo):
        async with DB.transaction():
            first = await target.browser.send_json(target.method, target.path, body, **key)
            if first.status_code == 201:
                written = await column(await counting())
                again = await target.browser.send_json(target.method, target.path, body, **key)
                if (again.status_code, again.content, again.headers.get("idempotent-replay")) != (201, first.content, "true"):
                    wrong.append(f"{called}: {again.status_code} {again.text}")
                if await column(await counting()) != written:
                    wrong.append(f"{called}: done twice")
            raise Undo
    return first.status_code


async def test_a_creating_call_sent_twice_is_done_once(app, built, targets):
    wrong: list[str] = []
    statuses = {}
    for target in targets:
        handler = app.app.route_handler_method_map[target.template][target.method]
        if target.template.startswith("/api/") and handler.status_code == 201:
            sample = body_of(app, target.method, target.template, built.ids)
            body = sample and sample | {name: text for name, text in FITTING.items() if name in sample}
            statuses[target.template] = await _twice(target, body, wrong)
    assert wrong == []
    assert list(statuses.values()).count(201) >= 3, statuses


async def test_a_key_is_for_one_body(db, signed_in):
    await the_programme()
    me = await signed_in(await someone())
    first = await me.send_json("POST", "/api/v1/projects", {"name": "Repair’Bus"}, **{"idempotency-key": "k"})
    other = await me.send_json("POST", "/api/v1/projects", {"name": "Autre"}, **{"idempotency-key": "k"})
    assert (first.status_code, other.status_code) == (201, 409)
    assert other.json()["detail"] == "Cette clé a déjà servi pour une autre demande."


@pytest.mark.parametrize("by_page", [True, False])
async def test_a_hundred_identical_creations_make_one_project(committed_db, signed_in, by_page):
    await the_programme()
    me = await signed_in(await someone())
    fields = {"name": "Repair’Bus", "summary": "", "commune_text": "", "programme": "", "next": "", "once": "one form"}
    asked = [
        me.send_form("/projects/new", **fields)
        if by_page
        else me.send_json("POST", "/api/v1/projects", {"name": "Repair’Bus"}, **{"idempotency-key": "k"})
        for _number in range(MANY)
    ]
    answers = await asyncio.gather(*asked)
    assert {answer.status_code for answer in answers} == {303 if by_page else 201}
    assert len({answer.headers.get("location") or answer.text for answer in answers}) == 1
    assert await value("SELECT count(*) FROM project") == 1
    assert await value("SELECT count(*) FROM journal_entry WHERE verb = 'project.created'") == 1


@pytest.mark.parametrize("by_page", [True, False])
async def test_a_hundred_identical_deposits_make_one_deposit(committed_db, signed_in, by_page):
    world, at = await the_programme(), now()
    call = await a_call(world, opens_at=at - timedelta(days=9), closes_at=at + timedelta(days=9))
    holder = await someone()
    project = await a_project(holder, world.programme, "Repair’Bus", commune="37261", at=at - timedelta(days=2))
    application = await a_draft_application(call, holder, project, at=at - timedelta(days=1))
    answers = whole_answers(name="Repair’Bus", phase="pre_incubation", commune="37261") | CVS
    await write(application, answers, by=holder, at=at - timedelta(hours=1))
    me = await signed_in(holder)
    page = f"/applications/{application}/deposit"
    asked = [
        me.send_form(page, once="one form") if by_page else me.send_json("POST", f"/api/v1{page}", {}, **{"idempotency-key": "k"})
        for _number in range(MANY)
    ]
    got = await asyncio.gather(*asked)
    assert {answer.status_code for answer in got} == {303 if by_page else 201}
    assert len({answer.headers.get("location") or answer.text for answer in got}) == 1
    assert await value("SELECT count(*) FROM deposit") == 1
    assert await value("SELECT count(*) FROM letter WHERE kind = 'applications.receipt'") == 1
