"""`incubator check` finds what someone changed behind the application's back."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from incubator.core.clock import now
from incubator.core.database import execute, transaction, value
from incubator.invariants import broken
from tests.world.applications import a_deposited_application
from tests.world.calls import a_call
from tests.world.programmes import the_programme

CHANGES = {
    "content": "UPDATE deposit SET content = jsonb_set(content, '{answers,3.1}', '\"Autre chose\"')",
    "hash": "UPDATE deposit SET content_hash = repeat('0', 64)",
    "number": "UPDATE deposit SET number = number || '0'",
}


@pytest.mark.parametrize("what", CHANGES)
async def test_a_receipt_that_was_tampered_with_is_found(db: None, what: str) -> None:
    """R4: the application's role cannot change a deposit; when the tables' owner does, it shows."""
    call = await a_call(await the_programme(), opens_at=now() - timedelta(days=1), closes_at=now() + timedelta(days=1))
    await a_deposited_application(await the_programme(), call, at=now())
    assert await broken() == []
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction():
            await execute(CHANGES[what])
    await execute("SET LOCAL ROLE NONE")
    await execute(CHANGES[what])
    number = await value("SELECT number FROM deposit")
    assert any(number in sentence or "every deposit is in the journal" in sentence for sentence in await broken())
