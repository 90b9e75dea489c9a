"""Reading the questions often asked about a call: visitors read what is published, who handles its files reads all."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import row, rows
from incubator.core.errors import NotFound

FAQ_MAX = 200


class FaqView(msgspec.Struct, frozen=True):
    """A question and its answer; `section`: of the form, "" when it is about the call as a whole."""

    id: UUID
    call: UUID
    section: str
    question: str
    answer: str
    position: int
    published_at: datetime | None
    asked_in: UUID | None
    version: int


class FaqAnswer(msgspec.Struct, frozen=True):
    """What visitors read of an entry."""

    section: str
    question: str
    answer: str
    published_at: datetime


_ENTRY = (
    "SELECT f.id, f.call, f.section, f.question, f.answer, f.position, f.published_at, f.asked_in, f.version FROM faq_entry f"
)


async def faq_of(call: UUID) -> list[FaqView]:
    """Every entry of a call, section by section, in the order staff gave them."""
    return await rows(FaqView, f"{_ENTRY} WHERE f.call = $1 ORDER BY f.section, f.position, f.id LIMIT {FAQ_MAX}", call)


async def published_faq(call: UUID) -> list[FaqAnswer]:
    """What visitors read."""
    return await rows(
        FaqAnswer,
        "SELECT f.section, f.question, f.answer, f.published_at FROM faq_entry f"
        f" WHERE f.call = $1 AND f.published_at IS NOT NULL ORDER BY f.section, f.position, f.id LIMIT {FAQ_MAX}",
        call,
    )


async def entry_asked_in(call: UUID, inquiry: UUID) -> FaqView | None:
    """The entry that a conversation became, or None."""
    return await row(FaqView, f"{_ENTRY} WHERE f.call = $1 AND f.asked_in = $2", call, inquiry)


async def faq_entry(entry: UUID, *, lock: bool = False) -> FaqView:
    """One entry, whoever asks. Raises `NotFound`."""
    found = await row(FaqView, f"{_ENTRY} WHERE f.id = $1{' FOR UPDATE' if lock else ''}", entry)
    if found is None:
        raise NotFound
    return found
