"""Nonsense in addresses, queries, verbs and cookies, on every route."""

from __future__ import annotations

import re
from typing import Any

import httpx

from tests.hostile.conftest import Target, Watch
from tests.hostile.inputs import HEADERS, PARTS, QUERIES, VERBS


def _ask(target: Target, method: str, raw: str, headers: dict[str, str] | None = None) -> Any:
    """As written: no client's tidying of the address."""
    path, _mark, query = raw.partition("?")
    url = httpx.URL("http://testserver").copy_with(raw_path=path.encode() + (b"?" + query.encode() if query else b""))
    encoded = [(name.encode(), text.encode()) for name, text in (headers or {}).items()]
    return target.browser.request(method, url, headers=encoded)


async def test_queries(targets, watch: Watch):
    for target in targets:
        if target.method == "GET":
            for name, query in QUERIES.items():
                await watch.send(f"GET {target.template}: {name}", lambda: _ask(target, "GET", f"{target.path}?{query}"))  # noqa: B023
    assert watch.wrong == []
    assert watch.asked > 1000


async def test_parts_of_addresses(targets, watch: Watch):
    for target in targets:
        for part in PARTS if "{" in target.template else ():
            raw = re.sub(r"\{[^}]*\}", lambda _found: part, target.template)  # noqa: B023
            called = f"{target.method} {raw[:120]}"
            await watch.send(called, lambda: _ask(target, target.method, raw), refused=True)  # noqa: B023
    assert watch.wrong == []


async def test_verbs(targets, watch: Watch):
    for target in targets:
        for verb in VERBS:
            if verb != target.method:
                await watch.send(f"{verb} {target.template}", lambda: _ask(target, verb, target.path))  # noqa: B023
    assert watch.wrong == []


async def test_headers(targets, watch: Watch):
    for target in targets:
        if target.method == "GET":
            for name, headers in HEADERS.items():
                await watch.send(f"GET {target.template}: {name}", lambda: _ask(target, "GET", target.path, headers))  # noqa: B023
    assert watch.wrong == []


async def test_no_such_place(client, watch: Watch, db):
    for path in (
        "/" + "a" * 60_000,
        "/%00",
        "/static/%00",
        "/static/" + "a" * 300,
        "/static/..%2f..%2fetc%2fpasswd",
        "//evil.example",
        "/\\evil",
    ):
        target = Target("GET", path[:40], path, client)
        answer = await watch.send(f"GET {path[:40]}", lambda: _ask(target, "GET", path), refused=True)  # noqa: B023
        watch.expect(f"{path[:40]}: {answer.status_code}", answer.status_code in (400, 404))
    assert watch.wrong == []
