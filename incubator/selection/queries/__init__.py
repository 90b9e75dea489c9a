"""Reads of the room; what later rooms read of it is named here."""

from incubator.selection.queries.committees import committee_for_manager
from incubator.selection.queries.decisions import (
    PublishedDecision,
    PublishedReason,
    decision_for_team,
    published_decision,
    published_decision_of_project,
    retained_of,
    waiting_list,
)
from incubator.selection.queries.members import MyCommittee, committees_of

__all__ = [
    "MyCommittee",
    "PublishedDecision",
    "PublishedReason",
    "committee_for_manager",
    "committees_of",
    "decision_for_team",
    "published_decision",
    "published_decision_of_project",
    "retained_of",
    "waiting_list",
]
