"""What a project on its way hands in, and how it passes its gates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from incubator.core.clock import local_date
from incubator.core.database import value
from incubator.demo.paths import Walk, words
from incubator.demo.stage import Act
from incubator.progress.actions.deliverables import review_deliverable, write_deliverable
from incubator.progress.actions.enrolments import decide_gate, diagnose, give_opinion, suspend_enrolment
from incubator.progress.forms import (
    DeliverableForm,
    DiagnosisForm,
    GateForm,
    OpinionForm,
    ReviewForm,
    SuspensionForm,
    Verdict,
)
from incubator.progress.queries.paths import enrolment_for
from incubator.progress.rules.facts import EnrolmentFacts
from incubator.progress.tables import GateOutcome, Moment

AXES = ("need", "offer", "model", "governance", "team", "territory", "impact", "funding")


class Progress(Walk):
    """A walk with its milestones."""

    async def _enrolment(self) -> EnrolmentFacts:
        found: UUID = await value(
            "SELECT id FROM enrolment WHERE project = $1 ORDER BY ended_on IS NULL DESC, starts_on DESC LIMIT 1", self.project
        )
        facts, _standing = await enrolment_for(self.coach, found)
        return facts

    def deliver(self, days: Mapping[str, int], *, back: str = "", waiting: tuple[str, ...] = ()) -> None:
        """Hands in each milestone on its day; the coach reads it within the week, sends `back` one once, keeps some `waiting`."""
        for code, day in days.items():
            self.stage.on(day, self._hand_in(code), 20, self.dice.randrange(60))
            if code == back:
                self.stage.on(day + 3, self._review(code, Verdict.SEND_BACK), 15, 10)
                self.stage.on(day + 9, self._hand_in(code), 21, 20)
            if code not in waiting:
                self.stage.on(
                    day + (13 if code == back else 5), self._review(code, Verdict.VALIDATE), 15, self.dice.randrange(60)
                )

    def _hand_in(self, code: str) -> Act:
        async def act(at: datetime) -> None:
            enrolment = await self._enrolment()
            milestone = next(one for one in enrolment.milestones if one.code == code)
            form = DeliverableForm(content=words()["deliverables"][code], finished=True, version=milestone.version)
            await write_deliverable(enrolment.id, milestone.id, form, by=self.holder, at=at)

        return act

    def _review(self, code: str, verdict: Verdict) -> Act:
        async def act(at: datetime) -> None:
            enrolment = await self._enrolment()
            milestone = next(one for one in enrolment.milestones if one.code == code)
            comment = words()["back"] if verdict is Verdict.SEND_BACK else ""
            form = ReviewForm(verdict=verdict, version=milestone.version, comment=comment)
            await review_deliverable(enrolment.id, milestone.id, form, by=self.coach, at=at)

        return act

    def diagnose(self, at_gate: bool, day: int, *, low: int) -> None:
        """Both sides situate the project on the eight axes; levels rise from `low`."""
        made_at = Moment.GATE if at_gate else Moment.ENTRY
        for shift in (0, 1):
            self.stage.on(day, self._diagnosis(made_at, low, by_coach=bool(shift)), 11 + 3 * shift, 20)

    def _diagnosis(self, made_at: Moment, low: int, *, by_coach: bool) -> Act:
        levels = {axis: min(5, max(1, low + self.dice.randrange(3) - int(by_coach))) for axis in AXES}

        async def act(at: datetime) -> None:
            enrolment = await self._enrolment()
            person = self.coach if by_coach else self.holder
            await diagnose(enrolment.id, DiagnosisForm(moment=made_at, levels=levels), by=person, at=at)

        return act

    def gate(self, day: int, outcome: GateOutcome, reason: str, *, months: int | None = None, opinion: str = "") -> None:
        """The coach gives an opinion the week before, when there is one; the review decides."""
        if opinion:
            self.stage.on(day - 6, self._opinion(opinion, is_favourable=outcome is GateOutcome.PASS), 16, 45)
        self.stage.on(day, self._decision(outcome, reason, months), 16, 30)

    def _opinion(self, text: str, *, is_favourable: bool) -> Act:
        async def act(at: datetime) -> None:
            enrolment = await self._enrolment()
            form = OpinionForm(text=text, is_favourable=is_favourable)
            await give_opinion(enrolment.id, form, by=self.coach, at=at)

        return act

    def _decision(self, outcome: GateOutcome, reason: str, months: int | None) -> Act:
        async def act(at: datetime) -> None:
            enrolment = await self._enrolment()
            form = GateForm(
                outcome=outcome, reason=reason, version=enrolment.version, prolonged_months=months,
                project_name=enrolment.project_name,
            )  # fmt: skip
            await decide_gate(enrolment.id, form, by=self.stage.staff.manager, at=at)

        return act

    def suspend(self, day: int, reason: str) -> None:
        """The clock stops."""

        async def act(at: datetime) -> None:
            enrolment = await self._enrolment()
            form = SuspensionForm(from_on=local_date(at), reason=reason)
            await suspend_enrolment(enrolment.id, form, by=self.coach, at=at)

        self.stage.on(day, act, 9, 50)
