"""How many statements a job sends and how many rows it fetches: the application in this process, one request."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import msgspec

from benchmarks.client import Answer
from benchmarks.filling import World
from benchmarks.jobs import Job
from benchmarks.lanes import Lane
from benchmarks.visitors import SECRET_KEY, Visitors
from incubator.app import create_app
from incubator.core import database
from incubator.core.clock import now
from incubator.core.logging import configure_logging
from incubator.core.settings import Settings

_ENDS = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")


class Sent(msgspec.Struct, frozen=True):
    """What one turn of a job asked of the database; transactions' own words are not counted."""

    statements: int
    rows: int
    transactions: int


class _Seen:
    statements = rows = transactions = 0
    texts: list[str] = []  # noqa: RUF012 - emptied for each job


class _Counting(asyncpg.Connection):  # type: ignore[misc]
    """Counts what it is given."""

    async def _execute(self, query: str, *args: Any, **options: Any) -> Any:
        result = await super()._execute(query, *args, **options)
        self._count(query, len(result) if isinstance(result, list) else 0)
        return result

    async def execute(self, query: str, *args: Any, **options: Any) -> str:
        if not args:
            if query.upper().startswith(_ENDS):
                _Seen.transactions += query.upper().startswith("BEGIN")
            else:
                self._count(query, 0)
        return str(await super().execute(query, *args, **options))

    def cursor(self, query: str, *args: Any, **options: Any) -> Any:
        self._count(query, 0)
        return super().cursor(query, *args, **options)

    @staticmethod
    def _count(query: str, rows: int) -> None:
        _Seen.statements += 1
        _Seen.rows += rows
        _Seen.texts.append(query)


class _InProcess:
    """Stands where `Connection` stands: asks the application itself."""

    def __init__(self, browser: httpx.AsyncClient) -> None:
        self.browser = browser

    async def ask(self, request: bytes) -> Answer:
        head, _mark, body = request.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        method, path, _version = first.split(" ")
        headers = dict(line.split(": ", 1) for line in lines)
        headers.pop("Content-Length", None)
        answer = await self.browser.request(method, path, headers=headers, content=body)
        return Answer(answer.status_code, _raw(answer), answer.content)


def _raw(answer: httpx.Response) -> bytes:
    lines = "".join(f"{name.lower()}: {value}\r\n" for name, value in answer.headers.multi_items())
    return f"HTTP/1.1 {answer.status_code}\r\n{lines}".encode()


@asynccontextmanager
async def counted(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """The application on that world's database."""
    configure_logging("json", logging.ERROR)
    await database.connect(world.dsn, pool_size=2, connection_class=_Counting)
    await database.execute("UPDATE session SET seen_at = $1", now())  # said once a minute: not what a job costs
    settings = Settings(secret_key=SECRET_KEY, public_url="http://127.0.0.1", storage_url=world.storage)
    transport = httpx.ASGITransport(app=create_app(settings, manage_database=False))
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as browser:
            yield browser
    finally:
        await database.disconnect()


async def count_sent(job: Job, world: World, visitors: Visitors, browser: httpx.AsyncClient) -> tuple[Sent, list[str]]:
    """One turn of a job after a first one that warmed it; what it sent, and the texts."""
    lane = Lane(_InProcess(browser), 0, 80, world, visitors)
    once = job.lane(lane)
    await once()
    _Seen.statements = _Seen.rows = _Seen.transactions = 0
    _Seen.texts.clear()
    await once()
    return Sent(_Seen.statements, _Seen.rows, _Seen.transactions), list(_Seen.texts)


async def statements_of(made: Callable[[Any], Callable[[], Awaitable[None]]], browser: httpx.AsyncClient) -> int:
    """The statements of one act after a first one that warmed it; `made`: the act, over what asks the application."""
    act = made(_InProcess(browser))
    await act()
    _Seen.statements = 0
    await act()
    return _Seen.statements
