"""What is known of a project in a phase, whole, in one Struct."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

SETTLED = ("valid", "waived")
OWED = ("to_do", "in_progress", "sent_back")
GOING_ON = ("active", "in_review")


class Span(msgspec.Struct, frozen=True):
    """Days during which the clock stands still; `until_on` is None while it still does."""

    from_on: date
    until_on: date | None
    reason: str = ""


class MilestoneFacts(msgspec.Struct, frozen=True):
    """A deliverable expected in a phase and where it stands (`to_do` while nothing was written)."""

    id: UUID
    code: str
    name: str
    help: str
    due_months: Decimal
    is_mandatory: bool
    state: str
    version: int
    submitted_at: datetime | None
    waiver_asked_by: UUID | None
    reviewed_by: str | None

    @property
    def is_settled(self) -> bool:
        """Valid, or without object: what a gate asks for (R35)."""
        return self.state in SETTLED

    @property
    def is_owed(self) -> bool:
        """The team still has to hand it in."""
        return self.state in OWED


class DiagnosisView(msgspec.Struct, frozen=True):
    """Levels 1 to 5 by axis code, by the holder or the coach, at entry or at the gate."""

    side: str
    moment: str
    levels: dict[str, int]
    made_at: datetime
    made_by: str


class OpinionView(msgspec.Struct, frozen=True):
    """What a coach thinks of passing the gate."""

    is_favourable: bool
    text: str
    given_at: datetime
    given_by: str


class ReviewView(msgspec.Struct, frozen=True):
    """What a gate review decided."""

    outcome: str
    prolonged_months: int | None
    reason: str
    decided_at: datetime
    decided_by: str


class EnrolmentFacts(msgspec.Struct, frozen=True):
    """A project in a phase: its deliverables, suspensions, diagnoses, opinions and reviews (latest first).

    `is_first`: the phase it entered by, where each side makes its entry diagnosis.
    """

    id: UUID
    project: UUID
    project_name: str
    programme: UUID
    place: UUID
    cohort: UUID
    cohort_name: str
    plan: UUID
    phase: UUID
    phase_code: str
    phase_name: str
    position: int
    planned_months: Decimal
    prolongation_months_max: int
    has_gate: bool
    state: str
    starts_on: date
    ended_on: date | None
    end_reason: str
    version: int
    milestones: list[MilestoneFacts]
    suspensions: list[Span]
    diagnoses: list[DiagnosisView]
    opinions: list[OpinionView]
    reviews: list[ReviewView]
    is_first: bool = True

    @property
    def prolongation(self) -> ReviewView | None:
        """The review that prolonged the phase, if any."""
        return next((review for review in self.reviews if review.outcome == "prolong"), None)

    @property
    def prolonged_months(self) -> int:
        """Months added by a prolongation."""
        return (self.prolongation.prolonged_months or 0) if self.prolongation else 0

    @property
    def opinion(self) -> OpinionView | None:
        """The latest opinion, given since the phase was prolonged if it was (R35)."""
        since = self.prolongation.decided_at if self.prolongation else None
        return next((found for found in self.opinions if since is None or found.given_at > since), None)

    def owes_entry_diagnosis(self, side: str) -> bool:
        """True when that side has not said yet where the project stood when it came."""
        return self.is_first and not self.has_diagnosis(side, "entry")

    def milestone(self, milestone_id: UUID) -> MilestoneFacts | None:
        """A milestone of this phase."""
        return next((found for found in self.milestones if found.id == milestone_id), None)

    def has_diagnosis(self, side: str, moment: str) -> bool:
        """True when that side has made its diagnosis at that moment."""
        return any(made.side == side and made.moment == moment for made in self.diagnoses)
