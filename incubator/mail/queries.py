"""Reading the outbox, as the demo shows it. Elsewhere nobody reads other people's letters."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import row, rows
from incubator.core.errors import NotFound
from incubator.core.paging import SIZE, Page, cut, read_cursor


class LetterLine(msgspec.Struct, frozen=True):
    """A letter in the list."""

    id: UUID
    to_email: str
    subject: str
    state: str
    created_at: datetime


class LetterView(msgspec.Struct, frozen=True):
    """A letter; `path` is the page it leads to, `unsubscribe_path` the one that ends such letters."""

    id: UUID
    to_email: str
    subject: str
    text: str
    path: str
    unsubscribe_path: str
    state: str
    created_at: datetime


async def letters(after: str | None, to: str = "") -> Page[LetterLine]:
    """Letters, newest first, fifty a page; with `to`, those of that address."""
    key = read_cursor(after, tuple[datetime, UUID])
    found = await rows(
        LetterLine,
        "SELECT id, to_email, subject, state, created_at FROM letter"
        " WHERE ($1 = '' OR to_email = $1) AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))"
        " ORDER BY created_at DESC, id DESC LIMIT $4",
        to,
        key[0] if key else None,
        key[1] if key else None,
        SIZE + 1,
    )
    return cut(found, lambda line: (line.created_at, line.id))


async def letter(letter_id: UUID) -> LetterView:
    """A letter. Raises `NotFound`."""
    found = await row(
        LetterView,
        "SELECT id, to_email, subject, text, path, unsubscribe_path, state, created_at FROM letter WHERE id = $1",
        letter_id,
    )
    if found is None:
        raise NotFound
    return found
