"""The mails of this room, each in its reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.people.queries import Person
from incubator.projects.queries import TeamAccount


async def tell(
    people: Iterable[TeamAccount | Person],
    name: str,
    *,
    about: UUID,
    path: str,
    at: datetime,
    kind: str = "",
    stale_after: datetime | None = None,
    **context: Any,
) -> None:
    """Post the letter of that name, which leads to the page at `path`, to each of them, unless it leaves too late."""
    for one in people:
        letter = write(f"applications/letters/{name}.txt", one.language, name=one.name, **context)
        await post(
            letter, kind=kind or f"applications.{name}", about=about, to_email=one.email, to_account=one.id, path=path, at=at,
            stale_after=stale_after,
        )  # fmt: skip


def in_words(items: Iterable[tuple[str, str]]) -> str:
    """What is asked for, a line a question: its label, then its sentence when it has one."""
    return "\n".join(f"– {label}\n  {sentence}" if sentence else f"– {label}" for label, sentence in items)
