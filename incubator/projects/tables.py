"""The project and the people who carry it."""

from enum import StrEnum

from piccolo.columns import Bytea, Text
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from incubator.core.columns import decimal, identity, instant, one_of, reference, version, words
from incubator.core.database import DB
from incubator.people.tables import Account
from incubator.programmes.tables import Programme
from incubator.territory.tables import Commune, Epci


class TeamRole(StrEnum):
    """The depositor signs for the team (R2); depositor and editors write; readers see everything and change nothing."""

    DEPOSITOR = "depositor"
    EDITOR = "editor"
    READER = "reader"


class GivenRole(StrEnum):
    """What one is invited as. The depositor is named later, among those who have accepted."""

    EDITOR = "editor"
    READER = "reader"


class Project(Table, db=DB):
    """A social enterprise in the making, from its first contact with a programme.

    `epci`: where it was, once it is anonymised and its commune is gone (R55).
    """

    id = identity()
    programme = reference(Programme)
    name = words()
    summary = words()
    commune = reference(Commune, null=True)
    created_at = instant()
    created_by = reference(Account)
    epci = reference(Epci, null=True)
    anonymised_at = instant(null=True)
    version = version()

    project_has_a_name = Check("name <> ''")


class TeamMember(Table, db=DB):
    """Someone of the team: an account that created the project or accepted an invitation.

    Without an account: named before invitations existed, and not invited yet. `availability`: days a week.
    """

    id = identity()
    project = reference(Project)
    account = reference(Account, null=True)
    role = Text(null=False, default=TeamRole.EDITOR.value)
    name = words()
    email = words()
    skills = words()
    availability = decimal(2, 1, null=True)
    joined_at = instant()
    left_at = instant(null=True)

    one_membership_an_account = Unique([project, account])
    team_role_is_depositor_editor_or_reader = one_of("role", TeamRole)
    availability_is_within_a_week = Check("availability IS NULL OR availability BETWEEN 0 AND 7")


class TeamInvitation(Table, db=DB):
    """An address is invited to a team. Only the hash of its link's secret is kept; it ends once, in one way.

    `invited_at`: when the latest letter left; `expires_at`: until when it can be accepted.
    """

    id = identity()
    project = reference(Project)
    email = words()
    name = words()
    role = Text(null=False)
    token_hash = Bytea(null=False)
    invited_by = reference(Account)
    invited_at = instant()
    expires_at = instant()
    accepted_at = instant(null=True)
    accepted_by = reference(Account, null=True)
    declined_at = instant(null=True)
    revoked_at = instant(null=True)

    one_invitation_a_token = Unique([token_hash])
    invited_role_is_editor_or_reader = one_of("role", GivenRole)
    invitation_has_an_address = Check("email <> ''")
    invitation_ends_in_one_way = Check("num_nonnulls(accepted_at, declined_at, revoked_at) <= 1")
    accepted_invitation_says_by_whom = Check("(accepted_at IS NULL) = (accepted_by IS NULL)")
