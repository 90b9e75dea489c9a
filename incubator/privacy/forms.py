"""What comes in about personal data."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from incubator.core.forms import Paragraph
from incubator.privacy.tables import RequestKind

Reason = Annotated[str, Meta(min_length=1, max_length=1000)]


class RequestForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask something about one's own data; `confirmation` is one's address, for an erasure."""

    kind: RequestKind
    text: Paragraph = ""
    confirmation: Annotated[str, Meta(max_length=254)] = ""


class AnswerForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Answer a request: carried out, or refused for a stated legal reason."""

    is_granted: bool
    answer: Reason


class HoldForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Keep a thing (call, application, project, person, by its id) from being erased, and why."""

    subject: UUID
    reason: Reason


class LinesForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Confirm, or keep a year more, these proposals."""

    lines: Annotated[list[UUID], Meta(max_length=500)] = []


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form that only confirms."""
