"""Nonsense sent to everything a program may write: refused with the field's name, nothing written, never a fault."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import msgspec

from incubator.core.clock import now
from tests.hostile.conftest import Target, Watch
from tests.hostile.inputs import DOCUMENTS, HEADERS, NEVER_TAKEN, SELDOM_TAKEN
from tests.matrix import body_of
from tests.world.applications import a_draft_application
from tests.world.calls import a_call
from tests.world.people import someone
from tests.world.programmes import the_programme


def _writing(targets: list[Target]) -> list[Target]:
    return [target for target in targets if target.template.startswith("/api/") and target.method != "GET"]


async def _send(target: Target, body: bytes, headers: dict[str, str] | None = None) -> Any:
    sent = {"x-csrf-token": target.browser.token(), "content-type": "application/json"} | (headers or {})
    encoded = [(name.encode(), text.encode()) for name, text in sent.items()]
    return await target.browser.request(target.method, target.path, content=body, headers=encoded)


def _form(app: Any, target: Target) -> Any:
    data = app.app.route_handler_method_map[target.template][target.method].parsed_data_field
    return data and data.annotation


async def test_a_field_that_cannot_be_taken_is_named(app, built, targets, watch: Watch):
    for target in _writing(targets):
        form = _form(app, target)
        for field in msgspec.structs.fields(form) if form else ():
            known = body_of(app, target.method, target.template, built.ids)
            for name, literal in (NEVER_TAKEN | SELDOM_TAKEN).items():
                text = json.dumps({**known, field.name: "@"}).replace('"@"', literal)
                called = f"{target.method} {target.template} {field.name} = {name}"
                answer = await watch.send(called, lambda: _send(target, text.encode()), refused=name in NEVER_TAKEN)  # noqa: B023
                if name in NEVER_TAKEN and field.type is not Any:  # an answer may be anything: its question judges, below
                    watch.expect(f"{called}: not named", field.name in answer.json().get("errors", {}))
                if answer.status_code == 422:
                    problem = answer.json()
                    watch.expect(f"{called}: {problem}", all(problem["errors"].values()) or problem["detail"])
    assert watch.wrong == []
    assert watch.asked > 1000


async def test_an_answer_that_cannot_be_taken_is_named(db, signed_in, watch: Watch):
    """The same values as the answer to a question on one line: its question is named, and nothing is written."""
    world, me = await the_programme(), await someone()
    call = await a_call(world, opens_at=now() - timedelta(days=1), closes_at=now() + timedelta(days=9))
    application = await a_draft_application(call, me, at=now())
    browser = await signed_in(me)
    target = Target("PUT", "", f"/api/v1/applications/{application}/answers/1.2", browser)
    for name, literal in NEVER_TAKEN.items():
        answer = await watch.send(name, lambda: _send(target, b'{"value": ' + literal.encode() + b"}"), refused=True)  # noqa: B023
        problem = answer.json()
        watch.expect(f"{name}: {problem}", set(problem.get("errors", {})) & {"value", "1.2"})
    assert watch.wrong == []
    assert watch.asked == len(NEVER_TAKEN)


async def test_a_document_that_cannot_be_read_is_refused(app, targets, watch: Watch):
    for target in _writing(targets):
        for name, body in DOCUMENTS.items():
            called = f"{target.method} {target.template}: {name}"
            answer = await watch.send(called, lambda: _send(target, body), refused=bool(_form(app, target)))  # noqa: B023
            if answer.status_code >= 400:
                watch.expect(f"{called}: {answer.headers}", answer.headers["content-type"].startswith("application/problem+json"))
    assert watch.wrong == []
    assert watch.asked > 500


async def test_headers_do_not_matter_or_are_refused(app, built, targets, watch: Watch):
    for target in _writing(targets):
        body = json.dumps(body_of(app, target.method, target.template, built.ids)).encode()
        for name, headers in HEADERS.items():
            await watch.send(f"{target.method} {target.template}: {name}", lambda: _send(target, body, headers))  # noqa: B023
    assert watch.wrong == []


async def test_an_object_that_says_a_thing_twice_is_refused(db, signed_in):
    me = await signed_in(await someone())
    headers = {"x-csrf-token": me.token(), "content-type": "application/json"}
    answer = await me.post("/api/v1/projects", content=b'{"name": "Un", "name": "Deux"}', headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (422, "Ce document JSON est illisible.")
