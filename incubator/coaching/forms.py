"""What comes in about coaches and sessions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from incubator.coaching.tables import SessionKind
from incubator.core.forms import Line, Paragraph, Version

Minutes = Annotated[int, Meta(ge=5, le=720)]
Days = Annotated[Decimal, Meta(extra={"low": 0, "high": 200})]
Few = Annotated[str, Meta(max_length=1500)]
RequiredFew = Annotated[str, Meta(min_length=1, max_length=1500)]


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form that only confirms."""


class AssignmentForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Give a project a coach."""

    coach: UUID
    is_lead: bool = False
    planned_days: Days | None = None


class SessionForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Log a session: who, when, how long, how, three lines, what comes next; and a note for oneself (R33, R34)."""

    held_on: date
    duration_minutes: Minutes
    kind: SessionKind
    participants: Line = ""
    done: RequiredFew
    decided: Few = ""
    next_steps: Few = ""
    next_on: date | None = None
    no_next_reason: Line = ""
    private_note: Paragraph = ""


class SessionEditForm(SessionForm, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Change a session; after ten days, with a reason. A private note left out stays as it is, an empty one is removed."""

    version: Version
    reason: Line = ""
    private_note: Paragraph | None = None  # type: ignore[assignment]
