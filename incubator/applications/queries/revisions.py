"""What an answer was: each revision, latest first, for the team alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from incubator.core.database import rows

REVISIONS_SHOWN = 50


class Revision(msgspec.Struct, frozen=True):
    """What one person wrote in a row; `version`: the last of the answer's versions it held."""

    version: int
    value: Any
    started_at: datetime
    written_at: datetime
    by: str


class _Stored(msgspec.Struct, frozen=True):
    version: int
    json: str
    started_at: datetime
    written_at: datetime
    by: str


async def revisions_of(application_id: UUID, question: str) -> list[Revision]:
    """The revisions of an answer, latest first; whoever asks is of the team."""
    found = await rows(
        _Stored,
        "SELECT r.version, r.value::text, r.started_at, r.written_at, a.name FROM answer_revision r"
        " JOIN account a ON a.id = r.written_by WHERE r.application = $1 AND r.question = $2"
        " ORDER BY r.version DESC LIMIT $3",
        application_id, question, REVISIONS_SHOWN,
    )  # fmt: skip
    return [Revision(one.version, msgspec.json.decode(one.json), one.started_at, one.written_at, one.by) for one in found]
