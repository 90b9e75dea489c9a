"""Pages of applications: the team's and the staff's."""

from __future__ import annotations

from typing import Any

HANDLERS: list[Any] = []
