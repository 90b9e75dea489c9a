"""Who was given a place, and in which phase they are enrolled."""

from enum import StrEnum

from piccolo.columns import Text
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from incubator.calls.tables import Call
from incubator.core.columns import count, day, identity, instant, one_of, reference, version, words
from incubator.core.database import DB
from incubator.people.tables import Account
from incubator.programmes.tables import Phase, Programme
from incubator.projects.tables import Project
from incubator.selection.tables import Decision


class PlaceState(StrEnum):
    """Offered from the waiting list, or answered. A retained project that has not answered has no row yet."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class EnrolmentState(StrEnum):
    """Where a project is in a phase."""

    TO_START = "to_start"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    IN_REVIEW = "in_review"
    PASSED = "passed"
    STOPPED = "stopped"


class Cohort(Table, db=DB):
    """A promotion: the projects that enter together after a call."""

    id = identity()
    programme = reference(Programme)
    call = reference(Call, unique=True)
    name = words()
    starts_on = day()
    created_at = instant()
    created_by = reference(Account, null=True)


class Capacity(Table, db=DB):
    """How many places a cohort has in an entry phase, and how many are taken."""

    id = identity()
    cohort = reference(Cohort)
    phase = reference(Phase)
    places_count = count()
    taken_count = count()

    one_capacity_a_phase = Unique([cohort, phase])
    taken_places_exist = Check("taken_count BETWEEN 0 AND places_count")


class Place(Table, db=DB):
    """A project's answer to the place it was offered; a decision with a place can no longer be revoked."""

    id = identity()
    cohort = reference(Cohort)
    decision = reference(Decision, unique=True)
    project = reference(Project)
    phase = reference(Phase)
    state = Text(null=False)
    offered_at = instant()
    answer_by = instant()
    answered_at = instant(null=True)
    answered_by = reference(Account, null=True)

    one_place_a_project_and_cohort = Unique([cohort, project])
    place_state_is_known = one_of("state", PlaceState)
    an_answer_has_its_instant = Check("(state = 'offered') = (answered_at IS NULL)")


class Agreement(Table, db=DB):
    """The incubation agreement, in force once both sides have signed (R30)."""

    id = identity()
    place = reference(Place, unique=True)
    text = words()
    text_hash = words()
    drawn_up_at = instant()
    project_signed_at = instant(null=True)
    project_signed_by = reference(Account, null=True)
    programme_signed_at = instant(null=True)
    programme_signed_by = reference(Account, null=True)


class Enrolment(Table, db=DB):
    """A project in a phase; due dates count from `starts_on` and skip suspensions."""

    id = identity()
    place = reference(Place)
    project = reference(Project)
    cohort = reference(Cohort)
    phase = reference(Phase)
    state = Text(null=False, default=EnrolmentState.TO_START.value)
    starts_on = day()
    ended_on = day(null=True)
    end_reason = words()
    version = version()

    one_enrolment_a_phase = Unique([place, phase])
    enrolment_state_is_known = one_of("state", EnrolmentState)
    an_end_has_its_day = Check("(state IN ('passed', 'stopped')) = (ended_on IS NOT NULL)")
