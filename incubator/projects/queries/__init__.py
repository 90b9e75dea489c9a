"""Reading projects, teams and invitations. One sees one's own projects, and those of the programmes one works for."""

from incubator.projects.queries.invitations import (
    InvitationView,
    PendingInvitation,
    invitation_by_link,
    invitation_for,
    invitations_to,
    locked_invitation,
    pending_invitations,
)
from incubator.projects.queries.projects import (
    Editing,
    ProjectLine,
    ProjectView,
    editing,
    project_for,
    projects_of,
)
from incubator.projects.queries.teams import (
    IS_ME,
    MemberView,
    TeamAccount,
    is_team,
    limited,
    member_of,
    open_to,
    seating,
    team_accounts,
)

__all__ = [
    "IS_ME",
    "Editing",
    "InvitationView",
    "MemberView",
    "PendingInvitation",
    "ProjectLine",
    "ProjectView",
    "TeamAccount",
    "editing",
    "invitation_by_link",
    "invitation_for",
    "invitations_to",
    "is_team",
    "limited",
    "locked_invitation",
    "member_of",
    "open_to",
    "pending_invitations",
    "project_for",
    "projects_of",
    "seating",
    "team_accounts",
]
