"""The journal only grows, and a change of what is sealed is found."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from incubator.core import database
from incubator.core.database import DB, execute, transaction, value
from incubator.core.ids import new_id
from incubator.journal.actions import forget_reasons, record, seal
from incubator.journal.queries import faults, newest_seal, reasons_of

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def three_acts() -> None:
    for number in range(3):
        await record("test.done", new_id(), by=None, at=AT, reason="Dit par quelqu’un", data={"n": number, "état": "é"})


@pytest.mark.parametrize(
    "change",
    ["UPDATE journal_entry SET verb = 'x'", "DELETE FROM journal_entry", "TRUNCATE journal_entry", "DROP TABLE journal_entry"],
)
async def test_the_application_can_only_add(db, change):
    await three_acts()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction():
            await execute(change)
    assert await value("SELECT count(*) FROM journal_entry WHERE verb = 'test.done'") == 3


async def test_a_sealed_journal_is_sound(db):
    await three_acts()
    assert await seal(at=AT) == 3
    await three_acts()
    assert await seal(at=AT) == 3
    assert await seal(at=AT) == 0
    assert await faults(at=AT, anchor=await newest_seal()) == []


async def test_what_stays_unsealed_is_told(db):
    await three_acts()
    assert await faults(at=AT + timedelta(minutes=11)) == ["3 entries have not been sealed for ten minutes: does the worker run?"]


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("UPDATE journal_reason SET words = 'autre'", "the reason of entry"),
        ("UPDATE journal_entry SET reason = 'autre' WHERE number = (SELECT min(number) FROM journal_entry)", "does not match"),
        ("DELETE FROM journal_entry WHERE number = (SELECT max(number) FROM journal_entry)", "2 are there"),
        ("UPDATE journal_entry SET at = at + interval '1 second'", "does not match"),
        ("DELETE FROM journal_seal WHERE number = 1", "seal 1 is missing"),
        ("DELETE FROM journal_seal", "cut or rebuilt"),
    ],
)
async def test_tampering_as_the_owner_is_found(committed_db, tampering, told):
    await three_acts()
    await seal(at=AT)
    await three_acts()
    await seal(at=AT)
    anchor = await newest_seal()
    shared = DB.pool
    await database.connect(committed_db, pool_size=2, role=None)
    try:
        await execute("SET session_replication_role = replica; " + tampering)
    finally:
        await database.disconnect()
        DB.pool = shared
    assert any(told in sentence for sentence in await faults(at=AT, anchor=anchor))


async def test_a_reason_can_be_erased_and_the_chain_still_holds(db):
    """K01: the words leave, the act and its proof stay."""
    subject, other = new_id(), new_id()
    await record("test.refused", subject, by=None, at=AT, reason="Son état de santé")
    await record("test.refused", other, by=None, at=AT, reason="Hors territoire")
    await seal(at=AT)
    assert await forget_reasons([subject], by=None, at=AT) == 1
    assert await reasons_of(subject) == []
    assert await reasons_of(other) == ["Hors territoire"]
    assert await value("SELECT count(*) FROM journal_entry WHERE verb = 'reason.erased' AND subject = $1", subject) == 1
    assert await value("SELECT count(*) FROM journal_entry e WHERE e::text LIKE '%santé%'") == 0
    await seal(at=AT)
    assert await faults(at=AT, anchor=await newest_seal()) == []
