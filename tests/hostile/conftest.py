"""One of everything, whom each route lets in, and what an answer to nonsense must be like."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import httpx
import pytest

from incubator.core.database import DB, column, value
from tests.matrix import Undo, declared, fill, routes
from tests.world.everyone import Built, everyone

SECONDS_MAX = 2
FIRST_ASKED = [
    "manager",
    "coach",
    "juror",
    "depositor",
    "member",
    "reader",
    "instructor",
    "refused_holder",
    "juror_unsigned",
    "stranger",
    "visitor",
]


class Target:
    """A route, somebody it lets in, and where it is."""

    def __init__(self, method: str, template: str, path: str, browser: Any) -> None:
        self.method, self.template, self.path, self.browser = method, template, path, browser


class Watch:
    """Sends, and remembers every answer that is not as it should be."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.asked = 0
        self.before: list[int] = []

    async def send(self, name: str, ask: Callable[[], Awaitable[httpx.Response]], *, refused: bool = False) -> httpx.Response:
        """Ask; a fault, a long wait, or something written by a refused request is wrong. What was written is taken back."""
        answer: httpx.Response | None = None
        with contextlib.suppress(Undo):
            async with DB.transaction():
                self.before = self.before or await self._rows()
                started = time.perf_counter()
                answer = await ask()
                took = time.perf_counter() - started
                if answer.status_code >= 400 and await self._something_written():
                    self.wrong.append(f"{name}: {answer.status_code}, and something was written")
                raise Undo
        assert answer is not None
        self.asked += 1
        if answer.status_code >= 500 or (refused and answer.status_code < 400):
            self.wrong.append(f"{name}: {answer.status_code}")
        if took > SECONDS_MAX:
            self.wrong.append(f"{name}: {took:.1f} s")
        return answer

    def expect(self, name: str, holds: object) -> None:
        """Remember what does not hold."""
        if not holds:
            self.wrong.append(name)

    async def _something_written(self) -> bool:
        """A failed read leaves a transaction that can only be undone."""
        try:
            return await self._rows() != self.before
        except asyncpg.InFailedSQLTransactionError:
            return False

    async def _rows(self) -> list[int]:
        return await column(await counting())


_SQL: list[str] = []


async def counting() -> str:
    """How many rows each table holds, but those of the map, and of the counters of tries that exist to be written."""
    if not _SQL:
        sql = (
            "SELECT string_agg(format('SELECT count(*) FROM %I', tablename), ' UNION ALL ' ORDER BY tablename) FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename NOT IN ('commune', 'throttle', 'migration')"
        )
        _SQL.append(str(await value(sql)))
    return _SQL[0]


@pytest.fixture
async def built(db: None) -> Built:
    return await everyone()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def targets(app: Any, built: Built, client: Any, signed_in: Any) -> list[Target]:
    """Each route with a person it lets in."""
    browsers = {"visitor": client} | {name: await signed_in(person) for name, person in built.people.items()}
    found, said = [], declared()
    for method, path in routes(app):
        row = said.get(f"{method} {path}", {})
        welcome = [name for name in FIRST_ASKED if row.get(name) in ("yes", "form")]
        if welcome and not path.startswith(("/static", "/health")):
            found.append(Target(method, path, fill(path, built.ids), browsers[welcome[0]]))
    return found
