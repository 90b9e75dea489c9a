"""What comes in about cohorts, places and agreements."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from incubator.core.forms import Line, Paragraph, RequiredLine


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form that only confirms."""


class CohortForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Create the cohort of a call."""

    name: RequiredLine
    starts_on: date


class CapacityForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many places there are in an entry phase."""

    places_count: Annotated[int, Meta(ge=0, le=500)]


class AnswerForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Give a place back; the reason is welcome, never required."""

    reason: Paragraph = ""


class SignatureForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sign the agreement whose text has this hash."""

    text_hash: Line
    agreed: bool = False
