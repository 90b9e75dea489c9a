"""Pages about personal data: one's own, and what staff answer and confirm."""

from incubator.privacy.pages import mine, staff

HANDLERS = [*mine.HANDLERS, *staff.HANDLERS]
