"""Reading applications: the team's own, and those deposited to a call of one's programme."""

from __future__ import annotations

from incubator.applications.queries.dossiers import (
    Dossier,
    admissible_of,
    application_to,
    content_for_committee,
    dossier_for,
    locked_facts,
    receipts_of,
)
from incubator.applications.queries.staff import desk_for, queue_of

__all__ = [
    "Dossier",
    "admissible_of",
    "application_to",
    "content_for_committee",
    "desk_for",
    "dossier_for",
    "locked_facts",
    "queue_of",
    "receipts_of",
]
