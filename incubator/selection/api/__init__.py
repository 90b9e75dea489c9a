"""The room for programs: the same acts and reads as its pages."""

from typing import Any

from incubator.selection.api import committees, decisions, members

HANDLERS: list[Any] = [*committees.HANDLERS, *members.HANDLERS, *decisions.HANDLERS]
