"""What a JSON handler needs: clean bodies, problem details, idempotency keys, versions in If-Match."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn, TypeVar
from uuid import UUID

import msgspec
from litestar import Request, Response

from incubator.core.clock import now
from incubator.core.errors import Invalid
from incubator.core.forms import from_json
from incubator.core.language import _
from incubator.core.once import once
from incubator.core.pages import owner_of

T = TypeVar("T")

DEPTH_MAX = 32
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


class Created(msgspec.Struct, frozen=True):
    """The id of what was created or changed."""

    id: UUID


class Saved(msgspec.Struct, frozen=True):
    """The version to send with the next change."""

    version: int


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """RFC 9457 problem details; `errors` holds one sentence a field, `stored` the texts someone else saved meanwhile."""

    title: str
    status: int
    detail: str
    instance: str = ""
    errors: dict[str, str] = {}
    stored: dict[str, str] = {}
    version: int | None = None


async def clean_body(request: Request[Any, Any, Any]) -> None:
    """Before a JSON handler runs: refuse what is not decent JSON, clean every text, tell every wrong field at once."""
    wanted = request.route_handler.parsed_data_field
    if wanted is None:
        return
    sent = read_json(await request.body())
    form = from_json(wanted.annotation, _with_version(request, wanted.annotation, sent))
    cleaned = msgspec.json.encode(form)
    request._body = cleaned
    request._connection_state.body = cleaned


def read_json(body: bytes) -> Any:
    """The document; nothing sent is an empty object, whose missing fields are then named. Raises `Invalid`."""
    if not body.strip():
        return {}
    if _depth(body) > DEPTH_MAX:
        raise Invalid({}, _("Ce document JSON est trop profond."))
    try:
        return json.loads(body.decode(), object_pairs_hook=_unique, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Invalid({}, _("Ce document JSON est illisible.")) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are told once: of two readers, one would take the first and the other the last."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_number(_text: str) -> NoReturn:
    raise ValueError


def _with_version(request: Request[Any, Any, Any], into: type[msgspec.Struct], sent: Any) -> Any:
    """The version named by `If-Match`, for a form that has one and a body that does not say it."""
    if not isinstance(sent, dict) or "version" not in into.__struct_fields__:
        return sent
    version = version_of(request)
    if version is None:
        return sent
    if sent.get("version", version) != version:
        raise Invalid({"version": _("La version du document et celle de If-Match diffèrent.")})
    return sent | {"version": version}


def _depth(body: bytes) -> int:
    """How deep brackets nest outside strings; cheap, before any parser recurses."""
    depth = deepest = 0
    for bracket in _STRINGS.sub(b"", body).translate(None, _NOT_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


async def create(request: Request[Any, Any, Any], act: Callable[[], Awaitable[T]]) -> Response[T]:
    """Answer 201 with what the act returns; the same `Idempotency-Key` from the same person gets the same answer."""

    async def answer() -> str:
        return msgspec.json.encode(await act()).decode()

    key = request.headers.get("idempotency-key")
    body, replayed = await once(owner_of(request), key, request.url.path, await request.body(), answer, at=now())
    headers = {"Idempotent-Replay": "true"} if replayed else {}
    made: Response[Any] = Response(body.encode(), status_code=201, media_type="application/json", headers=headers)
    return made


def version_of(request: Request[Any, Any, Any]) -> int | None:
    """The version named by `If-Match: "3"`, or None. Raises `Invalid` when it is no version."""
    given = request.headers.get("if-match")
    if given is None:
        return None
    number = given.strip().removeprefix("W/").strip('"')
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise Invalid({"If-Match": _('Donnez le numéro de version lu, par exemple "3".')})
    return int(number)
