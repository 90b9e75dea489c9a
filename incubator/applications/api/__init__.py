"""Applications for programs: what the team writes and deposits, what staff pronounce."""

from __future__ import annotations

from typing import Any

from incubator.applications.api import applications, files, writing

HANDLERS: list[Any] = [*applications.HANDLERS, *writing.HANDLERS, *files.HANDLERS]
