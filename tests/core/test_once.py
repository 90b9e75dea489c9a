"""The same request twice is one act."""

import asyncio

import pytest

from incubator.core.clock import now
from incubator.core.database import execute, value
from incubator.core.errors import Conflict
from incubator.core.ids import new_id
from incubator.core.once import once


async def add() -> str:
    await execute("INSERT INTO throttle (bucket, opened_at, tries_count) VALUES ($1, now(), 1)", str(new_id()))
    return "done"


async def test_a_hundred_identical_requests_are_one_act(committed_db):
    answers = await asyncio.gather(*(once("me", "k", "/x", b"body", add, at=now()) for _ in range(100)))
    assert {answer for answer, _replayed in answers} == {"done"}
    assert sum(not replayed for _answer, replayed in answers) == 1
    assert await value("SELECT count(*) FROM throttle") == 1


async def test_a_key_serves_one_request_only(db):
    await once("me", "k", "/x", b"body", add, at=now())
    with pytest.raises(Conflict):
        await once("me", "k", "/x", b"another body", add, at=now())
    assert await once("someone else", "k", "/x", b"another body", add, at=now()) == ("done", False)


async def test_an_act_that_fails_leaves_its_key_free(db):
    async def fail() -> str:
        raise Conflict("no")

    with pytest.raises(Conflict):
        await once("me", "k", "/x", b"body", fail, at=now())
    assert await once("me", "k", "/x", b"body", add, at=now()) == ("done", False)
