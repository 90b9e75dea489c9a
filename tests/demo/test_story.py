"""The demo's story, told once on a database of its own."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from incubator.core import database
from incubator.core.clock import now
from incubator.core.database import DB, column, value
from incubator.core.settings import Settings
from incubator.demo.story import PASSWORD, SIGN_INS, tell, tell_here
from incubator.documents.storage import kept_at
from incubator.invariants import broken
from incubator.journal.queries import faults
from incubator.people.actions import sign_in
from incubator.people.forms import SignInForm
from tests.database import TestServer

SITE = "http://127.0.0.1:8000"
FILES = os.environ["STORAGE_URL"]


@pytest.fixture(scope="module")
async def told(server: TestServer, _pool: str) -> AsyncIterator[Settings]:
    """A database in which the story was told a moment ago."""
    shared = DB.pool
    async with server.clone("told_story") as dsn:
        settings = Settings(database_url=dsn, public_url=SITE, storage_url=FILES, demo=True)
        await tell(settings)
        await database.connect(dsn, pool_size=2)
        try:
            yield settings
        finally:
            await database.disconnect()
            DB.pool = shared


async def test_nothing_is_broken(told: Settings) -> None:
    assert await broken() == []
    assert await faults(at=now()) == []


async def test_everything_happened_before_now(told: Settings) -> None:
    first, last = (await column("SELECT min(at) FROM journal_entry"))[0], await value("SELECT max(at) FROM journal_entry")
    assert timedelta(days=700) < now() - first
    assert last <= now()
    assert await column("SELECT number FROM journal_entry e WHERE at < (SELECT max(at) FROM journal_entry p"
                        " WHERE p.number < e.number - 40) LIMIT 1") == []  # fmt: skip


async def test_letters_left_when_they_were_written(told: Settings) -> None:
    assert await value("SELECT count(*) FROM letter") > 300
    assert await column("SELECT id FROM letter WHERE state <> 'sent' OR sent_at <> created_at") == []


@pytest.mark.parametrize("email", SIGN_INS.values(), ids=list(SIGN_INS))
async def test_everyone_named_signs_in(told: Settings, email: str) -> None:
    form = SignInForm(email=email, password=PASSWORD)
    _secret, person = await sign_in(form, address="127.0.0.1", agent="test", at=now())
    assert person.email == email
    assert person.is_confirmed


async def test_a_second_start_tells_nothing_again(told: Settings) -> None:
    entries = await value("SELECT count(*) FROM journal_entry")
    pool = DB.pool
    await tell(told)
    DB.pool = pool
    assert await value("SELECT count(*) FROM journal_entry") == entries


async def test_every_kind_of_moment_is_there(told: Settings) -> None:
    at = now()
    assert await value("SELECT count(*) FROM call WHERE opens_at < $1 AND closes_at > $1", at) == 1
    drafts = "SELECT count(*) FROM application a JOIN call c ON c.id = a.call WHERE c.closes_at > $1 AND a.state = 'draft'"
    assert await value(drafts, at) == 2
    half = (
        "SELECT count(*) FROM presentation p WHERE NOT EXISTS (SELECT FROM publication b WHERE b.committee = p.committee)"
        " AND p.assessments_count BETWEEN 3 AND 11"
    )
    assert await value(half) == 8
    assert await value("SELECT count(*) FROM declaration WHERE has_interest") == 2
    states = await column("SELECT DISTINCT e.state || ' ' || h.code FROM enrolment e JOIN phase h ON h.id = e.phase ORDER BY 1")
    assert {"active pre_incubation", "active incubation", "suspended incubation", "stopped incubation"} <= set(states)
    reviews = set(await column("SELECT DISTINCT outcome FROM gate_review"))
    assert reviews == {"pass", "prolong", "redirect", "stop"}
    assert await value("SELECT count(*) FROM place WHERE state = 'declined'") == 2


DAYS = [datetime(2026, 2, 28, 12, tzinfo=UTC), datetime(2027, 1, 2, 23, 30, tzinfo=UTC), datetime(2028, 3, 31, 1, tzinfo=UTC)]


@pytest.mark.parametrize("day", DAYS, ids=str)
async def test_the_story_holds_together_whatever_the_day(committed_db: str, day: datetime) -> None:
    """Weekends, short months and changes of clock move its dates."""
    await tell_here(until=day, key="a key that only this test knows", kept=kept_at(FILES))
    assert await broken() == []
    assert await value("SELECT max(at) FROM journal_entry") <= day


async def test_seven_meetings_surround_the_open_call(told: None) -> None:
    assert await value("SELECT count(*) FROM meeting") == 7
    past = "SELECT has_come, sum(people_count) FROM registration r JOIN meeting m ON m.id = r.meeting WHERE m.ends_at < now()"
    assert dict(await column(f"SELECT (has_come, n) FROM ({past} GROUP BY has_come) AS t(has_come, n)")) == {True: 6, False: 5}
    assert await value("SELECT count(*) FROM faq_entry WHERE published_at IS NOT NULL") == 4
    assert await value("SELECT count(*) FROM self_test_result") == 1
