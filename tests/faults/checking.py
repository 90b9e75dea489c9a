"""What must be true after any fault, of what was acknowledged and of what was not."""

from __future__ import annotations

from collections import Counter

from incubator.applications.queries.dossiers import StoredAnswer, answers_of
from incubator.core.database import column, value
from incubator.invariants import broken
from tests.faults.clients import Told
from tests.faults.house import House
from tests.files.test_faults import bytes_in


async def nothing_is_lost(house: House, told: Told) -> None:
    """Every text, file and deposit that someone was told of is there, once, and nothing is half done."""
    assert told.wrong == []
    await _texts(told)
    await _files(house, told)
    await _deposits(told)
    assert await broken() == []


async def _texts(told: Told) -> None:
    for (application, code), acknowledged in told.texts.items():
        stored = (await answers_of(application)).get(code, StoredAnswer())
        version, text = acknowledged[-1]
        assert [one for one, _text in acknowledged] == list(range(1, len(acknowledged) + 1)), "a text was written twice or lost"
        assert (stored.version, stored.value) == (version, text)
        kept = "SELECT count(*) FROM answer_revision WHERE application = $1 AND question = $2 AND version = $3"
        assert await value(kept, application, code, version) == 1


async def _files(house: House, told: Told) -> None:
    for application, names in told.files.items():
        there = await column("SELECT name FROM document WHERE about = $1 AND removed_at IS NULL ORDER BY name", application)
        assert Counter(there) == Counter(names)
        named = (await answers_of(application)).get("F.1", StoredAnswer()).value or []
        assert sorted(named) == sorted(map(str, await column("SELECT id FROM document WHERE about = $1", application)))
        entries = await column(
            "SELECT count(*) FROM journal_entry j JOIN document d ON d.id = j.subject WHERE d.about = $1"
            " AND j.verb = 'document.received' GROUP BY d.id",
            application,
        )
        assert entries == [1] * len(names)
    assert set(await column("SELECT key FROM document WHERE key <> ''")) <= bytes_in(house.files)


async def _deposits(told: Told) -> None:
    for application, numbers in told.deposits.items():
        assert await column("SELECT number FROM deposit WHERE application = $1", application) == list(numbers)
        letters = "SELECT count(*) FROM letter l JOIN deposit d ON d.id = l.about WHERE d.application = $1"
        assert await value(letters, application) == 1
    done = await value("SELECT count(*) FROM application WHERE state = 'deposited'")
    assert await value("SELECT count(*) FROM deposit") == await value("SELECT count(DISTINCT application) FROM deposit") == done
