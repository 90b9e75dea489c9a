"""Publishing versions; creating, editing, publishing and extending calls."""

from incubator.calls.actions.calls import CreatedCall, check_manages, create_call, edit_call, extend_call, publish_call
from incubator.calls.actions.versions import publish_form, publish_grid

__all__ = [
    "CreatedCall",
    "check_manages",
    "create_call",
    "edit_call",
    "extend_call",
    "publish_call",
    "publish_form",
    "publish_grid",
]
