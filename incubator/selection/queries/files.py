"""An application as its committee reads it. Whoever calls has checked that the reader may (R9, R10, R13)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.applications.queries import content_for_committee
from incubator.applications.rules.reading import ReadSection
from incubator.core.database import row
from incubator.core.errors import NotFound


class FileView(msgspec.Struct, frozen=True):
    """The project, its team and its answers, as deposited last."""

    application: UUID
    name: str
    summary: str
    commune: str | None
    epci: str | None
    departement: str | None
    phase: str
    number: str
    received_at: datetime
    team: list[str]
    sections: list[ReadSection]


class _Project(msgspec.Struct, frozen=True):
    summary: str
    commune: str | None
    epci: str | None
    departement: str | None
    team: list[str]


async def file_of(application: UUID) -> FileView:
    """The file of an application. Raises `NotFound`."""
    filed = await content_for_committee(application)
    project = await row(
        _Project,
        "SELECT j.summary, m.name, i.name, d.name, COALESCE((SELECT json_agg(CASE WHEN t.skills = '' THEN t.name"
        " ELSE t.name || ' — ' || t.skills END ORDER BY t.joined_at, t.name) FROM team_member t"
        " WHERE t.project = j.id AND t.left_at IS NULL), '[]')::text"
        " FROM project j LEFT JOIN commune m ON m.insee_code = j.commune LEFT JOIN epci i ON i.siren = m.epci"
        " LEFT JOIN departement d ON d.code = m.departement WHERE j.id = $1",
        filed.project,
    )
    if project is None:
        raise NotFound
    return FileView(
        application=application,
        name=filed.project_name,
        phase=filed.phase,
        number=filed.number,
        received_at=filed.received_at,
        sections=filed.sections,
        **{name: getattr(project, name) for name in _Project.__struct_fields__},
    )
