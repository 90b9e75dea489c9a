"""Applications for programs: what the team writes and deposits, what staff pronounce."""

from __future__ import annotations

from typing import Any

from incubator.applications.api import applications, desk, files, together, writing

HANDLERS: list[Any] = [*applications.HANDLERS, *desk.HANDLERS, *together.HANDLERS, *writing.HANDLERS, *files.HANDLERS]
