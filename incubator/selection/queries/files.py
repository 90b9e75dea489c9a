"""An application as its committee reads it. Whoever calls has checked that the reader may (R9, R10, R13)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from incubator.calls.queries import form_of
from incubator.core.database import row, rows
from incubator.core.errors import NotFound
from incubator.selection.rules.reading import SectionView, communes_in, sections


class FileView(msgspec.Struct, frozen=True):
    """The project, its team and its answers, as deposited."""

    application: UUID
    name: str
    summary: str
    commune: str | None
    epci: str | None
    departement: str | None
    phase: str | None
    number: str | None
    received_at: datetime | None
    team: list[str]
    sections: list[SectionView]


class _Stored(msgspec.Struct, frozen=True):
    form: UUID
    name: str
    summary: str
    commune: str | None
    epci: str | None
    departement: str | None
    phase: str | None
    number: str | None
    received_at: datetime | None
    team: list[str]
    answers: dict[str, Any]
    phases: dict[str, str]


class _Commune(msgspec.Struct, frozen=True):
    code: str
    name: str


async def file_of(application: UUID) -> FileView:
    """The file: one statement, and one more for the communes its answers name."""
    found = await row(
        _Stored,
        "SELECT a.form, j.name, j.summary, m.name, i.name, d.name, f.name, r.number, r.received_at,"
        " COALESCE((SELECT json_agg(CASE WHEN t.skills = '' THEN t.name ELSE t.name || ' — ' || t.skills END"
        " ORDER BY t.joined_at, t.name) FROM team_member t WHERE t.project = j.id AND t.left_at IS NULL), '[]')::text,"
        " COALESCE((SELECT jsonb_object_agg(w.question, w.value) FROM answer w WHERE w.application = a.id), '{}')::text,"
        " COALESCE((SELECT json_object_agg(h.code, h.name) FROM phase h WHERE h.plan = c.plan), '{}')::text"
        " FROM application a JOIN project j ON j.id = a.project JOIN call c ON c.id = a.call"
        " LEFT JOIN commune m ON m.insee_code = j.commune LEFT JOIN epci i ON i.siren = m.epci"
        " LEFT JOIN departement d ON d.code = m.departement LEFT JOIN phase f ON f.id = a.phase"
        " LEFT JOIN LATERAL (SELECT o.number, o.received_at FROM deposit o WHERE o.application = a.id"
        " ORDER BY o.ordinal DESC LIMIT 1) r ON true WHERE a.id = $1",
        application,
    )
    if found is None:
        raise NotFound
    form = await form_of(found.form)
    codes = communes_in(form, found.answers)
    communes = await rows(
        _Commune, "SELECT insee_code, name FROM commune WHERE insee_code = ANY($1) ORDER BY insee_code LIMIT 20", codes
    ) if codes else []  # fmt: skip
    names = found.phases | {commune.code: commune.name for commune in communes}
    told = {name: getattr(found, name) for name in FileView.__struct_fields__ if hasattr(found, name)}
    return FileView(application=application, sections=sections(form, found.answers, names), **told)
