"""The pages of this room."""

from typing import Any

from incubator.projects.pages import invitations, projects, team

HANDLERS: list[Any] = [*projects.HANDLERS, *team.HANDLERS, *invitations.HANDLERS]
