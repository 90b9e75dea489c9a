"""The acts on projects, their teams and invitations."""

from incubator.projects.actions.invitations import (
    accept_invitation,
    ask_entry,
    decline_invitation,
    invite_member,
    resend_invitation,
    revoke_invitation,
)
from incubator.projects.actions.projects import create_project, save_project
from incubator.projects.actions.teams import change_role, name_depositor, remove_member, save_skills

__all__ = [
    "accept_invitation",
    "ask_entry",
    "change_role",
    "create_project",
    "decline_invitation",
    "invite_member",
    "name_depositor",
    "remove_member",
    "resend_invitation",
    "revoke_invitation",
    "save_project",
    "save_skills",
]
