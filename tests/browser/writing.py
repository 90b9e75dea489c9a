"""A dossier of two people, served by a real server, and what they see of what is saved."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
from playwright.async_api import Browser, Locator, Page, expect

from incubator.core import database
from incubator.core.clock import now
from incubator.core.database import DB, execute
from incubator.people.actions import open_session
from incubator.people.queries import Person
from incubator.people.secrets import hashed
from tests.browser.walking import DESK
from tests.database import TestServer
from tests.serving import free_port, until_ready
from tests.world.applications import a_draft_application
from tests.world.calls import a_call
from tests.world.forms import a_form, use_form
from tests.world.people import someone
from tests.world.programmes import the_programme
from tests.world.projects import a_project

SECRET = "a secret that only tests know, 32+ characters"
SERVER = {"SECRET_KEY": SECRET, "POOL_SIZE": "5", "INCUBATOR_DEMO": "1"}


class Writers:
    """A served dossier. `aicha` deposits, `basile` writes too; `write` opens a section as one of them."""

    def __init__(self, address: str, dsn: str, application: UUID, call: UUID, people: dict[str, Person]) -> None:
        self.address, self.dsn, self.application, self.call, self.people = address, dsn, application, call, people
        self.process: Any = None
        self.sessions: dict[str, str] = {}

    async def open(self, chromium: Browser, name: str, section: str = "P", **options: Any) -> Page:
        """Someone's own browser, on a section."""
        context = await chromium.new_context(**{"viewport": DESK, "locale": "fr-FR", "timezone_id": "Europe/Paris"} | options)
        context.set_default_timeout(15_000)
        await context.add_cookies([{"name": "session", "value": self.sessions[name], "url": self.address}])
        page = await context.new_page()
        await page.goto(f"{self.address}/applications/{self.application}/sections/{section}")
        return page

    async def ask(self, sql: str, *args: Any) -> Any:
        """One value of its database."""
        connection = await asyncpg.connect(self.dsn)
        try:
            return await connection.fetchval(sql, *args)
        finally:
            await connection.close()

    async def sign_in_again(self, name: str) -> str:
        """A new session of someone, as another tab would open it; its secret."""
        secret = secrets.token_urlsafe(32)
        await self.ask(
            "INSERT INTO session SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'ended_at', null,"
            " 'token_hash', $2::text))).* FROM session s WHERE s.account = $1 LIMIT 1",
            self.people[name].id, "\\x" + hashed(secret).hex(),
        )  # fmt: skip
        return secret

    async def stored(self, question: str) -> Any:
        """What the server keeps for a question, as text."""
        sql = "SELECT value #>> '{}' FROM answer WHERE application = $1 AND question = $2"
        return await self.ask(sql, self.application, question)


@asynccontextmanager
async def writers(server: TestServer) -> AsyncIterator[Writers]:
    """Two people, a form of every kind, a server."""
    shared, port = DB.pool, free_port()
    async with server.clone(f"writing_{os.getpid()}") as dsn:
        await database.connect(dsn)
        try:
            desk = await _world(f"http://127.0.0.1:{port}", dsn)
        finally:
            await database.disconnect()
            DB.pool = shared
        environment = os.environ | SERVER | {"DATABASE_URL": dsn, "PUBLIC_URL": desk.address, "PORT": str(port)}
        desk.process = await asyncio.create_subprocess_exec(sys.executable, "-m", "incubator", "serve", env=environment)
        try:
            await until_ready(desk.address)
            yield desk
        finally:
            desk.process.terminate()
            await desk.process.wait()


async def _world(address: str, dsn: str) -> Writers:
    at = now()
    world, aicha, basile = await the_programme(), await someone("Aïcha Diallo"), await someone("Basile Roy")
    call = await a_call(world, opens_at=at - timedelta(days=5), closes_at=at + timedelta(days=5))
    await use_form(call.id, await a_form(world.programme, at=at))
    project = await a_project(aicha, world.programme, at=at)
    await execute(
        "INSERT INTO team_member (id, project, account, role, name, email, joined_at)"
        " VALUES (gen_random_uuid(), $1, $2, 'editor', $3, $4, $5)",
        project, basile.id, basile.name, basile.email, at,
    )  # fmt: skip
    desk = Writers(
        address, dsn, await a_draft_application(call, aicha, project, at=at), call.id, {"aicha": aicha, "basile": basile}
    )
    for name, person in desk.people.items():
        desk.sessions[name] = await open_session(person.id, agent="test", is_staff=False, at=at)
    return desk


def block(page: Page, question: str) -> Locator:
    """A question with what is said of it."""
    return page.locator(f'.question[data-question="{question}"]')


async def is_saved(page: Page, question: str) -> None:
    """The page says that this answer is saved."""
    await expect(block(page, question).locator("[data-state]")).to_contain_text("Enregistré à")


async def says(page: Page, words: str) -> None:
    """The one line that says how things are."""
    await expect(page.locator(".write-status")).to_contain_text(words)
