"""The committee's work on the applications put before it."""

from enum import StrEnum

from piccolo.columns import JSONB, Array, Boolean, SmallInt, Text
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from incubator.applications.tables import Application
from incubator.calls.tables import Call, Criterion
from incubator.core.columns import count, decimal, identity, instant, one_of, reference, version, words
from incubator.core.database import DB
from incubator.people.tables import Account
from incubator.programmes.tables import Phase


class College(StrEnum):
    """Who a member sits for (reference programme, section 5)."""

    FUNDERS = "funders"
    ESS = "ess"
    ENTREPRENEURS = "entrepreneurs"
    EXPERTS = "experts"
    TEAM = "team"


class DecisionOutcome(StrEnum):
    """What the committee decides."""

    RETAINED = "retained"
    WAITING_LIST = "waiting_list"
    REDIRECTED = "redirected"
    NOT_RETAINED = "not_retained"


class AssessmentState(StrEnum):
    """Not started: no row. Handed in: no longer changes."""

    DRAFT = "draft"
    HANDED_IN = "handed_in"


class Committee(Table, db=DB):
    """The selection committee of a call."""

    id = identity()
    call = reference(Call)
    name = words()
    created_at = instant()
    created_by = reference(Account, null=True)

    one_committee_a_call_and_name = Unique([call, name])


class Seat(Table, db=DB):
    """A member of a committee, for a college."""

    id = identity()
    committee = reference(Committee)
    account = reference(Account)
    college = Text(null=False)
    is_voting = Boolean(null=False, default=True)
    given_at = instant()
    ended_at = instant(null=True)

    one_seat_a_member = Unique([committee, account])
    college_is_known = one_of("college", College)


class Undertaking(Table, db=DB):
    """A member's signed confidentiality for the call; before it nothing opens (R9)."""

    id = identity()
    seat = reference(Seat, unique=True)
    signed_at = instant()
    text_hash = words()


class Presentation(Table, db=DB):
    """An admissible application put before a committee, with what its assessments add up to.

    The sums are kept by the act that hands an assessment in, never recomputed to be shown. `assessments_count` is how
    many voices make the mean; figures out of 100 mean nothing while it is 0. `criteria` holds count, mean, low, high,
    deviation (1 to 5) by criterion code. `knock_out_mean` and `first_block_mean` (1 to 5) settle ties (R22).
    """

    id = identity()
    committee = reference(Committee)
    application = reference(Application, unique=True)
    presented_at = instant()
    presented_by = reference(Account)
    assessments_count = count()
    mean = decimal(6, 3)
    median = decimal(6, 3)
    low = decimal(6, 3)
    high = decimal(6, 3)
    deviation = decimal(6, 3)
    knock_out_mean = decimal(4, 3)
    first_block_mean = decimal(4, 3)
    flags = Array(base_column=Text(), null=False)
    criteria = JSONB(null=False, default="{}")

    mean_is_out_of_100 = Check("mean BETWEEN 0 AND 100")


class Declaration(Table, db=DB):
    """A member says, before opening an application, whether they have an interest in it (R10)."""

    id = identity()
    seat = reference(Seat)
    presentation = reference(Presentation)
    has_interest = Boolean(null=False, default=None)
    reason = words()
    declared_at = instant()

    one_declaration_a_member_and_application = Unique([seat, presentation])


class Assessment(Table, db=DB):
    """One member's scores on one application; `total` out of 100 once handed in, if enough was scored (R17)."""

    id = identity()
    seat = reference(Seat)
    presentation = reference(Presentation)
    state = Text(null=False, default=AssessmentState.DRAFT.value)
    comment = words()
    total = decimal(6, 3, null=True)
    saved_at = instant()
    handed_in_at = instant(null=True)
    version = version()

    one_assessment_a_member = Unique([seat, presentation])
    assessment_state_is_known = one_of("state", AssessmentState)
    handed_in_has_its_instant = Check("(state = 'handed_in') = (handed_in_at IS NOT NULL)")


class Score(Table, db=DB):
    """A score from 1 to 5 on a criterion, or NSP: the member cannot assess it (R16). Neither: only a comment, in a draft."""

    id = identity()
    assessment = reference(Assessment, cascade=True)
    criterion = reference(Criterion)
    value = SmallInt(null=True, default=None)
    is_nsp = Boolean(null=False, default=False)
    comment = words()

    one_score_a_criterion = Unique([assessment, criterion])
    score_is_from_1_to_5 = Check("value IS NULL OR value BETWEEN 1 AND 5")
    nsp_has_no_value = Check("value IS NULL OR NOT is_nsp")


class Decision(Table, db=DB):
    """What the committee decided on an application; visible to its team once published (R25).

    `voters_count`, `voices_count`, `colleges_count` are the quorum as it was when the decision was recorded (R24).
    """

    id = identity()
    presentation = reference(Presentation, unique=True)
    outcome = Text(null=False)
    phase = reference(Phase, null=True)
    waiting_rank = SmallInt(null=True, default=None)
    conditions = words()
    orientation = words()
    voters_count = count()
    voices_count = count()
    colleges_count = count()
    no_quorum_reason = words()
    decided_at = instant()
    decided_by = reference(Account)
    version = version()

    decision_outcome_is_known = one_of("outcome", DecisionOutcome)
    a_place_names_its_phase = Check("(outcome IN ('retained', 'waiting_list')) = (phase IS NOT NULL)")
    a_waiting_list_has_ranks = Check("(outcome = 'waiting_list') = (waiting_rank IS NOT NULL)")
    a_refusal_has_an_orientation = Check("outcome NOT IN ('redirected', 'not_retained') OR orientation <> ''")
    without_quorum_there_is_a_reason = Check(
        "voters_count = 0 OR (voices_count * 2 >= voters_count AND colleges_count >= 2) OR no_quorum_reason <> ''"
    )


class DecisionReason(Table, db=DB):
    """Why, on a criterion: a strength or a weakness, in words the team will read."""

    id = identity()
    decision = reference(Decision, cascade=True)
    criterion = reference(Criterion)
    is_strength = Boolean(null=False, default=None)
    text = words()

    one_reason_a_criterion = Unique([decision, criterion])
    reason_is_written = Check("text <> ''")


class Publication(Table, db=DB):
    """The committee's decisions are published: they become visible and the mails leave together."""

    id = identity()
    committee = reference(Committee, unique=True)
    published_at = instant()
    published_by = reference(Account)
