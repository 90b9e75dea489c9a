"""What several pages of calls say alike."""

from __future__ import annotations

from datetime import datetime

from incubator.calls import rules
from incubator.core.clock import local
from incubator.core.language import _
from incubator.core.values import which_of_two


def state_words() -> dict[str, str]:
    """States of a call in the reader's words."""
    return {state.value: _(words) for state, words in rules.STATE_WORDS.items()}


def wall(instant: datetime) -> str:
    """An instant as a `datetime-local` field holds it, in Paris."""
    return local(instant).strftime("%Y-%m-%dT%H:%M")


def instant_fields(**instants: datetime) -> dict[str, str]:
    """Instants as `instant_field` holds them: the hour in Paris, and which one when it comes twice (B02)."""
    walls = {name: wall(instant) for name, instant in instants.items()}
    return walls | {f"{name}.which": which_of_two(instant) for name, instant in instants.items()}
