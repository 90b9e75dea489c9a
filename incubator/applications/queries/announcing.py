"""Reading who must hear that a closing moved."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import rows


class DraftApplication(msgspec.Struct, frozen=True):
    """An application being written."""

    id: UUID
    project: UUID
    project_name: str


async def drafts_of(call: UUID, *, started_before: datetime) -> list[DraftApplication]:
    """The drafts of a call that were started by then, oldest first."""
    return await rows(
        DraftApplication,
        "SELECT a.id, a.project, p.name FROM application a JOIN project p ON p.id = a.project"
        " WHERE a.call = $1 AND a.state = 'draft' AND a.started_at <= $2 ORDER BY a.started_at, a.id LIMIT 5000",
        call, started_before,
    )  # fmt: skip
