"""Announcing, changing and cancelling meetings; coming and not coming; who came; reminding."""

from incubator.events.actions.meetings import cancel_meeting, create_meeting, edit_meeting, remind_meetings
from incubator.events.actions.registrations import leave, mark_attendance, register, registration_by

__all__ = [
    "cancel_meeting",
    "create_meeting",
    "edit_meeting",
    "leave",
    "mark_attendance",
    "register",
    "registration_by",
    "remind_meetings",
]
