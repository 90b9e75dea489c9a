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
    people: Iterable[TeamAccount | Person], name: str, *, about: UUID, path: str, at: datetime, **context: Any
) -> None:
    """Post the letter of that name, which leads to the page at `path`, to each of them."""
    for one in people:
        letter = write(f"applications/letters/{name}.txt", one.language, name=one.name, **context)
        await post(letter, kind=f"applications.{name}", about=about, to_email=one.email, to_account=one.id, path=path, at=at)
