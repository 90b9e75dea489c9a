"""What is sent to announce a meeting, to come to it, and to say who came."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from incubator.core.forms import ONE_LINE, Email, Line, Paragraph, RequiredLine, Version

InseeCode = Annotated[str, Meta(max_length=5, extra=ONE_LINE, description="INSEE code of the commune", examples=["45147"])]
Seats = Annotated[int, Meta(ge=1, le=2000)]
PeopleCount = Annotated[int, Meta(ge=1, le=10)]
LinkText = Annotated[str, Meta(max_length=500, extra=ONE_LINE)]


class MeetingForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A meeting: in a place, at a distance with a link, or both."""

    title: RequiredLine
    description: Paragraph = ""
    starts_at: datetime
    ends_at: datetime
    seats: Seats
    place_name: Line = ""
    address: Line = ""
    commune: InseeCode = ""
    commune_text: Line | None = None
    is_remote: bool = False
    link: LinkText = ""


class NewMeetingForm(MeetingForm, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A meeting to announce; `every_call`: it is shown on every call of the programme."""

    every_call: bool = False


class EditMeetingForm(MeetingForm, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A meeting as it should become; `version` is the one that was read."""

    version: Version


class CancellationForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a meeting does not take place; those who registered read it."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class RegistrationForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who comes, and how many in all."""

    name: RequiredLine
    email: Email
    people_count: PeopleCount = 1


class AttendanceForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The registrations of those who came; the others did not."""

    came: Annotated[list[UUID], Meta(max_length=2000)] = []


class Confirmation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form that only confirms."""
