"""Reading applications: the team's own, and those deposited to a call of one's programme."""

from __future__ import annotations

from incubator.applications.queries.committee import content_for_committee
from incubator.applications.queries.dossiers import (
    Dossier,
    application_to,
    dossier_for,
    locked_facts,
    receipts_of,
)
from incubator.applications.queries.queue import queue_of
from incubator.applications.queries.staff import desk_for

__all__ = [
    "Dossier",
    "application_to",
    "content_for_committee",
    "desk_for",
    "dossier_for",
    "locked_facts",
    "queue_of",
    "receipts_of",
]
