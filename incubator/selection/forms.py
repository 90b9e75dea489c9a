"""What comes in, from pages and from programs alike."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from incubator.core.forms import Count, Email, Line, Paragraph, RequiredLine
from incubator.selection.tables import College, DecisionOutcome

Code = Annotated[str, Meta(min_length=1, max_length=20, description="a criterion's code, for example A1")]
Rank = Annotated[int, Meta(ge=1, le=500)]


class Mark(StrEnum):
    """A score from 1 to 5, or NSP: the member cannot assess this criterion (R16)."""

    ONE = "1"
    TWO = "2"
    THREE = "3"
    FOUR = "4"
    FIVE = "5"
    NSP = "nsp"

    @property
    def value_or_none(self) -> int | None:
        """The score as a number; None for NSP, which is never counted as 0."""
        return None if self is Mark.NSP else int(self.value)


class Interest(StrEnum):
    """What a member declares about one application (R10)."""

    NONE = "none"
    INTEREST = "interest"


class CommitteeForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Create the committee of a call."""

    name: RequiredLine


class SeatForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Give someone a seat, for a college."""

    name: RequiredLine
    email: Email
    college: College


class PresentationForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Put admissible applications before the committee: those named, or all of them."""

    applications: Annotated[list[UUID], Meta(max_length=1000)] = []
    everything: bool = False


class UndertakingForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sign the confidentiality undertaking; `text_hash` is that of the text that was shown (R9)."""

    text_hash: Line
    agreed: bool = False


class DeclarationForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Say whether one has an interest in an application, before opening it (R10)."""

    interest: Interest
    reason: Paragraph = ""


class AssessmentForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One member's scores and comments by criterion code; what is absent is not scored yet.

    `finished` hands the assessment in. `version` is the one that was read, 0 when nothing was saved yet.
    """

    scores: Annotated[dict[Code, Mark], Meta(max_length=60, examples=[{"A1": "4", "A2": "nsp"}])] = {}
    comments: Annotated[dict[Code, Paragraph], Meta(max_length=60)] = {}
    comment: Paragraph = ""
    finished: bool = False
    version: Count = 0


class DecisionForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the committee decided on an application, and why (R25).

    `phase` is the code of an entry phase of the call. `reasons` are by criterion code; a criterion named in `weaknesses`
    is a weak point when its mean does not say so by itself. `version` is the one that was read, 0 for a first decision.
    """

    outcome: DecisionOutcome
    phase: Line = ""
    waiting_rank: Rank | None = None
    conditions: Paragraph = ""
    orientation: Paragraph = ""
    reasons: Annotated[dict[Code, Paragraph], Meta(max_length=60)] = {}
    weaknesses: Annotated[list[Code], Meta(max_length=60)] = []
    no_quorum_reason: Paragraph = ""
    version: Count = 0


class PublicationForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Publish every decision of the committee; `call` is the code of its call, typed to be sure."""

    call: RequiredLine
