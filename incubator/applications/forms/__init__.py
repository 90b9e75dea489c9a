"""What comes in about applications."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from incubator.applications.tables import Outcome, TextKind
from incubator.core.forms import ONE_LINE, Line, Paragraph, RequiredParagraph, Version
from incubator.projects.forms import InseeCode, Name

Title = Annotated[str, Meta(min_length=1, max_length=120, extra=ONE_LINE)]
Sentence = Annotated[str, Meta(max_length=1000)]
QuestionCode = Annotated[str, Meta(min_length=1, max_length=20, extra=ONE_LINE)]
AnswerVersion = Annotated[int, Meta(ge=0, le=2147483647)]


class StartForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Start an application with one of one's projects."""

    project: UUID


class NewProjectStartForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Start an application with a new project: its name, and where it is when that is known already."""

    name: Name
    commune: InseeCode = ""
    commune_text: Line | None = None


class AnswersForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Answers by question code, and the version read of each (0, or nothing, for a question not answered before)."""

    answers: Annotated[dict[QuestionCode, Any], Meta(max_length=200)]
    versions: Annotated[dict[QuestionCode, AnswerVersion], Meta(max_length=200)] = {}


class AnswerForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer, and the version of it that was read (0, or nothing, for a question not answered before)."""

    value: Any = None
    version: AnswerVersion = 0


class PresenceForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where one is in the dossier, and the version of each answer one has before one's eyes."""

    section: QuestionCode
    question: Annotated[str, Meta(max_length=20, extra=ONE_LINE)] = ""
    versions: Annotated[dict[QuestionCode, AnswerVersion], Meta(max_length=200)] = {}


class RestoreForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Take up again what an answer was at a version; `version`: of the answer as it is now."""

    revision: AnswerVersion
    version: AnswerVersion


class RebaseForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Move a draft onto the form its call asks for now; `form`: the version that was shown."""

    form: UUID


class ImportForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Take up the answers of another of one's applications (R8); `replace`: those already written here too.

    `seen`: what a page says it showed of these, so that nobody's later words are replaced unseen.
    """

    source: UUID
    replace: bool = False
    seen: Line = ""


class DepositForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Deposit. `version`: of the application that was read, when one wants to be sure; `statements`: those accepted with it.

    `seen`: what the page named of the answers it showed.
    """

    version: Version | None = None
    statements: Annotated[list[QuestionCode], Meta(max_length=60)] = []
    seen: Annotated[str, Meta(max_length=64, extra=ONE_LINE)] = ""


class WithdrawalForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Withdraw for good; `confirmation` is the project's name, typed."""

    confirmation: Line
    reason: Annotated[str, Meta(max_length=1000)] = ""


class RulingForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Pronounce on eligibility (R5); a reason is needed to refuse, and to admit against a blocking rule."""

    outcome: Outcome
    reason: Paragraph = ""


class ComplementForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask for more on these questions (R6): a sentence for each, or one message for all, or both.

    `due_on`: the last day, when it is later than the fifteen days there are by default.
    """

    message: Paragraph = ""
    questions: Annotated[list[QuestionCode], Meta(max_length=200)] = []
    sentences: Annotated[dict[QuestionCode, Sentence], Meta(max_length=200)] = {}
    due_on: date | None = None


class DerogationForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Let a draft of a closed call be completed and deposited until then; the committee reads the reason."""

    reason: RequiredParagraph
    until_at: datetime


class InstructorForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who handles an application from now on; nobody when empty."""

    instructor: UUID | None = None


class TextForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ready text. {projet}, {appel}, {echeance} in it are filled when it is taken up."""

    kind: TextKind
    title: Title
    text: RequiredParagraph
    version: Version | None = None
