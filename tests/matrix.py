"""Every route × every kind of person: what each one gets. `python -m tests.matrix` writes what is; a reader judges it; a test holds it.

Outcomes: `yes` (served, or the form was understood and something is missing in it), `sign in`, `no` (403), `hidden` (404).
"""

from __future__ import annotations

import contextlib
import tomllib
from pathlib import Path
from typing import Any

import httpx

from incubator.core.database import DB
from incubator.core.envelope import Envelope

FILE = Path(__file__).parent / "matrix.toml"
Matrix = dict[str, dict[str, str]]


class Undo(Exception):
    """Takes back what a request wrote."""


def declared() -> Matrix:
    """What the file says: route → person → outcome."""
    with FILE.open("rb") as file:
        return tomllib.load(file)


def routes(app: Envelope) -> list[tuple[str, str]]:
    """(method, path) of everything that is served."""
    return [
        (method, path)
        for path, handlers in sorted(app.app.route_handler_method_map.items())
        for method in sorted(handlers)
        if method != "OPTIONS"
    ]


def fill(path: str, ids: dict[str, Any]) -> str:
    """The path with the identifiers of the world. A name that means two things is told apart by what stands before it."""
    parts = []
    for part in path.split("/"):
        if part.startswith("{"):
            name = part.strip("{}").split(":")[0]
            parts.append(str(ids.get(f"{parts[-1]}/{name}", ids.get(name))))
        else:
            parts.append(part)
    return "/".join(parts)


async def outcome(browser: Any, method: str, path: str) -> str:
    """What this person gets; whatever was written is taken back."""
    answer: httpx.Response | None = None
    with contextlib.suppress(Undo):
        async with DB.transaction():
            answer = await _ask(browser, method, path)
            raise Undo
    assert answer is not None
    if answer.status_code == 401 or answer.headers.get("location", "").startswith("/sign-in?"):
        return "sign in"
    if answer.status_code >= 500:
        return f"fault {answer.status_code}"
    return {403: "no", 404: "hidden"}.get(answer.status_code, "yes")


async def _ask(browser: Any, method: str, path: str) -> httpx.Response:
    if path.startswith("/api/"):
        body = None if method == "GET" else {}
        return await browser.send_json(method, path, body)  # type: ignore[no-any-return]
    if method == "GET":
        return await browser.get(path)  # type: ignore[no-any-return]
    return await browser.send_form(path)  # type: ignore[no-any-return]


def written(matrix: Matrix) -> str:
    """The file's text."""
    lines = ["# Who gets what. Written by `python -m tests.matrix`, read by people, held by tests/test_matrix.py.", ""]
    for route, row in matrix.items():
        lines.append(f'["{route}"]')
        lines += [f'"{person}" = "{got}"' for person, got in row.items()]
        lines.append("")
    return "\n".join(lines)
