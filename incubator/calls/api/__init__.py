"""Calls for programs."""

from incubator.calls.api import editing, faq, reading

HANDLERS = [*reading.HANDLERS, *editing.HANDLERS, *faq.HANDLERS]
