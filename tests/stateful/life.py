"""What every machine does with an act: predict, try, and compare what was written with what should have been."""

from __future__ import annotations

from collections import Counter
from collections.abc import Coroutine, Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from hypothesis.stateful import RuleBasedStateMachine, invariant

from incubator.core.database import column, row, rows, value
from incubator.core.errors import Conflict, Failure, Invalid, NotFound, Refused
from incubator.core.failures import as_failure
from incubator.invariants import broken
from incubator.journal.actions import seal
from incubator.journal.queries import faults
from incubator.people.queries import Person
from tests.stateful.house import House

TICK = timedelta(microseconds=1)
Expected = type[Failure] | None


class Written(msgspec.Struct, frozen=True):
    """What an act may leave behind."""

    entry: int
    letters: int
    digest: str


class _Letter(msgspec.Struct, frozen=True):
    kind: str
    email: str


async def _outcome(work: Coroutine[Any, Any, Any]) -> tuple[Failure | None, Any]:
    """What an act was refused with, as people are told it; or what it gave."""
    try:
        return None, await work
    except Exception as error:
        return as_failure(error), None


class Life(RuleBasedStateMachine):
    """A machine that acts on a house. `TABLES` are those its acts write to."""

    TABLES: tuple[str, ...] = ()

    def __init__(self, house: House, at: datetime) -> None:
        super().__init__()
        self.house = house
        self.at = at
        house.begin()

    def teardown(self) -> None:
        """Seal what was told, verify the chain, forget the example."""
        try:
            self.house.run(self._prove_journal())
        finally:
            self.house.forget()

    async def _prove_journal(self) -> None:
        await seal(at=self.at)
        assert await faults(at=self.at) == []

    def act(
        self,
        work: Coroutine[Any, Any, Any],
        expected: Expected,
        *,
        journal: Iterable[str] | None = (),
        letters: Iterable[tuple[str, Person]] = (),
    ) -> Any:
        """Try an act: refused as expected and nothing written, or done with exactly these entries and letters.

        Without a `journal` its entries are not looked at: of pauses in typing, it is told only some.
        """
        entries = None if journal is None else list(journal)
        return self.house.run(self._act(work, expected, entries, Counter((kind, who.email) for kind, who in letters)))

    async def _act(
        self, work: Coroutine[Any, Any, Any], expected: Expected, journal: list[str] | None, letters: Counter[tuple[str, str]]
    ) -> Any:
        before = await self._written()
        failure, result = await _outcome(work)
        assert (type(failure) if failure else None) is expected, f"expected {expected}, was told {failure!r}"
        if failure:
            assert isinstance(failure, Conflict | Refused | NotFound | Invalid)
            assert await self._written() == before, "refused, yet something was written"
            return None
        told = await column("SELECT verb FROM journal_entry WHERE number > $1 ORDER BY number", before.entry)
        assert journal is None or told == journal, f"the journal tells {told}, not {journal}"
        posted = await rows(_Letter, "SELECT kind, to_email FROM letter ORDER BY created_at, id OFFSET $1", before.letters)
        assert Counter((one.kind, one.email) for one in posted) == letters
        return result

    async def _written(self) -> Written:
        digests = " || ".join(
            f"COALESCE((SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t), '-')" for table in self.TABLES
        )
        found = await row(
            Written,
            "SELECT COALESCE((SELECT max(number) FROM journal_entry), 0)::int, (SELECT count(*) FROM letter)::int,"
            f" md5({digests})",
        )
        assert found is not None
        return found

    def value(self, sql: str, *args: Any) -> Any:
        """One value, now."""
        return self.house.run(value(sql, *args))

    def wait_until(self, moment: datetime) -> None:
        """Let time pass; it never goes back."""
        self.at = max(self.at, moment)

    def tick(self) -> datetime:
        """The instant of the next act: no two acts share one."""
        self.at += TICK
        return self.at

    @invariant()
    def nothing_is_broken(self) -> None:
        """What must always be true of the database is."""
        assert self.house.run(broken()) == []
