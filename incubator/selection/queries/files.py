"""An application as its committee reads it. Whoever calls has checked that the reader may (R9, R10, R13)."""

from __future__ import annotations

from uuid import UUID

from incubator.applications.queries import content_for_committee
from incubator.applications.queries.committee import CommitteeFile as FileView

__all__ = ["FileView", "file_of"]


async def file_of(application: UUID) -> FileView:
    """The project, its team and its answers, as deposited last. Raises `NotFound`."""
    return await content_for_committee(application)
