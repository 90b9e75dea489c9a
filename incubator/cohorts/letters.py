"""The agreement's text, and the mails of this room."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any
from uuid import UUID

from incubator.cohorts.queries import AgreementParties, TeamAddress
from incubator.cohorts.rules import PlaceFacts
from incubator.core.language import language
from incubator.core.templates import render
from incubator.mail.actions import post
from incubator.mail.letters import write


def agreement_text(place: PlaceFacts, parties: AgreementParties, starts_on: date) -> tuple[str, str]:
    """The agreement in French, whoever reads, and the SHA-256 of its UTF-8 bytes in hexadecimal."""
    token = language.set("fr")
    try:
        text = render("cohorts/agreement.txt", {"place": place, "parties": parties, "starts_on": starts_on}).strip() + "\n"
    finally:
        language.reset(token)
    return text, hashlib.sha256(text.encode()).hexdigest()


async def tell(people: list[TeamAddress], name: str, *, about: UUID, path: str, at: datetime, **context: Any) -> None:
    """Post the letter of that name, which leads to the page at `path`, to each person in their language."""
    for person in people:
        letter = write(f"cohorts/letters/{name}.txt", person.language, name=person.name, **context)
        await post(letter, kind=f"cohorts.{name}", about=about, to_email=person.email, to_account=person.id, path=path, at=at)
