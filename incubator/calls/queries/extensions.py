"""Reading how the closing of a call moved."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import rows

UNTOLD_MAX = 20


class ExtensionView(msgspec.Struct, frozen=True):
    """A closing that was moved later; `told_at` is None until every draft's team was written to."""

    id: UUID
    call: UUID
    code: str
    title: str
    closes_from: datetime
    closes_to: datetime
    reason: str
    extended_at: datetime
    extended_by: str
    told_at: datetime | None


_EXTENSION = (
    "SELECT x.id, x.call, c.code, c.title, x.closes_from, x.closes_to, x.reason, x.extended_at, a.name, x.told_at"
    " FROM extension x JOIN call c ON c.id = x.call JOIN account a ON a.id = x.extended_by"
)


async def extensions_of(call: UUID) -> list[ExtensionView]:
    """How the closing of a call moved, oldest first."""
    return await rows(ExtensionView, f"{_EXTENSION} WHERE x.call = $1 ORDER BY x.extended_at, x.id LIMIT 100", call)


async def untold_extensions() -> list[ExtensionView]:
    """Extensions nobody was written to about yet, oldest first."""
    return await rows(ExtensionView, f"{_EXTENSION} WHERE x.told_at IS NULL ORDER BY x.extended_at, x.id LIMIT $1", UNTOLD_MAX)
