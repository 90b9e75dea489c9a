"""Where a call is, and when it may be edited, extended, archived. No database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from incubator.core.clock import PARIS, local, local_date
from incubator.core.language import N_, _
from incubator.core.words import instant_words


class CallState(StrEnum):
    """Where a call is. Draft and archived are stored (`published_at`, `archived_at`); the rest is read from the clock."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    ARCHIVED = "archived"


STATE_WORDS = {
    CallState.DRAFT: N_("Brouillon"),
    CallState.SCHEDULED: N_("Programmé"),
    CallState.OPEN: N_("Ouvert"),
    CallState.CLOSED: N_("Clos"),
    CallState.ARCHIVED: N_("Archivé"),
}

MOVES = {
    "edit": (frozenset({CallState.DRAFT}), CallState.DRAFT),
    "publish": (frozenset({CallState.DRAFT}), CallState.SCHEDULED),
    "extend": (frozenset({CallState.OPEN}), CallState.OPEN),
    "archive": (frozenset({CallState.CLOSED}), CallState.ARCHIVED),
    "restore": (frozenset({CallState.ARCHIVED}), CallState.CLOSED),
}
BY_THE_CLOCK = {  # nobody does it: derived from `opens_at` and `closes_at`
    "opens": (frozenset({CallState.SCHEDULED}), CallState.OPEN),
    "closes": (frozenset({CallState.OPEN}), CallState.CLOSED),
}


class CallFacts(msgspec.Struct, frozen=True):
    """What the rules look at."""

    id: UUID
    programme: UUID
    code: str
    opens_at: datetime
    closes_at: datetime
    notify_on: date
    departements: list[str]
    published_at: datetime | None
    version: int
    places_count: int
    archived_at: datetime | None = None


def call_state(published_at: datetime | None, opens_at: datetime, closes_at: datetime, at: datetime) -> CallState:
    """What the clock says. A call is open from `opens_at` until the last instant before `closes_at`; grace: none."""
    if published_at is None or published_at > at:
        return CallState.DRAFT
    if at < opens_at:
        return CallState.SCHEDULED
    return CallState.OPEN if at < closes_at else CallState.CLOSED


def state_of(facts: CallFacts, at: datetime) -> CallState:
    """The state of a call at an instant."""
    if facts.archived_at is not None and facts.archived_at <= at:
        return CallState.ARCHIVED
    return call_state(facts.published_at, facts.opens_at, facts.closes_at, at)


def why_not_edit(facts: CallFacts, at: datetime) -> str | None:
    """A published call is what candidates read: only its closing may move, later (`why_not_extend`)."""
    if state_of(facts, at) in MOVES["edit"][0]:
        return None
    return _("Cet appel est publié : il ne change plus. Tant qu’il est ouvert, vous pouvez repousser sa clôture.")


def why_not_extend(facts: CallFacts, closes_at: datetime, at: datetime) -> str | None:
    """Why the closing may not move to `closes_at`: only while open, only later."""
    state = state_of(facts, at)
    if state in (CallState.CLOSED, CallState.ARCHIVED):
        return _("Cet appel est clos : il ne rouvre pas.")
    if state not in MOVES["extend"][0]:
        return _("Cet appel n’est pas encore ouvert.")
    if closes_at <= facts.closes_at:
        return _("La clôture ne peut être que repoussée : choisissez un instant après le {closing}.").format(
            closing=instant_words(facts.closes_at)
        )
    return None


def why_not_archive(facts: CallFacts, at: datetime) -> str | None:
    """Only a closed call leaves the lists."""
    state = state_of(facts, at)
    if state in MOVES["archive"][0]:
        return None
    if state is CallState.ARCHIVED:
        return _("Cet appel est déjà archivé.")
    return _("Cet appel n’est pas clos. Vous pourrez l’archiver après sa clôture.")


def why_not_restore(facts: CallFacts, at: datetime) -> str | None:
    """Only an archived call comes back to the lists; it stays closed."""
    return None if state_of(facts, at) in MOVES["restore"][0] else _("Cet appel n’est pas archivé.")


def check_dates(opens_at: datetime, closes_at: datetime, notify_on: date) -> dict[str, str]:
    """One sentence per date that cannot be."""
    errors = {}
    if closes_at <= opens_at:
        errors["closes_at"] = _("La clôture doit venir après l’ouverture.")
    if notify_on < local_date(closes_at):
        errors["notify_on"] = _("La réponse aux équipes doit venir après la clôture.")
    return errors


def proposed_code(programme_code: str, taken: Collection[str], year: int) -> str:
    """The next free code of the year: AAC-CVL-2026-2."""
    prefix = f"AAC-{programme_code.rpartition('-')[2].upper()}-{year}-"
    number = next(number for number in range(1, len(taken) + 2) if f"{prefix}{number}" not in taken)
    return f"{prefix}{number}"


def weeks_to_next(opens_at: datetime, at: datetime) -> int:
    """How many weeks, by years of fifty-two, until a call like this one opens after `at`."""
    years = 1
    while weeks_later(opens_at, 52 * years) <= at:
        years += 1
    return 52 * years


def weeks_later(instant: datetime, weeks: int) -> datetime:
    """The same weekday and the same hour in Paris, so many weeks later."""
    wall = local(instant).replace(tzinfo=None) + timedelta(weeks=weeks)
    return wall.replace(tzinfo=PARIS).astimezone(UTC)
