"""Pages of meetings: what everybody sees, and what their organisers do."""

from __future__ import annotations

from typing import Any

from incubator.events.pages import organising, visiting

HANDLERS: list[Any] = [*visiting.HANDLERS, *organising.HANDLERS]
