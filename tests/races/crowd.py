"""Many teams at the door of two real worker processes: drafts made in bulk from one, requests sent at their instant."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import sys
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import msgspec

from incubator.calls.queries import CallView
from incubator.core.database import column, execute, value
from incubator.people.actions import open_session
from incubator.people.queries import Person
from tests.serving import free_port, until_ready
from tests.world.applications import CVS, a_draft_application, whole_answers, write
from tests.world.calls import a_call
from tests.world.programmes import World

SECRET = "a secret that only tests know, 32+ characters"
SERVER = {"SECRET_KEY": SECRET, "WORKERS": "2", "POOL_SIZE": "12", "LOG_FORMAT": "json"}
AT_ONCE, TRIES = 60, 40


class Hand(msgspec.Struct, frozen=True):
    """Someone signed in; `application`: the draft of their team."""

    secret: str
    application: UUID | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What their browser sends with an act."""
        token = hmac.new(SECRET.encode(), f"{self.secret}\nform".encode(), hashlib.sha256).hexdigest()
        return {"cookie": f"session={self.secret}", "x-csrf-token": token}


class Answered(msgspec.Struct, frozen=True):
    """What was answered, when the last try was sent and when it was answered."""

    sent: datetime
    answered: datetime
    status: int
    body: dict[str, Any]


class Door:
    """The address where everyone knocks; never more than so many at once, as a proxy would let in."""

    def __init__(self, address: str, client: httpx.AsyncClient) -> None:
        self.address, self.client = address, client
        self.room = asyncio.Semaphore(AT_ONCE)

    async def knock(self, hand: Hand, path: str, body: Any, *, at: float, key: str = "") -> Answered:
        """Send an act at an instant of the loop's clock; again, under the same key, while the house has no room."""
        await asyncio.sleep(max(0.0, at - asyncio.get_running_loop().time()))
        headers = hand.headers | ({"idempotency-key": key} if key else {})
        async with self.room:
            for _try in range(TRIES):
                sent = datetime.now(UTC)
                response = await self.client.post(f"{self.address}/api/v1/{path}", json=body, headers=headers)
                if response.status_code != 503:
                    return Answered(sent, datetime.now(UTC), response.status_code, response.json())
                await asyncio.sleep(0.25)
        raise TimeoutError("there was never any room")


@asynccontextmanager
async def two_workers(dsn: str) -> AsyncIterator[Door]:
    """`incubator serve` with two worker processes on this database."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | SERVER | {"DATABASE_URL": dsn, "PUBLIC_URL": address, "PORT": str(port)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "incubator", "serve", env=environment, stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        await until_ready(address)
        limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
        async with httpx.AsyncClient(limits=limits, timeout=60) as client:
            yield Door(address, client)
    finally:
        process.terminate()
        await process.wait()


async def signed_in(person: Person) -> Hand:
    """A session of someone's."""
    return Hand(await open_session(person.id, agent="test", is_staff=person.is_staff, at=datetime.now(UTC)))


_COPIES = {
    "account": "'id', md5('account' || n)::uuid, 'email', n || '@exemple.fr', 'name', 'Porteuse ' || n",
    "session": (
        "'id', md5('session' || n)::uuid, 'account', md5('account' || n)::uuid,"
        " 'token_hash', '\\x' || encode(sha256(convert_to($4::text || n, 'UTF8')), 'hex')"
    ),
    "project": "'id', md5('project' || n)::uuid, 'name', 'Projet ' || n, 'created_by', md5('account' || n)::uuid",
    "team_member": (
        "'id', md5('member' || n)::uuid, 'project', md5('project' || n)::uuid, 'account', md5('account' || n)::uuid,"
        " 'email', n || '@exemple.fr'"
    ),
    "application": (
        "'id', md5('application' || n)::uuid, 'project', md5('project' || n)::uuid, 'call', $5::uuid,"
        " 'started_by', md5('account' || n)::uuid"
    ),
    "answer": (
        "'id', md5('answer' || n || t.question)::uuid, 'application', md5('application' || n)::uuid,"
        " 'written_by', md5('account' || n)::uuid"
    ),
}
_OWNED = {
    "account": "t.id = (SELECT started_by FROM application WHERE id = $1)",
    "session": "t.account = (SELECT started_by FROM application WHERE id = $1)",
    "project": "t.id = (SELECT project FROM application WHERE id = $1)",
    "team_member": "t.project = (SELECT project FROM application WHERE id = $1)",
    "application": "t.id = $1",
    "answer": "t.application = $1",
}


async def copies_of(application: UUID, count: int, *, call: UUID, first: int = 1) -> list[Hand]:
    """So many teams with the same whole draft, each signed in, to a call. `application` is of one person, signed in once."""
    secret = hashlib.sha256(str(time.time_ns()).encode()).hexdigest()[:40]
    for table, facts in _COPIES.items():
        sql = (
            f"INSERT INTO {table} SELECT (jsonb_populate_record(t, jsonb_build_object({facts}))).*"
            f" FROM {table} t CROSS JOIN generate_series($2::int, $2 + $3::int - 1) n"
            f" WHERE {_OWNED[table]} AND ($4::text, $5::uuid) IS NOT NULL"
        )
        await execute(sql, application, first, count, secret, call)
    ids = await column(
        "SELECT md5('application' || n)::uuid FROM generate_series($1::int, $2) n ORDER BY n", first, first + count - 1
    )
    return [Hand(f"{secret}{first + rank}", one) for rank, one in enumerate(ids)]


async def whole_halves(call: UUID) -> None:
    """Nothing is half done: what is deposited is so everywhere, numbered without a hole; what is not, is nowhere."""
    deposited = await column("SELECT id FROM application WHERE call = $1 AND state = 'deposited' ORDER BY id", call)
    of_call = "SELECT id FROM application WHERE call = $1"
    for told in (
        f"SELECT application FROM deposit WHERE application IN ({of_call}) ORDER BY 1",
        f"SELECT subject FROM journal_entry WHERE verb = 'application.deposited' AND subject IN ({of_call}) ORDER BY 1",
        "SELECT d.application FROM letter l JOIN deposit d ON d.id = l.about WHERE l.kind = 'applications.receipt'"
        f" AND d.application IN ({of_call}) ORDER BY 1",
        f"SELECT id FROM application WHERE deposited_at IS NOT NULL AND phase IS NOT NULL AND id IN ({of_call}) ORDER BY 1",
    ):
        assert await column(told, call) == deposited
    ranks = await column(
        "SELECT substring(d.number FROM '[0-9]+$')::int FROM deposit d JOIN application a ON a.id = d.application"
        " WHERE a.call = $1 ORDER BY 1",
        call,
    )
    assert ranks == list(range(1, len(deposited) + 1))
    assert (await value("SELECT last FROM receipt_counter WHERE call = $1", call) or 0) == len(deposited)
    assert not await column(
        "SELECT id FROM application WHERE call = $1 AND state <> 'deposited'"
        " AND (state <> 'draft' OR phase IS NOT NULL OR deposited_at IS NOT NULL)",
        call,
    )


async def a_whole_draft(world: World, holder: Person, *, closes_at: datetime, at: datetime) -> tuple[CallView, UUID]:
    """An open call, and a draft to it that only waits to be deposited; its depositor is signed in."""
    call = await a_call(world, opens_at=at - timedelta(days=2), closes_at=closes_at)
    draft = await a_draft_application(call, holder, at=at)
    await write(draft, whole_answers() | CVS, by=holder, at=at)
    await open_session(holder.id, agent="test", is_staff=False, at=at)
    return call, draft
