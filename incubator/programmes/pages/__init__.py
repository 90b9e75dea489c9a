"""Pages of a programme: what it is, and who works for it."""

from __future__ import annotations

from typing import Any

from incubator.programmes.pages import programmes, staff

HANDLERS: list[Any] = [*programmes.HANDLERS, *staff.HANDLERS]
