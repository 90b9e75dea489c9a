"""What an enrolled project has delivered, and how it passes to the next phase."""

from enum import StrEnum

from piccolo.columns import JSONB, Boolean, SmallInt, Text
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from incubator.cohorts.tables import Enrolment
from incubator.core.columns import day, identity, instant, one_of, reference, version, words
from incubator.core.database import DB
from incubator.people.tables import Account
from incubator.programmes.tables import Milestone


class DeliverableState(StrEnum):
    """To do: no row. `waived`: without object, said by one person and confirmed by another."""

    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    VALID = "valid"
    WAIVER_ASKED = "waiver_asked"
    WAIVED = "waived"


class Side(StrEnum):
    """Whose eyes a diagnosis is seen with."""

    HOLDER = "holder"
    COACH = "coach"


class Moment(StrEnum):
    """When a diagnosis is made."""

    ENTRY = "entry"
    GATE = "gate"


class GateOutcome(StrEnum):
    """What the gate review decides."""

    PASS = "pass"  # noqa: S105 - no password
    PROLONG = "prolong"
    REDIRECT = "redirect"
    STOP = "stop"


class Deliverable(Table, db=DB):
    """What a project has done for a milestone."""

    id = identity()
    enrolment = reference(Enrolment)
    milestone = reference(Milestone)
    state = Text(null=False)
    content = words()
    link = words()
    submitted_at = instant(null=True)
    submitted_by = reference(Account, null=True)
    review = words()
    reviewed_at = instant(null=True)
    reviewed_by = reference(Account, null=True)
    waiver_reason = words()
    waiver_asked_by = reference(Account, null=True)
    version = version()

    one_deliverable_a_milestone = Unique([enrolment, milestone])
    deliverable_state_is_known = one_of("state", DeliverableState)
    a_waiver_has_a_reason = Check("state NOT IN ('waiver_asked', 'waived') OR waiver_reason <> ''")
    a_waiver_needs_two_people = Check("state <> 'waived' OR reviewed_by <> waiver_asked_by")


class Suspension(Table, db=DB):
    """The clock of an enrolment stands still from a day until another."""

    id = identity()
    enrolment = reference(Enrolment)
    from_on = day()
    until_on = day(null=True)
    reason = words()
    suspended_by = reference(Account)
    resumed_by = reference(Account, null=True)

    suspension_ends_after_it_starts = Check("until_on IS NULL OR until_on >= from_on")


class Diagnosis(Table, db=DB):
    """Levels 1 to 5 on the eight axes, seen by the holder or by the coach; `levels` by axis code."""

    id = identity()
    enrolment = reference(Enrolment)
    side = Text(null=False)
    moment = Text(null=False)
    levels = JSONB(null=False)
    made_at = instant()
    made_by = reference(Account)

    one_diagnosis_a_side_and_moment = Unique([enrolment, side, moment])
    side_is_known = one_of("side", Side)
    moment_is_known = one_of("moment", Moment)


class CoachOpinion(Table, db=DB):
    """What the coach thinks of passing the gate; the latest counts (R35)."""

    id = identity()
    enrolment = reference(Enrolment)
    is_favourable = Boolean(null=False, default=None)
    text = words()
    given_at = instant()
    given_by = reference(Account)


class GateReview(Table, db=DB):
    """The review of a phase: pass, prolong (once, R36), redirect or stop."""

    id = identity()
    enrolment = reference(Enrolment)
    outcome = Text(null=False)
    prolonged_months = SmallInt(null=True, default=None)
    reason = words()
    decided_at = instant()
    decided_by = reference(Account)

    gate_outcome_is_known = one_of("outcome", GateOutcome)
    a_prolongation_has_months = Check("(outcome = 'prolong') = (prolonged_months IS NOT NULL)")
    a_gate_has_a_reason = Check("reason <> ''")
