"""Publishing versions; creating, copying, editing, publishing, extending and archiving calls."""

from incubator.calls.actions.calls import CreatedCall, create_call, edit_call
from incubator.calls.actions.importing import import_call
from incubator.calls.actions.lifecycle import archive_call, extend_call, mark_told, publish_call, restore_call
from incubator.calls.actions.managing import check_manages
from incubator.calls.actions.versions import publish_form, publish_grid

__all__ = [
    "CreatedCall",
    "archive_call",
    "check_manages",
    "create_call",
    "edit_call",
    "extend_call",
    "import_call",
    "mark_told",
    "publish_call",
    "publish_form",
    "publish_grid",
    "restore_call",
]
