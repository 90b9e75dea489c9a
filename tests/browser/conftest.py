"""A real server over the demo's story, and a real browser."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright

from incubator.core.database import DB
from incubator.core.settings import Settings
from incubator.demo.story import tell
from tests.browser.chromium import ARGUMENTS, PATH
from tests.database import TestServer
from tests.serving import free_port, until_ready

SECRET = "a secret that only tests know, 32+ characters"


@pytest.fixture(scope="session")
async def site(server: TestServer, _pool: str) -> AsyncIterator[str]:
    """The address of a server that tells the demo's story."""
    shared = DB.pool
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    async with server.clone(f"browser_{os.getpid()}") as dsn:
        DB.pool = None
        await tell(Settings(database_url=dsn, secret_key=SECRET, public_url=address, demo=True))
        DB.pool = shared
        environment = os.environ | {"DATABASE_URL": dsn, "SECRET_KEY": SECRET, "PUBLIC_URL": address, "PORT": str(port)}
        environment |= {"INCUBATOR_DEMO": "1", "POOL_SIZE": "5"}
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "incubator", "serve", env=environment)
        try:
            await until_ready(address)
            yield address
        finally:
            process.terminate()
            await process.wait()


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=PATH, args=ARGUMENTS)
        yield browser
        await browser.close()
