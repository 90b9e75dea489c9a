"""What is sent to create, edit and extend a call."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from incubator.core.forms import ONE_LINE, Paragraph, RequiredLine, Version

CallCode = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=40,
        extra=ONE_LINE,
        description="Capitals, digits and hyphens",
        examples=["AAC-CVL-2026-1"],
    ),
]
DepartementCode = Annotated[str, Meta(min_length=2, max_length=3)]
PhaseCode = Annotated[str, Meta(min_length=1, max_length=40)]
PlacesCount = Annotated[int, Meta(ge=0, le=500)]


class CallFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A call. `places` says how many there are by code of entry phase; the versions belong to one programme."""

    title: RequiredLine
    code: CallCode
    introduction: Paragraph = ""
    opens_at: datetime
    closes_at: datetime
    notify_on: date
    departements: Annotated[list[DepartementCode], Meta(max_length=110)] = []
    places: Annotated[dict[PhaseCode, PlacesCount], Meta(max_length=20)] = {}
    form: UUID
    grid: UUID
    plan: UUID


class CallForm(CallFields, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A call to be. `copy_of`: the call it takes over from what this form does not say (its frequent questions)."""

    copy_of: Annotated[str, Meta(max_length=40, extra=ONE_LINE)] = ""


class EditCallForm(CallFields, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A call as it should become; `version` is the one that was read (or `If-Match` names it)."""

    version: Version | None = None


class ExtensionForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A later closing, and why. `notify_on`: when it must follow; null leaves it."""

    closes_at: datetime
    notify_on: date | None = None
    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class ImportFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What may differ from the file when a call is made from it, and the programme it is made in."""

    programme: UUID
    code: CallCode
    opens_at: datetime
    closes_at: datetime
    notify_on: date


class ImportForm(ImportFields, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The same with the file that was read on the page before, packed."""

    file: Annotated[str, Meta(min_length=1, max_length=1_400_000)]


class Confirmation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form that only confirms."""
