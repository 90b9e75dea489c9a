"""The facts a project's thread is made of, as the rooms below hold them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from incubator.progress.rules.facts import OWED, Span


class PhaseFacts(msgspec.Struct, frozen=True):
    """A phase of the plan, in its order."""

    code: str
    name: str
    position: int
    is_entry: bool
    planned_months: Decimal


class Candidacy(msgspec.Struct, frozen=True):
    """The latest application, or the one whose path is under way. `late_until`: until when it may be deposited by derogation."""

    id: UUID
    state: str
    call_code: str
    call_title: str
    closes_at: datetime
    notify_on: date
    deposited_at: datetime | None
    complement_due_at: datetime | None
    ruled_at: datetime | None
    is_presented: bool
    phase_position: int | None
    late_until: datetime | None = None
    deposits_count: int = 1

    @property
    def writes_until(self) -> datetime:
        """Until when a draft may be deposited."""
        return max(self.closes_at, self.late_until) if self.late_until else self.closes_at


class Verdict(msgspec.Struct, frozen=True):
    """A published decision; one that is not published is no fact here."""

    outcome: str
    phase_position: int | None
    waiting_rank: int | None
    published_at: datetime


class Seating(msgspec.Struct, frozen=True):
    """The cohort of the call, the answer to the place, the signatures."""

    cohort_created_at: datetime | None
    starts_on: date | None
    state: str | None
    answer_by: datetime | None
    answered_at: datetime | None
    project_signed_at: datetime | None
    programme_signed_at: datetime | None


class MilestoneFacts(msgspec.Struct, frozen=True):
    """A milestone of an open phase; `to_do` while nothing was done."""

    id: UUID
    name: str
    due_months: Decimal
    is_mandatory: bool
    state: str

    @property
    def is_awaited(self) -> bool:
        """True while it is the team's turn."""
        return self.state in OWED


class EnrolmentFacts(msgspec.Struct, frozen=True):
    """A project in a phase; milestones only while it lasts; `diagnoses` as `holder entry`."""

    id: UUID
    phase_position: int
    phase_name: str
    planned_months: Decimal
    state: str
    starts_on: date
    ended_on: date | None
    prolonged_months: int
    gate_outcome: str | None
    has_gate: bool
    has_opinion: bool
    diagnoses: list[str]
    stops: list[Span]
    milestones: list[MilestoneFacts]

    def lacks(self, side: str, moment: str) -> bool:
        """True until that side has made its diagnosis at that moment."""
        return f"{side} {moment}" not in self.diagnoses


class Viewer(msgspec.Struct, frozen=True):
    """What the reader is to a project: of its team, of its programme's staff.

    `follows`: of the team, a coach or the manager; `has_interest`: declared to the committee (R10); `handles`: reads the
    files of applications, as the manager and instructors do; `writes`: of the team, and not only to read.
    """

    is_team: bool
    is_staff: bool
    follows: bool
    manages: bool
    has_interest: bool
    handles: bool = False
    writes: bool = False


class ThreadFacts(msgspec.Struct, frozen=True):
    """Everything a project's thread is computed from, and what the reader is to it."""

    project: UUID
    name: str
    programme: UUID
    created_at: datetime
    is_team: bool
    is_depositor: bool
    is_coach: bool
    is_lead: bool
    phases: list[PhaseFacts]
    application: Candidacy | None
    verdict: Verdict | None
    seating: Seating | None
    enrolments: list[EnrolmentFacts]

    @property
    def current(self) -> EnrolmentFacts | None:
        """The enrolment that is not over."""
        return next((enrolment for enrolment in self.enrolments if enrolment.ended_on is None), None)
