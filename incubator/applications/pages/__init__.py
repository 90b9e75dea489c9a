"""Pages of applications: the team's, section by section, up to the deposit, and the staff's."""

from __future__ import annotations

from typing import Any

from incubator.applications.pages import (
    carrying,
    complements,
    confirming,
    depositing,
    files,
    inquiring,
    preview,
    queue,
    receipts,
    revisions,
    sections,
    staff,
    team,
    texts,
)

HANDLERS: list[Any] = [
    *team.HANDLERS,
    *confirming.HANDLERS,
    *depositing.HANDLERS,
    *inquiring.HANDLERS,
    *receipts.HANDLERS,
    *sections.HANDLERS,
    *files.HANDLERS,
    *revisions.HANDLERS,
    *carrying.HANDLERS,
    *queue.HANDLERS,
    *staff.HANDLERS,
    *complements.HANDLERS,
    *texts.HANDLERS,
    *preview.HANDLERS,
]
