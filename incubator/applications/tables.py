"""A project's application to a call."""

from enum import StrEnum

from piccolo.columns import JSONB, Array, Boolean, Text
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from incubator.calls.tables import Call, FormVersion
from incubator.core.columns import count, identity, instant, one_of, reference, version, words
from incubator.core.database import DB
from incubator.people.tables import Account
from incubator.programmes.tables import Phase, Programme
from incubator.projects.tables import Project
from incubator.territory.tables import Commune


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

    `deposited_at`: its first deposit, by which the staff's queue is ordered. `filed_*`: what the deposit says of the
    project, by which lists are read (the committee never reads the project as it is now). `instructor`: who handles it.
    `restricted_at`: since when, of the staff, its manager alone reads it (R55).
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
    filed_name = words()
    filed_commune = reference(Commune, null=True)
    instructor = reference(Account, null=True)
    anonymised_at = instant(null=True)
    restricted_at = instant(null=True)
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
    anonymised_at = instant(null=True)

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
    """Staff ask for more on named questions, each with its own sentence or none; the rest is frozen (R6).

    `follow_ups`: the questions that depend on those, and may change with them.
    """

    id = identity()
    application = reference(Application)
    questions = Array(base_column=Text(), null=False)
    follow_ups = Array(base_column=Text(), null=False, default=list)
    sentences = JSONB(null=False, default="{}")
    message = words()
    asked_at = instant()
    asked_by = reference(Account)
    due_at = instant()
    answered_at = instant(null=True)

    complement_is_due_later = Check("due_at > asked_at")
    complement_names_questions = Check("cardinality(questions) > 0")


class Derogation(Table, db=DB):
    """A draft of a closed call that its manager lets be completed and deposited until an instant; the committee reads why."""

    id = identity()
    application = reference(Application, unique=True)
    reason = words()
    until_at = instant()
    given_by = reference(Account)
    given_at = instant()

    derogation_has_a_reason = Check("reason <> ''")
    derogation_ends_later = Check("until_at > given_at")


class TextKind(StrEnum):
    """What a ready text is for."""

    ADMISSIBLE = "admissible"
    INADMISSIBLE = "inadmissible"
    COMPLEMENT = "complement"


class TextTemplate(Table, db=DB):
    """A text that staff take up and change before sending it: the programme's own, beside those of the house."""

    id = identity()
    programme = reference(Programme)
    kind = Text(null=False)
    title = words()
    text = words()
    removed_at = instant(null=True)
    version = version()

    text_kind_is_known = one_of("kind", TextKind)
    text_has_a_title_and_words = Check("title <> '' AND text <> ''")


class AnswerRevision(Table, db=DB):
    """What an answer was, and whose words they were: one row for what one person wrote in a row. No word is ever lost."""

    id = identity()
    application = reference(Application)
    question = words()
    version = count(default=1)
    value = JSONB(null=False)
    started_at = instant()
    written_at = instant()
    written_by = reference(Account)

    one_revision_a_version = Unique([application, question, version])


class Presence(Table, db=DB):
    """Where someone of the team was last seen in the dossier. Forgotten as soon as they are elsewhere."""

    id = identity()
    application = reference(Application)
    account = reference(Account)
    section = words()
    question = words()
    seen_at = instant()

    one_presence_a_person = Unique([application, account])


class Confirmation(Table, db=DB):
    """A member of the team is in it and agrees to the deposit (R2). The depositor's is the deposit itself."""

    id = identity()
    application = reference(Application)
    account = reference(Account)
    confirmed_at = instant()

    one_confirmation_a_member = Unique([application, account])


class Inquiry(Table, db=DB):
    """A team asks the programme something about a section of its call's form ("" : about no section in particular).

    Staff may see that it was asked while the application itself is a draft they do not see; the committee never does (R15).
    """

    id = identity()
    application = reference(Application)
    call = reference(Call)
    section = words()
    asked_by = reference(Account)
    asked_at = instant()
    closed_at = instant(null=True)
    version = version()


class InquiryMessage(Table, db=DB):
    """A question of the team, or an answer of the programme (`is_staff`). Never changed."""

    id = identity()
    inquiry = reference(Inquiry)
    author = reference(Account)
    is_staff = Boolean(null=False, default=False)
    text = words()
    written_at = instant()

    inquiry_message_has_words = Check("text <> ''")
