"""Acts of the room: compose, sign, declare, assess, decide, publish."""

from incubator.selection.actions.assessments import assess, declare, sign_undertaking
from incubator.selection.actions.committees import allow_export, create_committee, end_seat, give_seat, present_applications
from incubator.selection.actions.decisions import Published, decide, publish

__all__ = [
    "Published",
    "allow_export",
    "assess",
    "create_committee",
    "decide",
    "declare",
    "end_seat",
    "give_seat",
    "present_applications",
    "publish",
    "sign_undertaking",
]
