"""Pages of applications: the team's, section by section, and the staff's."""

from __future__ import annotations

from typing import Any

from incubator.applications.pages import sections, staff, team

HANDLERS: list[Any] = [*team.HANDLERS, *sections.HANDLERS, *staff.HANDLERS]
