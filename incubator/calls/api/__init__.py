"""Calls for programs."""

from incubator.calls.api import building, editing, faq, files, reading

HANDLERS = [*reading.HANDLERS, *editing.HANDLERS, *faq.HANDLERS, *building.HANDLERS, *files.HANDLERS]
