"""When a call that is published may take a newer form or grid. No database."""

from __future__ import annotations

from datetime import datetime

from incubator.calls.rules.lifecycle import CallFacts, CallState, state_of
from incubator.core.language import _

ADOPTING = frozenset({CallState.DRAFT, CallState.SCHEDULED, CallState.OPEN})


def why_not_adopt(facts: CallFacts, at: datetime) -> str | None:
    """A call takes a newer version until it closes; then everyone is judged on what they read."""
    if state_of(facts, at) in ADOPTING:
        return None
    return _("Cet appel est clos : il garde le formulaire et la grille que les équipes ont lus.")


def why_not_take(number: int, current: int) -> str | None:
    """Only a later version replaces the one in use."""
    if number > current:
        return None
    return _("Cet appel utilise déjà la version {number}.").format(number=current)
