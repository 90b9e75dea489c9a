"""Letters to those who come to a meeting; each leads to their own page, which shows the link and gives the seat back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.ids import new_id
from incubator.core.tickets import ticket
from incubator.events.queries import MeetingView, RegistrationView
from incubator.mail.actions import post
from incubator.mail.letters import write

PURPOSE = "registration"


async def send(
    kind: str, meeting: MeetingView, to: RegistrationView, *, key: str, at: datetime, about: UUID | None = None
) -> None:
    """`registered`, `reminder`, `moved` or `cancelled`; with `about`, once about that."""
    letter = write(f"events/letters/{kind}.txt", to.language, name=to.name, meeting=meeting, people_count=to.people_count)
    await post(
        letter,
        kind=f"events.{kind}",
        about=about or new_id(),
        to_email=to.email,
        path=f"/registrations/{ticket(key, PURPOSE, to.id)}",
        at=at,
        stale_after=meeting.ends_at,
    )
