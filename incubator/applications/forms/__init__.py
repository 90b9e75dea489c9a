"""What comes in about applications."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from incubator.applications.tables import Outcome
from incubator.core.forms import ONE_LINE, Line, Paragraph, RequiredParagraph, Version

QuestionCode = Annotated[str, Meta(min_length=1, max_length=20, extra=ONE_LINE)]
AnswerVersion = Annotated[int, Meta(ge=0, le=2147483647)]


class StartForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Start an application with one of one's projects."""

    project: UUID


class AnswersForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Answers by question code, and the version read of each (0, or nothing, for a question not answered before)."""

    answers: Annotated[dict[QuestionCode, Any], Meta(max_length=200)]
    versions: Annotated[dict[QuestionCode, AnswerVersion], Meta(max_length=200)] = {}


class DepositForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Deposit. `version`: of the application that was read, when one wants to be sure."""

    version: Version | None = None


class WithdrawalForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Withdraw for good; `confirmation` is the project's name, typed."""

    confirmation: Line
    reason: Annotated[str, Meta(max_length=1000)] = ""


class RulingForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Pronounce on eligibility (R5); a reason is needed to refuse, and to admit against a blocking rule."""

    outcome: Outcome
    reason: Paragraph = ""


class ComplementForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask for more on these questions (R6)."""

    message: RequiredParagraph
    questions: Annotated[list[QuestionCode], Meta(max_length=200)] = []
