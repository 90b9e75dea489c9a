"""Calls for programs."""

from incubator.calls.api import editing, reading

HANDLERS = [*reading.HANDLERS, *editing.HANDLERS]
