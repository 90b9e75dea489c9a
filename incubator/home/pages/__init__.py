"""The home page, a project's whole life, and looking at someone else's pages."""

from __future__ import annotations

from typing import Any

from incubator.home.pages import life, viewing

HANDLERS: list[Any] = [*life.HANDLERS, *viewing.HANDLERS]
