"""Whether the database is as new as the code: read without loading what migrates, which a server never needs."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from incubator.core.database import column

MIGRATIONS = Path(__file__).parent.parent.parent / "piccolo_migrations"
_ID = re.compile(r'^ID = "([^"]+)"', re.MULTILINE)


async def pending() -> bool:
    """True while the database is older than the code."""
    return not _known() <= set(await column("SELECT name FROM migration WHERE app_name = 'incubator'"))


@cache
def _known() -> frozenset[str]:
    """The ids of the migrations that come with the code."""
    texts = [path.read_text(encoding="utf-8") for path in MIGRATIONS.glob("incubator_*.py")]
    return frozenset(found[1] for text in texts if (found := _ID.search(text)))
