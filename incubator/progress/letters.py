"""The mails of this room."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from incubator.coaching.queries import coaches_of
from incubator.coaching.rules import Standing
from incubator.cohorts.queries import team_addresses
from incubator.core.ids import new_id
from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.people.queries import person


async def tell_team(project_id: UUID, name: str, *, at: datetime, **context: Any) -> None:
    """Post the letter of that name to each member of the team."""
    event = new_id()
    for member in await team_addresses(project_id):
        letter = write(f"progress/letters/{name}.txt", member.language, name=member.name, **context)
        await post(
            letter,
            kind=f"progress.{name}",
            about=event,
            to_email=member.email,
            to_account=member.id,
            path=f"/projects/{project_id}/path",
            at=at,
        )


async def tell_coaches(standing: Standing, name: str, *, at: datetime, **context: Any) -> None:
    """Post the letter of that name to each present coach."""
    event, path = new_id(), f"/projects/{standing.project}/path"
    for line in await coaches_of(standing):
        if line.until_on is None:
            coach = await person(line.coach)
            letter = write(f"progress/letters/{name}.txt", coach.language, name=coach.name, **context)
            await post(letter, kind=f"progress.{name}", about=event, to_email=coach.email, to_account=coach.id, path=path, at=at)
