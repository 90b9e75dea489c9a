"""What surrounds every request and answer: a request id, a nonce, a language, a deadline, the security headers, one log line."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Coroutine
from typing import Any

import structlog

from incubator.core.language import best_language, language
from incubator.core.settings import Settings

REQUEST_SECONDS = 8
ARRIVAL_SECONDS = 900  # a file on its way over a thin line, as long as something of it arrives every few seconds
FILES = (b"multipart/form-data", b"application/octet-stream")
log = structlog.get_logger("incubator.http")

_FIXED = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_BUSY = "Le service ne répond pas pour l’instant. Rien n’est perdu : réessayez dans quelques secondes."


class Envelope:
    """ASGI wrapper around the application; what it adds, it adds to every answer, errors and static files too."""

    def __init__(self, app: Any, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    def __getattr__(self, name: str) -> Any:
        return getattr(self.app, name)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["nonce"] = nonce = secrets.token_urlsafe(16)
        state["request_id"] = request_id = secrets.token_hex(8)
        headers = dict(scope["headers"])
        reading = language.set(best_language(headers.get(b"accept-language", b"").decode("latin-1")))
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        answer = _Answer(send, self._headers(scope["path"], nonce, request_id))
        try:
            arrival = _Arrival(receive, is_file=headers.get(b"content-type", b"").startswith(FILES))
            await _within_deadline(self.app(scope, arrival, answer), answer, arrival)
        finally:
            took = round((time.perf_counter() - started) * 1000, 1)
            log.info("request", method=scope["method"], route=_route(scope), status=answer.status, ms=took)
            structlog.contextvars.clear_contextvars()
            language.reset(reading)

    def _headers(self, path: str, nonce: str, request_id: str) -> list[tuple[bytes, bytes]]:
        policy = (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
        )
        headers = [*_FIXED, (b"content-security-policy", policy.encode()), (b"x-request-id", request_id.encode())]
        if self.settings.secure:
            headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
        if not path.startswith("/static/"):
            headers.append((b"cache-control", b"no-store"))
        return headers


class _Arrival:
    """`receive`, which remembers when something last came of a file."""

    def __init__(self, receive: Any, *, is_file: bool) -> None:
        self.receive = receive
        self.is_file = is_file
        self.started = self.last = time.perf_counter()

    async def __call__(self) -> Any:
        message = await self.receive()
        self.last = time.perf_counter()
        return message

    def seconds_left(self) -> float:
        """How long the answer may still take; 0 or less when it is late."""
        at = time.perf_counter()
        if not self.is_file:
            return self.started + REQUEST_SECONDS - at
        return min(self.last + REQUEST_SECONDS, self.started + ARRIVAL_SECONDS) - at


async def _within_deadline(work: Coroutine[Any, Any, None], answer: _Answer, arrival: _Arrival) -> None:
    """Let the application answer in time, else answer for it at once; its cleaning up (a frozen database) is not waited for."""
    task = asyncio.create_task(work)
    try:
        done: set[Any] = set()
        while not done and not answer.status and (left := arrival.seconds_left()) > 0:
            done, _late = await asyncio.wait({task}, timeout=left)
    except asyncio.CancelledError:
        task.cancel()
        raise
    if done or answer.status:  # an answer that has begun (an export) may take its time
        await task
        return
    await _busy(answer)
    answer.is_over = True
    task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
    task.cancel()


class _Answer:
    """`send`, with the headers added and the status remembered."""

    is_over = False

    def __init__(self, send: Any, headers: list[tuple[bytes, bytes]]) -> None:
        self.send = send
        self.headers = headers
        self.status = 0

    async def __call__(self, message: Any) -> None:
        if self.is_over:
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
            given = {name.lower() for name, _value in message["headers"]}
            added = [header for header in self.headers if header[0] not in given]
            message = message | {"headers": [*message["headers"], *added]}
        await self.send(message)


async def _busy(answer: _Answer) -> None:
    body = _BUSY.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"retry-after", b"5"),
        (b"content-length", str(len(body)).encode()),
    ]
    await answer({"type": "http.response.start", "status": 503, "headers": headers})
    await answer({"type": "http.response.body", "body": body})


def _route(scope: Any) -> str:
    """The route's template, never the address itself: addresses hold identifiers."""
    handler = scope.get("route_handler")
    paths = sorted(handler.paths) if handler is not None else ["-"]
    return str(paths[0])
