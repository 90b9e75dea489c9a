"""What a programme is made of. A published version is never edited (trigger `published_version_is_frozen`)."""

from piccolo.columns import JSONB, Boolean
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from incubator.core.columns import count, decimal, identity, instant, reference, words
from incubator.core.database import DB
from incubator.territory.tables import Region


class Strategy(Table, db=DB):
    """A regional strategy for the social and solidarity economy."""

    id = identity()
    code = words()
    title = words()
    region = reference(Region)
    years = words()

    one_strategy_a_code = Unique([code])


class Axis(Table, db=DB):
    """One of the strategy's axes; events, trainings and indicators attach to it."""

    id = identity()
    strategy = reference(Strategy)
    number = count()
    title = words()
    description = words()

    one_axis_a_number = Unique([strategy, number])


class Proposition(Table, db=DB):
    """What an axis proposes to do."""

    id = identity()
    axis = reference(Axis)
    number = count()
    title = words()

    one_proposition_a_number = Unique([axis, number])


class Programme(Table, db=DB):
    """An incubation programme: Alter'Incub Centre-Val de Loire. The tenant of all that follows."""

    id = identity()
    code = words()
    name = words()
    carrier = words()
    description = words()
    contact_email = words()
    region = reference(Region)
    axis = reference(Axis)

    one_programme_a_code = Unique([code])


class PlanVersion(Table, db=DB):
    """A version of the programme's phases; an enrolment keeps the phase of the plan it entered by.

    `diagnosis_axes` is a list of `forms.DiagnosisAxis`.
    """

    id = identity()
    programme = reference(Programme)
    number = count(default=1)
    diagnosis_axes = JSONB(null=False, default="[]")
    published_at = instant(null=True)

    one_plan_a_number = Unique([programme, number])


class Phase(Table, db=DB):
    """A phase of development. Durations in months.

    `alert_days`: without a session for so long, someone is told (R32); 0: nobody is. `norms` is a `forms.SupportNorms`, or
    `null`.
    """

    id = identity()
    plan = reference(PlanVersion)
    position = count()
    code = words()
    name = words()
    description = words()
    planned_months = decimal(4, 1)
    months_min = decimal(4, 1)
    months_max = decimal(4, 1)
    prolongation_months_max = count()
    alert_days = count()
    is_entry = Boolean(null=False, default=False)
    has_gate = Boolean(null=False, default=False)
    norms = JSONB(null=False, default="null")

    one_phase_a_code = Unique([plan, code])
    phase_durations_are_ordered = Check("months_min <= planned_months AND planned_months <= months_max")


class Milestone(Table, db=DB):
    """A deliverable expected in a phase, due so many months after the project entered it."""

    id = identity()
    phase = reference(Phase)
    position = count()
    code = words()
    name = words()
    help = words()
    due_months = decimal(4, 1)
    is_mandatory = Boolean(null=False, default=False)

    one_milestone_a_code = Unique([phase, code])
