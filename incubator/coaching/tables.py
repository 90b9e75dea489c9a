"""Who coaches whom, and what was done together."""

from enum import StrEnum

from piccolo.columns import JSONB, Boolean, Text
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from incubator.core.columns import count, day, decimal, identity, instant, one_of, reference, version, words
from incubator.core.database import DB
from incubator.people.tables import Account
from incubator.projects.tables import Project


class SessionKind(StrEnum):
    """How coach and project met."""

    DIAGNOSIS = "diagnosis"
    ONE_TO_ONE = "one_to_one"
    VISIT = "visit"
    PHONE = "phone"
    REMOTE = "remote"
    GROUP = "group"


class CoachAssignment(Table, db=DB):
    """A coach follows a project; one lead coach at a time (R31, partial unique index `one_lead_coach_a_project`)."""

    id = identity()
    project = reference(Project)
    coach = reference(Account)
    is_lead = Boolean(null=False, default=True)
    from_on = day()
    until_on = day(null=True)
    planned_days = decimal(4, 1)
    assigned_at = instant()
    assigned_by = reference(Account)

    an_assignment_ends_after_it_starts = Check("until_on IS NULL OR until_on >= from_on")


class SupportSession(Table, db=DB):
    """A session held with a project. Its three lines are shared; the next date, or why there is none, is required (R33)."""

    id = identity()
    project = reference(Project)
    coach = reference(Account)
    held_on = day()
    duration_minutes = count()
    kind = Text(null=False)
    participants = words()
    done = words()
    decided = words()
    next_steps = words()
    next_on = day(null=True)
    no_next_reason = words()
    logged_at = instant()
    version = version()

    session_kind_is_known = one_of("kind", SessionKind)
    session_lasts_within_a_day = Check("duration_minutes BETWEEN 5 AND 720")
    session_says_what_comes_next = Check("next_on IS NOT NULL OR no_next_reason <> ''")


class SessionCorrection(Table, db=DB):
    """What a session said before it was corrected, and why."""

    id = identity()
    session = reference(SupportSession)
    before = JSONB(null=False)
    reason = words()
    corrected_at = instant()
    corrected_by = reference(Account)


class PrivateNote(Table, db=DB):
    """A coach's note for themselves; only its author and the manager ever see it (R34)."""

    id = identity()
    session = reference(SupportSession)
    author = reference(Account)
    text = words()
    written_at = instant()

    one_private_note_a_session = Unique([session])
