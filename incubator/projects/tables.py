"""The project and the people who carry it."""

from enum import StrEnum

from piccolo.columns import Text
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from incubator.core.columns import decimal, identity, instant, one_of, reference, version, words
from incubator.core.database import DB
from incubator.people.tables import Account
from incubator.programmes.tables import Programme
from incubator.territory.tables import Commune


class TeamRole(StrEnum):
    """The depositor signs for the team (R2)."""

    DEPOSITOR = "depositor"
    MEMBER = "member"


class Project(Table, db=DB):
    """A social enterprise in the making, from its first contact with a programme."""

    id = identity()
    programme = reference(Programme)
    name = words()
    summary = words()
    commune = reference(Commune, null=True)
    created_at = instant()
    created_by = reference(Account)
    version = version()

    project_has_a_name = Check("name <> ''")


class TeamMember(Table, db=DB):
    """Someone of the team; with an account they see and act, without one they are named. `availability`: days a week."""

    id = identity()
    project = reference(Project)
    account = reference(Account, null=True)
    role = Text(null=False, default=TeamRole.MEMBER.value)
    name = words()
    email = words()
    skills = words()
    availability = decimal(2, 1, null=True)
    joined_at = instant()
    left_at = instant(null=True)

    one_membership_an_account = Unique([project, account])
    team_role_is_known = one_of("role", TeamRole)
    availability_is_within_a_week = Check("availability IS NULL OR availability BETWEEN 0 AND 7")
