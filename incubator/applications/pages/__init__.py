"""Pages of applications: the team's, section by section, up to the deposit, and the staff's."""

from __future__ import annotations

from typing import Any

from incubator.applications.pages import depositing, sections, staff, team

HANDLERS: list[Any] = [*team.HANDLERS, *depositing.HANDLERS, *sections.HANDLERS, *staff.HANDLERS]
