"""Writing letters in the act's transaction; what became of each."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.database import execute
from incubator.core.ids import new_id
from incubator.mail.letters import LetterText


async def post(
    letter: LetterText,
    *,
    kind: str,
    about: UUID,
    to_email: str,
    at: datetime,
    to_account: UUID | None = None,
    path: str = "",
    unsubscribe_path: str = "",
    stale_after: datetime | None = None,
) -> None:
    """Put a letter in the outbox; `path` is the page it leads to. One letter a kind, thing and address.

    `unsubscribe_path` is for letters one subscribed to: a POST to it, from a mail program too, ends them.
    """
    await execute(
        "INSERT INTO letter (id, kind, about, to_account, to_email, subject, text, html, path, state, attempts_count,"
        " created_at, next_try_at, stale_after, sent_at, last_error, unsubscribe_path)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $11, 'waiting', 0, $9, $9, $10, NULL, '', $12)"
        " ON CONFLICT (kind, about, to_email) DO NOTHING",
        new_id(), kind, about, to_account, to_email, letter.subject, letter.text, letter.html, at, stale_after, path,
        unsubscribe_path,
    )  # fmt: skip
