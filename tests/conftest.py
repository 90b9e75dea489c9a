"""What tests stand on: a real PostgreSQL, the whole application, one transaction a test that is rolled back."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import logging
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from incubator.app import create_app
from incubator.core import database
from incubator.core.clock import now
from incubator.core.database import DB
from incubator.core.envelope import Envelope
from incubator.core.ids import new_id
from incubator.core.logging import configure_logging
from incubator.core.settings import Settings
from incubator.people.actions import open_session
from incubator.people.queries import Person
from tests.browser import chromium
from tests.database import CountingConnection, Statement, TestServer, sent
from tests.files import clamd

configure_logging("json", logging.ERROR)
FILES = tempfile.TemporaryDirectory(prefix="incubator-files-")
SETTINGS = Settings(
    secret_key="a secret that only tests know, 32+ characters",
    public_url="http://testserver",
    storage_url=Path(FILES.name).as_uri(),
)
os.environ["STORAGE_URL"] = SETTINGS.storage_url  # for the servers that tests start


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Without Chromium the browser's tests are left out, and the report says so; CI requires them."""
    return True if collection_path.name == "browser" and not chromium.PATH and not chromium.REQUIRED else None


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line for what was left out."""
    if not chromium.PATH and not chromium.REQUIRED:
        terminalreporter.write_line(chromium.LEFT_OUT, yellow=True)
    if not clamd.PATH and not clamd.REQUIRED:
        terminalreporter.write_line(clamd.LEFT_OUT, yellow=True)


class Rollback(Exception):
    """Ends a test's transaction."""


class Browser(httpx.AsyncClient):
    """A person at the screen: keeps cookies, and sends forms with the token the page would have."""

    secret = ""

    def token(self) -> str:
        """The form token of this session."""
        return hmac.new(SETTINGS.secret_key.encode(), f"{self.secret}\nform".encode(), hashlib.sha256).hexdigest()

    async def send_form(self, path: str, /, **fields: Any) -> httpx.Response:
        """Post a form; fields with dots are given by `**{"scores.x": 3}`; lists are repeated fields."""
        return await self.post(path, data={"csrf": self.token(), **fields})

    async def send_json(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Call the API as a page of ours would."""
        return await self.request(method, path, json=body, headers={"x-csrf-token": self.token(), **headers})


@pytest.fixture(scope="session")
def server() -> Iterator[TestServer]:
    """The database server."""
    started = TestServer()
    started.start()
    yield started
    started.stop()


@pytest.fixture(scope="session")
async def _pool(server: TestServer) -> AsyncIterator[str]:
    async with server.clone(f"test_{os.getpid()}") as dsn:
        await database.connect(dsn, connection_class=CountingConnection)
        yield dsn
        await database.disconnect()


@pytest.fixture(scope="session")
def app() -> Envelope:
    """The application, on whatever database is connected."""
    return create_app(SETTINGS, manage_database=False)


@pytest.fixture
async def db(_pool: str) -> AsyncIterator[None]:
    """One transaction for the whole test, rolled back at its end."""
    with contextlib.suppress(Rollback):
        async with DB.transaction() as transaction:
            transaction.owner = None  # fixture and test are different tasks of one context
            yield
            raise Rollback


@pytest.fixture
async def committed_db(server: TestServer, _pool: str) -> AsyncIterator[str]:
    """A database of this test's own, where acts commit and connections compete; its DSN."""
    shared = DB.pool
    async with server.clone(f"test_{os.getpid()}_{new_id().hex[:12]}") as dsn:
        await database.connect(dsn, pool_size=10, connection_class=CountingConnection)
        try:
            yield dsn
        finally:
            await database.disconnect()
            DB.pool = shared


def _browser(app: Envelope, secret: str) -> Browser:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    name = "session" if secret else "visit"
    made = Browser(transport=transport, base_url="http://testserver")
    made.secret = secret or "a visitor whose secret is long enough"
    made.cookies.set(name, made.secret)
    return made


@pytest.fixture
async def client(app: Envelope, _pool: str) -> AsyncIterator[Browser]:
    """A visitor who is not signed in."""
    async with _browser(app, "") as visitor:
        yield visitor


@pytest.fixture
async def signed_in(app: Envelope, _pool: str) -> AsyncIterator[Callable[[Person], Any]]:
    """`await signed_in(person)` gives that person's browser."""
    async with contextlib.AsyncExitStack() as stack:

        async def enter(person: Person) -> Browser:
            secret = await open_session(person.id, agent="test", is_staff=person.is_staff, at=now())
            return await stack.enter_async_context(_browser(app, secret))

        yield enter


@pytest.fixture
def statements() -> Callable[[], Any]:
    """`with statements() as seen:` collects what is sent to the database meanwhile."""

    @contextlib.contextmanager
    def watch() -> Iterator[list[Statement]]:
        start = len(sent)
        seen: list[Statement] = []
        try:
            yield seen
        finally:
            seen.extend(sent[start:])
            del sent[:]

    return watch
