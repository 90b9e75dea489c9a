"""What comes in about deliverables, suspensions, diagnoses, opinions and gates."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from incubator.core.forms import Line, Paragraph, RequiredParagraph, Version
from incubator.progress.tables import GateOutcome, Moment

Text = Annotated[str, Meta(max_length=20000)]
Address = Annotated[str, Meta(max_length=1000, extra={"line": True})]
Read = Annotated[int, Meta(ge=0, le=2147483647)]
Months = Annotated[int, Meta(ge=1, le=12)]
Level = Annotated[int, Meta(ge=1, le=5)]


class Verdict(StrEnum):
    """What a coach answers to a deliverable."""

    VALIDATE = "validate"
    SEND_BACK = "send_back"


class WaiverVerdict(StrEnum):
    """What a second person answers to a waiver."""

    CONFIRM = "confirm_waiver"
    REFUSE = "refuse_waiver"


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form that only confirms."""


class DeliverableForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the team writes for a milestone; `finished` hands it in. `version` is 0 while nothing was saved."""

    content: Text = ""
    link: Address = ""
    finished: bool = False
    version: Read = 0


class ReviewForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Validate a deliverable, or send it back with a comment."""

    verdict: Verdict
    version: Version
    comment: Paragraph = ""


class WaiverForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask to do without a deliverable, with the reason."""

    reason: RequiredParagraph
    version: Read = 0


class WaiverAnswerForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Confirm or refuse that a deliverable is without object."""

    verdict: WaiverVerdict
    version: Version
    comment: Paragraph = ""


class SuspensionForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Stop the clock from a day."""

    from_on: date
    reason: RequiredParagraph


class DiagnosisForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A level on each axis of the plan, by axis code."""

    moment: Moment
    levels: dict[Line, Level]


class OpinionForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the coach thinks of passing the gate."""

    text: RequiredParagraph
    is_favourable: bool = False


class GateForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the gate review decides, and why; to redirect or stop, the project's name is typed to be sure."""

    outcome: GateOutcome
    reason: RequiredParagraph
    version: Version
    prolonged_months: Months | None = None
    project_name: Line = ""
