"""A team at its draft: reading its pages, and the page that saves as one types."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from benchmarks.client import get
from benchmarks.lanes import Lane, Once
from benchmarks.rush.acts import Person

DRAFTS = 64  # enough for each client of each round to write in its own
SECTION = "S4"
_turns: dict[str, count[int]] = {}


def reading_draft(path: Callable[[str], str], accept: str = "text/html") -> Callable[[Lane], Once]:
    """A page of a draft, given its identifier, as its depositor sees it."""

    def lane(lane: Lane) -> Once:
        draft = lane.visitors.drafts[-1]
        request = get(path(str(draft.application)), lane.port, draft.visitor.cookie, accept)

        async def once() -> int:
            return len((await lane.ask(request)).body)

        return once

    return lane


def autosave_lane(lane: Lane) -> Once:
    """One answer, changed again and again; each client has its own draft."""
    turn = next(_turns.setdefault(lane.world.dsn, count()))
    person = Person(lane.visitors.drafts[turn % (DRAFTS - 1)], lane.connection, lane.port)

    async def once() -> int:
        await person.save()
        return 0

    return once
