"""A project's application to a call."""

from enum import StrEnum

from piccolo.columns import JSONB, Array, Text
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from incubator.calls.tables import Call, FormVersion
from incubator.core.columns import count, identity, instant, one_of, reference, version, words
from incubator.core.database import DB
from incubator.people.tables import Account
from incubator.programmes.tables import Phase
from incubator.projects.tables import Project


class ApplicationState(StrEnum):
    """A draft of a closed call is lapsed: that is derived, not stored."""

    DRAFT = "draft"
    DEPOSITED = "deposited"
    COMPLEMENT_REQUESTED = "complement_requested"
    ADMISSIBLE = "admissible"
    INADMISSIBLE = "inadmissible"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What staff pronounce on eligibility (R5)."""

    ADMISSIBLE = "admissible"
    INADMISSIBLE = "inadmissible"


class Application(Table, db=DB):
    """One project's candidacy to one call, on the form version the call had when it was started.

    `deposited_at`: its first deposit, by which the staff's queue is ordered.
    """

    id = identity()
    call = reference(Call)
    project = reference(Project)
    form = reference(FormVersion)
    phase = reference(Phase, null=True)
    state = Text(null=False, default=ApplicationState.DRAFT.value)
    started_at = instant()
    started_by = reference(Account)
    deposited_at = instant(null=True)
    version = version()

    one_application_a_call_and_project = Unique([call, project])
    application_state_is_known = one_of("state", ApplicationState)
    only_a_draft_lacks_its_phase = Check("phase IS NOT NULL OR state IN ('draft', 'withdrawn')")


class Answer(Table, db=DB):
    """What the team wrote to one question."""

    id = identity()
    application = reference(Application)
    question = words()
    value = JSONB(null=False)
    written_at = instant()
    written_by = reference(Account)
    version = version()

    one_answer_a_question = Unique([application, question])


class Deposit(Table, db=DB):
    """A deposit and its receipt: number, instant of reception, hash over the canonical content (R4). Never changed."""

    id = identity()
    application = reference(Application)
    ordinal = count(default=1)
    number = words()
    received_at = instant()
    deposited_by = reference(Account)
    content = JSONB(null=False)
    content_hash = words()

    one_deposit_an_ordinal = Unique([application, ordinal])
    one_receipt_a_number = Unique([number])


class ReceiptCounter(Table, db=DB):
    """The last receipt number of a call."""

    call = reference(Call, unique=True)
    last = count()


class Ruling(Table, db=DB):
    """Staff pronounce on eligibility; the latest counts. `checks` is what the rules said at that moment (R5)."""

    id = identity()
    application = reference(Application)
    outcome = Text(null=False)
    reason = words()
    checks = JSONB(null=False)
    pronounced_at = instant()
    pronounced_by = reference(Account)

    ruling_outcome_is_known = one_of("outcome", Outcome)
    inadmissible_has_a_reason = Check("outcome <> 'inadmissible' OR reason <> ''")


class ComplementRequest(Table, db=DB):
    """Staff ask for more on named questions; the rest is frozen (R6)."""

    id = identity()
    application = reference(Application)
    questions = Array(base_column=Text(), null=False)
    message = words()
    asked_at = instant()
    asked_by = reference(Account)
    due_at = instant()
    answered_at = instant(null=True)

    complement_is_due_later = Check("due_at > asked_at")
    complement_names_questions = Check("cardinality(questions) > 0")
