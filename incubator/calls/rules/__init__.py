"""When a call may be published, extended; what makes a form and a grid sound; which questions are asked. No database."""

from incubator.calls.rules.forms import holds, is_asked, is_required, why_not_condition, why_not_form, why_not_question
from incubator.calls.rules.grids import why_not_criteria, why_not_grid
from incubator.calls.rules.lifecycle import (
    MOVES,
    STATE_WORDS,
    CallFacts,
    CallState,
    call_state,
    check_dates,
    proposed_code,
    state_of,
    why_not_edit,
    why_not_extend,
    why_not_publish,
)

__all__ = [
    "MOVES",
    "STATE_WORDS",
    "CallFacts",
    "CallState",
    "call_state",
    "check_dates",
    "holds",
    "is_asked",
    "is_required",
    "proposed_code",
    "state_of",
    "why_not_condition",
    "why_not_criteria",
    "why_not_edit",
    "why_not_extend",
    "why_not_form",
    "why_not_grid",
    "why_not_publish",
    "why_not_question",
]
