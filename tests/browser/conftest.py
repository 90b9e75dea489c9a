"""A real server over the demo's story, and a real browser."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack
from typing import Any, Protocol

import asyncpg
import pytest
from playwright.async_api import Browser, Page, async_playwright

from incubator.core.database import DB
from incubator.core.settings import Settings
from incubator.demo.story import PASSWORD, tell
from tests.browser.chromium import ARGUMENTS, PATH
from tests.browser.walking import DESK
from tests.database import TestServer
from tests.serving import free_port, until_ready

SECRET = "a secret that only tests know, 32+ characters"


class Enter(Protocol):
    """`await enter(email)` opens a page of that person's own, signed in; of a visitor without an address."""

    def __call__(self, email: str = "", **context: Any) -> Awaitable[Page]:
        """Context options are Playwright's."""


class Story:
    """A server that tells the demo's story, and its database."""

    def __init__(self, address: str, dsn: str) -> None:
        self.address, self.dsn = address, dsn

    async def path_in_letter(self, email: str, start: str = "/") -> str:
        """Where the last letter to someone leads, once there is one that leads where it should: the worker writes some."""
        sql = "SELECT path FROM letter WHERE to_email = $1 AND starts_with(path, $2) ORDER BY id DESC LIMIT 1"
        for _try in range(100):
            if path := await self.ask(sql, email, start):
                return str(path)
            await asyncio.sleep(0.1)
        raise AssertionError(f"no letter to {email} leads to {start}")

    async def ask(self, sql: str, *args: Any) -> Any:
        """One value of its database."""
        connection = await asyncpg.connect(self.dsn)
        try:
            return await connection.fetchval(sql, *args)
        finally:
            await connection.close()


@pytest.fixture(scope="session")
async def story(server: TestServer, _pool: str) -> AsyncIterator[Story]:
    """The demo's story, told and served."""
    shared = DB.pool
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    async with server.clone(f"browser_{os.getpid()}") as dsn:
        DB.pool = None
        await tell(Settings(dsn, secret_key=SECRET, public_url=address, storage_url=os.environ["STORAGE_URL"], demo=True))
        DB.pool = shared
        environment = os.environ | {"DATABASE_URL": dsn, "SECRET_KEY": SECRET, "PUBLIC_URL": address, "PORT": str(port)}
        environment |= {"INCUBATOR_DEMO": "1", "POOL_SIZE": "5"}
        processes = [
            await asyncio.create_subprocess_exec(sys.executable, "-m", "incubator", what, env=environment)
            for what in ("serve", "worker")
        ]
        try:
            await until_ready(address)
            yield Story(address, dsn)
        finally:
            for process in processes:
                process.terminate()
                await process.wait()


@pytest.fixture(scope="session")
def site(story: Story) -> str:
    """Its address."""
    return story.address


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=PATH, args=ARGUMENTS)
        yield browser
        await browser.close()


async def sign_in(page: Page, site: str, email: str, password: str = PASSWORD) -> None:
    """By the page, as anyone."""
    await page.goto(f"{site}/sign-in")
    await page.fill("[name=email]", email)
    await page.fill("[name=password]", password)
    await page.press("[name=password]", "Enter")
    await page.wait_for_url(f"{site}/")


@pytest.fixture
async def enter(site: str, chromium: Browser) -> AsyncIterator[Enter]:
    """Opens browsers for this test's people."""
    async with AsyncExitStack() as stack:

        async def open_page(email: str = "", **options: Any) -> Page:
            context = await chromium.new_context(**{"viewport": DESK, "locale": "fr-FR", "timezone_id": "Europe/Paris"} | options)
            stack.push_async_callback(context.close)
            context.set_default_timeout(15_000)
            page = await context.new_page()
            if email:
                await sign_in(page, site, email)
            return page

        yield open_page
