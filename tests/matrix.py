"""Every route × every kind of person: what each one gets.

To declare new routes, remove matrix.toml, run tests/test_matrix.py to write what is, then judge every line.

Outcomes: `yes` (served, or not now: 409), `form` (422: let in as far as the form), `sign in`, `no` (403), `hidden` (404).
"""

from __future__ import annotations

import contextlib
import tomllib
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin
from uuid import UUID

import httpx
import msgspec

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


async def outcome(browser: Any, method: str, path: str, body: Any = None) -> str:
    """What this person gets; whatever was written is taken back."""
    answer: httpx.Response | None = None
    with contextlib.suppress(Undo):
        async with DB.transaction():
            answer = await _ask(browser, method, path, body)
            raise Undo
    assert answer is not None
    if answer.status_code == 401 or answer.headers.get("location", "").startswith(("/sign-in?", "/sign-up?")):
        return "sign in"
    if answer.status_code >= 500:
        return f"fault {answer.status_code}"
    return {403: "no", 404: "hidden", 400: "form", 422: "form"}.get(answer.status_code, "yes")


def body_of(app: Envelope, method: str, path: str, ids: dict[str, Any]) -> Any:
    """A small body that route understands, so that its answer is about rights and not about the form."""
    data = app.app.route_handler_method_map[path][method].parsed_data_field
    return None if data is None else _sample(data.annotation, "", ids)


def _sample(annotation: Any, name: str, ids: dict[str, Any]) -> Any:
    kind = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    origin = get_origin(kind) or kind
    if kind is UUID:
        return str(ids.get(f"{name}_id") or ids.get(name) or ids["project_id"])
    if isinstance(origin, type) and issubclass(origin, msgspec.Struct):
        return {f.encode_name: _sample(f.type, f.name, ids) for f in msgspec.structs.fields(origin) if f.required}
    if isinstance(origin, type) and issubclass(origin, Enum):
        return next(iter(origin)).value
    if origin in (list, tuple):
        return [_sample(get_args(kind)[0], name, ids)]
    plain = {bool: True, int: 1, str: "Un texte.", dict: {}, date: "2026-11-23", datetime: "2026-11-23T12:00:00+01:00"}
    return plain.get(origin, "1" if origin is Decimal else None)


async def _ask(browser: Any, method: str, path: str, body: Any) -> httpx.Response:
    if path.startswith("/api/"):
        return await browser.send_json(method, path, body)  # type: ignore[no-any-return]
    if method == "GET":
        return await browser.get(path)  # type: ignore[no-any-return]
    return await browser.send_form(path)  # type: ignore[no-any-return]


def written(matrix: Matrix) -> str:
    """The file's text."""
    lines = ["# Who gets what. Remove this file and run tests/test_matrix.py to write it anew; then judge every line.", ""]
    for route, row in matrix.items():
        lines.append(f'["{route}"]')
        lines += [f'"{person}" = "{got}"' for person, got in row.items()]
        lines.append("")
    return "\n".join(lines)
