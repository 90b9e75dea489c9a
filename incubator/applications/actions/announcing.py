"""Telling the team of every draft that the closing of their call moved (domain §5.3)."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid5

from incubator.applications.letters import tell
from incubator.applications.queries.announcing import drafts_of
from incubator.calls.actions import mark_told
from incubator.calls.queries import ExtensionView, untold_extensions
from incubator.core.database import transaction
from incubator.journal.actions import record
from incubator.projects.queries import team_accounts


async def announce_extensions(*, at: datetime) -> int:
    """Write to the teams of the drafts of each call that was extended, even closed since; how many extensions were told.

    An extension is told in one transaction: everybody is written to and it is marked, or it is found again.
    """
    told = 0
    for extension in await untold_extensions():
        told += await _announce(extension, at)
    return told


async def _announce(extension: ExtensionView, at: datetime) -> bool:
    async with transaction():
        if not await mark_told(extension.id, at=at):
            return False
        drafts = await drafts_of(extension.call, started_before=extension.extended_at)
        for draft in drafts:
            await tell(
                await team_accounts(draft.project), "extended", about=uuid5(extension.id, str(draft.id)),
                path=f"/applications/{draft.id}", at=at, project=draft.project_name, extension=extension,
            )  # fmt: skip
        await record("extension.told", extension.id, by=None, at=at, data={"code": extension.code, "drafts": len(drafts)})
        return True
