"""Rules of applications: their life, what is in them, whether they are eligible."""

from __future__ import annotations

from incubator.applications.rules.dossier import Content, Missing, SectionProgress, canonical, content_hash
from incubator.applications.rules.eligibility import CheckResult, eligibility
from incubator.applications.rules.moves import MOVES, STATE_WORDS, ApplicationFacts, shown_state

__all__ = [
    "MOVES",
    "STATE_WORDS",
    "ApplicationFacts",
    "CheckResult",
    "Content",
    "Missing",
    "SectionProgress",
    "canonical",
    "content_hash",
    "eligibility",
    "shown_state",
]
