"""What the teams of the story join to their files: a CV for each of them, printed as any paper of ours."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from incubator.applications.actions.files import add_file
from incubator.core.clock import local_date
from incubator.core.typesetting import compiled
from incubator.demo.stage import Stage
from incubator.documents.actions import Prepared, prepare
from incubator.documents.storage import Kept

CVS = "9.1"
Mate = Sequence[Any]  # name, town, role, days a week, skills


async def join_cvs(stage: Stage, key: str, application: UUID, at: datetime) -> None:
    """One PDF for each of the team, as the form asks."""
    sheet, by = stage.sheets[key], stage.holders[key]
    for mate in sheet.team:
        printed = await asyncio.to_thread(cv, mate, sheet.name, at)
        made = await _received(stage.kept, f"CV {mate[0]}.pdf", printed)
        await add_file(application, CVS, made, by=by, at=at)


def cv(mate: Mate, project: str, at: datetime) -> bytes:
    """The PDF, dated of that day."""
    name, town, role, days, skills = mate
    facts = [("Dans le projet", str(role)), ("Temps donné", f"{days} jours par semaine"), ("Métier", str(skills))]
    data = {"title": str(name), "author": str(name), "lang": "fr", "at": at.isoformat(), "project": project, "town": str(town)}
    return compiled("demo/cv", data | {"facts": facts, "text": f"CV fictif, écrit le {local_date(at):%d/%m/%Y}."})


async def _received(kept: Kept, name: str, content: bytes) -> Prepared:
    file = kept.arriving()
    try:
        await asyncio.to_thread(file.write_bytes, content)
        return await prepare(kept, file, name)
    finally:
        file.unlink(missing_ok=True)
