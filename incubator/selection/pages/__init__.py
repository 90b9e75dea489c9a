"""The room for people."""

from typing import Any

from incubator.selection.pages import committees, decisions, members

HANDLERS: list[Any] = [*committees.HANDLERS, *members.HANDLERS, *decisions.HANDLERS]
