"""When a call may be published, extended, archived; what makes a form and a grid sound; which questions are asked."""

from incubator.calls.rules.checklist import Check, Publishing, Standing, checklist, why_not_publish
from incubator.calls.rules.files import why_not_file
from incubator.calls.rules.forms import holds, is_asked, is_required, why_not_condition, why_not_form, why_not_question
from incubator.calls.rules.grids import why_not_criteria, why_not_grid
from incubator.calls.rules.lifecycle import (
    BY_THE_CLOCK,
    MOVES,
    STATE_WORDS,
    CallFacts,
    CallState,
    call_state,
    check_dates,
    proposed_code,
    state_of,
    weeks_later,
    weeks_to_next,
    why_not_archive,
    why_not_edit,
    why_not_extend,
    why_not_restore,
)

__all__ = [
    "BY_THE_CLOCK",
    "MOVES",
    "STATE_WORDS",
    "CallFacts",
    "CallState",
    "Check",
    "Publishing",
    "Standing",
    "call_state",
    "check_dates",
    "checklist",
    "holds",
    "is_asked",
    "is_required",
    "proposed_code",
    "state_of",
    "weeks_later",
    "weeks_to_next",
    "why_not_archive",
    "why_not_condition",
    "why_not_criteria",
    "why_not_edit",
    "why_not_extend",
    "why_not_file",
    "why_not_form",
    "why_not_grid",
    "why_not_publish",
    "why_not_question",
    "why_not_restore",
]
