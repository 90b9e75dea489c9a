"""What several pages of calls say alike."""

from __future__ import annotations

from datetime import datetime

from incubator.calls import rules
from incubator.core.clock import local
from incubator.core.language import _


def state_words() -> dict[str, str]:
    """States of a call in the reader's words."""
    return {state.value: _(words) for state, words in rules.STATE_WORDS.items()}


def wall(instant: datetime) -> str:
    """An instant as a `datetime-local` field holds it, in Paris."""
    return local(instant).strftime("%Y-%m-%dT%H:%M")
