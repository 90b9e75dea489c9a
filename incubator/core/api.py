"""What a JSON handler needs: clean bodies, problem details, idempotency keys, versions in If-Match."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from litestar import Request, Response

from incubator.core.clock import now
from incubator.core.errors import Invalid
from incubator.core.forms import from_json
from incubator.core.language import _
from incubator.core.once import once
from incubator.core.pages import owner_of

DEPTH_MAX = 32
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """RFC 9457 problem details; `errors` holds one sentence a field."""

    title: str
    status: int
    detail: str
    instance: str = ""
    errors: dict[str, str] = {}


async def clean_body(request: Request[Any, Any, Any]) -> None:
    """Before a JSON handler runs: refuse what is not decent JSON, clean every text, tell every wrong field at once."""
    body = await request.body()
    if not body:
        return
    wanted = request.route_handler.parsed_data_field
    if _depth(body) > DEPTH_MAX:
        raise Invalid({}, _("Ce document JSON est trop profond."))
    try:
        sent = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid({}, _("Ce document JSON est illisible.")) from None
    if wanted is None or not isinstance(wanted.annotation, type) or not issubclass(wanted.annotation, msgspec.Struct):
        return
    form = from_json(wanted.annotation, sent)
    cleaned = msgspec.json.encode(form)
    request._body = cleaned
    request._connection_state.body = cleaned


def _depth(body: bytes) -> int:
    """How deep brackets nest outside strings; cheap, before any parser recurses."""
    depth = deepest = 0
    for bracket in _STRINGS.sub(b"", body).translate(None, _NOT_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


async def create(request: Request[Any, Any, Any], act: Callable[[], Awaitable[Any]]) -> Response[bytes]:
    """Answer 201 with what the act returns; the same `Idempotency-Key` from the same person gets the same answer."""

    async def answer() -> str:
        return msgspec.json.encode(await act()).decode()

    key = request.headers.get("idempotency-key")
    body, replayed = await once(owner_of(request), key, request.url.path, await request.body(), answer, at=now())
    headers = {"Idempotent-Replay": "true"} if replayed else {}
    return Response(body.encode(), status_code=201, media_type="application/json; charset=utf-8", headers=headers)


def version_of(request: Request[Any, Any, Any]) -> int | None:
    """The version named by `If-Match: "3"`, or None. Raises `Invalid` when it is no version."""
    given = request.headers.get("if-match")
    if given is None:
        return None
    number = given.strip().removeprefix("W/").strip('"')
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise Invalid({"If-Match": _('Donnez le numéro de version lu, par exemple "3".')})
    return int(number)
