"""A project's path under suspensions, reviews and gates, whatever their order (R35, R36)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
import msgspec
from hypothesis.stateful import initialize, invariant, precondition, rule

from incubator.cohorts.actions import accept_place
from incubator.core.clock import local_date
from incubator.core.database import rows, value
from incubator.core.errors import Conflict, Invalid, NotFound, Refused, Stale
from incubator.people.queries import Person
from incubator.progress.actions.deliverables import answer_waiver, ask_waiver, review_deliverable, write_deliverable
from incubator.progress.actions.enrolments import (
    decide_gate,
    diagnose,
    give_opinion,
    resume_enrolment,
    suspend_enrolment,
)
from incubator.progress.forms import (
    DeliverableForm,
    DiagnosisForm,
    GateForm,
    OpinionForm,
    ReviewForm,
    SuspensionForm,
    Verdict,
    WaiverAnswerForm,
    WaiverForm,
    WaiverVerdict,
)
from incubator.progress.queries.paths import PathView, axes_of, path_of
from incubator.progress.rules.dates import milestone_due, phase_end
from incubator.progress.rules.facts import EnrolmentFacts
from incubator.progress.rules.gates import missing_for_gate
from incubator.progress.tables import GateOutcome, Moment
from tests.stateful.house import House
from tests.stateful.life import Expected, Life
from tests.world.applications import an_admissible_application
from tests.world.calls import a_call
from tests.world.coaching import a_coached_project, a_second_coach
from tests.world.cohorts import Enrolled, a_cohort, sign
from tests.world.people import a_coach, someone
from tests.world.programmes import World, the_programme
from tests.world.selection import a_published_decision

STARTED = datetime(2026, 1, 12, 9, tzinfo=UTC)
NAME = "Repair’Bus"
COACHES = ("coach", "second")
STEPS = st.integers(0, 7)  # which milestone of the phase
TEAM_TRIES = st.sampled_from(("holder",) * 6 + ("coach", "colleague", "manager", "stranger"))
COACH_TRIES = st.sampled_from(("coach",) * 5 + ("second", "holder", "colleague", "manager", "stranger"))
BOSS_TRIES = st.sampled_from(("manager",) * 6 + ("coach", "holder", "stranger"))
GOING_ON = ("active", "in_review")


class Scene(msgspec.Struct, frozen=True):
    """A project on its way and the people around it."""

    project: UUID
    people: dict[str, Person]
    levels: dict[str, int]


async def the_scene() -> Scene:
    world = await the_programme()
    coached = await a_coached_project(world, enrolled=await _enrolled(world), at=STARTED)
    second = await a_coach(world.programme, "Sonia Seconde")
    await a_second_coach(coached, second, at=STARTED)
    people = {
        "holder": coached.holder, "coach": coached.coach, "second": second, "manager": coached.manager,
        "colleague": await a_coach(world.programme, "Cyril Collègue"), "stranger": await someone("Sacha Ailleurs"),
    }  # fmt: skip
    levels = {axis.code: 3 for axis in await axes_of(world.plan)}
    return Scene(coached.project, people, levels)


async def _enrolled(world: World) -> Enrolled:
    """From an application to the signed agreement, by the acts of every room."""
    call = await a_call(world, opens_at=STARTED - timedelta(days=90), closes_at=STARTED - timedelta(days=60))
    holder = await someone("Hana Porteuse")
    application = await an_admissible_application(world, call, holder, name=NAME)
    sitting = await a_published_decision(application, at=STARTED - timedelta(days=9))
    gathered = await a_cohort(world, call, by=sitting.manager, at=STARTED - timedelta(days=8))
    project = await value("SELECT project FROM application WHERE id = $1", application)
    enrolment = await accept_place(project, by=holder, at=STARTED - timedelta(days=7))
    for side in (holder, sitting.manager):
        await sign(project, side, at=STARTED)
    return Enrolled(project, holder, sitting.manager, call, gathered.cohort, enrolment, world.phases["pre_incubation"])


class _Review(msgspec.Struct, frozen=True):
    enrolment: UUID
    prolonged: int
    passed: int


class PathLife(Life):
    """A path; `model` is what should be known of the stay that goes on, `dues` the dates people were shown last."""

    TABLES = ("enrolment", "deliverable", "suspension", "diagnosis", "coach_opinion", "gate_review")

    def __init__(self, house: House, scene: Scene) -> None:
        super().__init__(house, STARTED + timedelta(days=1))
        self.scene = scene
        self.passed: list[UUID] = []
        self.now = self._read()
        self.model = self._fresh(self.now.current)
        self.dues = self._dues()

    def _read(self) -> PathView:
        return self.house.run(path_of(self.scene.people["manager"], self.scene.project))

    def _fresh(self, stay: EnrolmentFacts) -> dict[str, Any]:
        """What a stay starts as."""
        return {
            "state": "active", "diagnoses": set(), "opinion": False, "prolonged": 0, "from": None, "earliest": stay.starts_on,
            "work": {one.code: {"state": "to_do", "asker": "", "version": 0} for one in stay.milestones},
        }  # fmt: skip

    def _dues(self) -> dict[str, date]:
        """When each deliverable is due and the phase ends, today."""
        stay, today = self.now.current, local_date(self.at)
        return {one.code: milestone_due(stay, one, today) for one in stay.milestones} | {"end": phase_end(stay, today)}

    def _look(self) -> dict[str, date]:
        """Read the path again; the dates shown before."""
        before, self.now = self.dues, self._read()
        self.dues = self._dues()
        return before

    def _may(self, actor: str, allowed: tuple[str, ...], then: Expected) -> Expected:
        return NotFound if actor == "stranger" else then if actor in allowed else Refused

    def _letters(self, kind: str, *names: str) -> list[tuple[str, Person]]:
        return [(f"progress.{kind}", self.scene.people[name]) for name in names]

    def _milestone(self, number: int) -> tuple[UUID, str]:
        found = self.now.current.milestones[number % len(self.now.current.milestones)]
        return found.id, found.code

    def _settled(self, code: str) -> bool:
        return self.model["work"][code]["state"] in ("valid", "waived")

    def _missing(self) -> set[str]:
        stay = self.now.current
        owed = {one.code for one in stay.milestones if one.is_mandatory and not self._settled(one.code)}
        if not stay.has_gate:
            return owed
        asked = {"holder", "coach"} - {side for side, moment in self.model["diagnoses"] if moment == "gate"}
        return owed | asked | (set() if self.model["opinion"] else {"opinion"})

    def _work(
        self, number: int, actor: str, allowed: tuple[str, ...], verb: str, made: Callable[[UUID, int], Any],
        *, is_stale: bool = False, error: Expected = None, letters: Any = (),
    ) -> None:  # fmt: skip
        """One act on one deliverable: who, from which state, knowing which version; and no date but its own moves."""
        departures, arrival = _VERBS[verb]
        milestone, code = self._milestone(number)
        work = self.model["work"][code]
        may = self.model["state"] in GOING_ON and work["state"] in departures
        may = may and not (verb in ("waived", "waiver_refused") and work["asker"] == actor)
        expected = self._may(actor, allowed, None if may else Conflict)
        if expected is None:
            expected = Stale if is_stale else error
        version = work["version"] + 1 if is_stale else work["version"]
        self.act(made(milestone, version), expected, journal=[f"deliverable.{verb}"], letters=letters)
        if expected is None:
            work |= {"state": arrival, "version": work["version"] + 1, "asker": actor if arrival == "waiver_asked" else ""}
            before = self._look()
            moved = {one for one, due in self.dues.items() if due != before[one]}
            assert moved <= ({code} if self.model["prolonged"] and self._settled(code) else set())

    @initialize(is_ready=st.booleans())
    def come_this_far(self, is_ready: bool) -> None:
        if is_ready:
            self.settle_all_but_one(0)
            for actor in ("holder", "coach"):
                self.diagnose(actor, Moment.GATE)

    @rule(days=st.sampled_from((1, 7, 40)))
    def wait(self, days: int) -> None:
        """While the clock stands still every date that lay ahead moves on by as much; else none moves."""
        self.wait_until(self.at + timedelta(days=days))
        before, from_on = self._look(), self.model["from"]
        for code, due in before.items():
            assert self.dues[code] - due == timedelta(days=days if from_on and due >= from_on else 0)

    @rule(number=STEPS, actor=TEAM_TRIES, is_stale=st.booleans(), finished=st.booleans(), text=st.sampled_from(("Fait.", "")))
    def write(self, number: int, actor: str, is_stale: bool, finished: bool, text: str) -> None:
        at = self.tick()
        empty = Invalid if finished and not text else None

        def made(milestone: UUID, version: int) -> Any:
            form = DeliverableForm(content=text, finished=finished, version=version)
            return write_deliverable(self.now.current.id, milestone, form, by=self.scene.people[actor], at=at)

        letters = self._letters("deliverable_submitted", *COACHES) if finished else []
        verb = "submitted" if finished else "started"
        self._work(number, actor, ("holder",), verb, made, is_stale=is_stale, error=empty, letters=letters)

    @rule(number=STEPS, actor=COACH_TRIES, verdict=st.sampled_from(Verdict), comment=st.sampled_from(("Vu.", "")))
    def review(self, number: int, actor: str, verdict: Verdict, comment: str) -> None:
        at = self.tick()

        def made(milestone: UUID, version: int) -> Any:
            form = ReviewForm(verdict=verdict, version=version, comment=comment)
            return review_deliverable(self.now.current.id, milestone, form, by=self.scene.people[actor], at=at)

        verb = "validated" if verdict is Verdict.VALIDATE else "sent_back"
        error = Invalid if verb == "sent_back" and not comment else None
        self._work(number, actor, COACHES, verb, made, error=error, letters=self._letters("deliverable_reviewed", "holder"))

    @rule(number=STEPS, actor=st.sampled_from(("holder", "coach", "manager", "stranger")))
    def ask_waiver(self, number: int, actor: str) -> None:
        at = self.tick()

        def made(milestone: UUID, version: int) -> Any:
            form = WaiverForm(reason="Déjà fait ailleurs.", version=version)
            return ask_waiver(self.now.current.id, milestone, form, by=self.scene.people[actor], at=at)

        letters = self._letters("waiver_asked", *COACHES) if actor == "holder" else []
        self._work(number, actor, ("holder", "coach"), "waiver_asked", made, letters=letters)

    @rule(number=STEPS, actor=st.sampled_from(("coach", "second", "manager", "holder")), verdict=st.sampled_from(WaiverVerdict))
    def answer_waiver(self, number: int, actor: str, verdict: WaiverVerdict) -> None:
        """Never by who asked."""
        at = self.tick()

        def made(milestone: UUID, version: int) -> Any:
            form = WaiverAnswerForm(verdict=verdict, version=version, comment="Vu.")
            return answer_waiver(self.now.current.id, milestone, form, by=self.scene.people[actor], at=at)

        verb = "waived" if verdict is WaiverVerdict.CONFIRM else "waiver_refused"
        self._work(number, actor, (*COACHES, "manager"), verb, made, letters=self._letters("deliverable_reviewed", "holder"))

    @precondition(lambda self: self.model["state"] in GOING_ON)
    @rule(left=st.integers(0, 1))
    def settle_all_but_one(self, left: int) -> None:
        """A phase's work in one step: handed in and validated."""
        owed = [
            number for number, one in enumerate(self.now.current.milestones) if one.is_mandatory and not self._settled(one.code)
        ]
        for number in owed[left:]:
            state = self.model["work"][self._milestone(number)[1]]["state"]
            if state == "waiver_asked":
                self.answer_waiver(number, "manager", WaiverVerdict.CONFIRM)
                continue
            if state != "submitted":
                self.write(number, "holder", False, True, "Fait.")
            self.review(number, "second", Verdict.VALIDATE, "")

    @rule(actor=COACH_TRIES, back=st.sampled_from((-1, 0, 3, 45)))
    def suspend(self, actor: str, back: int) -> None:
        """From today or before, never over another suspension; no date moves back."""
        at = self.tick()
        from_on = local_date(at) - timedelta(days=back)
        may = self.model["state"] == "active" and self.model["earliest"] <= from_on <= local_date(at)
        expected = self._may(actor, (*COACHES, "manager"), None if may else Conflict)
        form = SuspensionForm(from_on=from_on, reason="Un enfant est né.")
        work = suspend_enrolment(self.now.current.id, form, by=self.scene.people[actor], at=at)
        self.act(work, expected, journal=["enrolment.suspended"], letters=self._letters("suspended", "holder"))
        if expected is None:
            self.model |= {"state": "suspended", "from": from_on}
            before = self._look()
            for code, due in before.items():
                assert self.dues[code] - due == timedelta(days=back if from_on <= due else 0)

    @precondition(lambda self: self.model["state"] == "active")
    @rule(number=STEPS, after=st.integers(0, 1), back=st.integers(0, 3))
    def suspend_around_a_date(self, number: int, after: int, back: int) -> None:
        """From the very day something is due, or the day after; said the same day or a little later."""
        from_on = self.dues[self._milestone(number)[1]] + timedelta(days=after)
        ahead = from_on + timedelta(days=back) - local_date(self.at)
        self.wait(max(0, ahead.days))
        self.suspend("coach", (local_date(self.at) - from_on).days)

    @rule(actor=COACH_TRIES)
    def resume(self, actor: str) -> None:
        """The clock runs again; no date moves."""
        at = self.tick()
        expected = self._may(actor, (*COACHES, "manager"), None if self.model["state"] == "suspended" else Conflict)
        work = resume_enrolment(self.now.current.id, by=self.scene.people[actor], at=at)
        self.act(work, expected, journal=["enrolment.resumed"], letters=self._letters("resumed", "holder"))
        if expected is None:
            self.model |= {"state": "active", "from": None, "earliest": local_date(at)}
            assert self._look() == self.dues

    @rule(actor=st.sampled_from(("holder", "coach", "second", "manager", "stranger")), moment=st.sampled_from(Moment))
    def diagnose(self, actor: str, moment: Moment) -> None:
        """Once by each side and moment."""
        at, key = self.tick(), ("coach" if actor in COACHES else "holder", moment.value)
        may = self.model["state"] in GOING_ON and key not in self.model["diagnoses"]
        may = may and (moment is Moment.ENTRY or self.now.current.has_gate)
        form = DiagnosisForm(moment=moment, levels=self.scene.levels)
        work = diagnose(self.now.current.id, form, by=self.scene.people[actor], at=at)
        expected = self._may(actor, ("holder", *COACHES), None if may else Conflict)
        self.act(work, expected, journal=["diagnosis.made"])
        if expected is None:
            self.model["diagnoses"].add(key)

    @rule(actor=COACH_TRIES, is_favourable=st.booleans())
    def opine(self, actor: str, is_favourable: bool) -> None:
        at = self.tick()
        may = self.model["state"] in GOING_ON and self.now.current.has_gate
        expected = self._may(actor, COACHES, None if may else Conflict)
        form = OpinionForm(text="Le projet est prêt.", is_favourable=is_favourable)
        self.act(give_opinion(self.now.current.id, form, by=self.scene.people[actor], at=at), expected, journal=["opinion.given"])
        if expected is None:
            self.model |= {"state": "in_review", "opinion": True}

    def _decide(self, form: GateForm, actor: str, expected: Expected, journal: list[str]) -> None:
        work = decide_gate(self.now.current.id, form, by=self.scene.people[actor], at=self.tick())
        self.act(work, expected, journal=journal, letters=self._letters("gate_decided", "holder"))

    def _expect(self, actor: str, may: bool, is_stale: bool) -> Expected:
        return self._may(actor, ("manager",), Stale if is_stale else None if may else Conflict)

    def _version(self, is_stale: bool) -> int:
        return self._read().current.version + (1 if is_stale else 0)

    @rule(actor=BOSS_TRIES, months=st.integers(1, 4), is_stale=st.sampled_from((False, False, True)))
    def prolong(self, actor: str, months: int, is_stale: bool) -> None:
        """Once at most, within the phase's own maximum (R36); what is settled keeps its date."""
        stay = self.now.current
        may = self.model["state"] in GOING_ON and not self.model["prolonged"] and months <= stay.prolongation_months_max
        expected = self._expect(actor, may, is_stale)
        form = GateForm(GateOutcome.PROLONG, "Il manque un lieu.", self._version(is_stale), prolonged_months=months)
        self._decide(form, actor, expected, ["enrolment.prolonged"])
        if expected is None:
            self.model |= {"state": "active", "prolonged": months, "opinion": False}
            before = self._look()
            for code, due in before.items():
                assert self.dues[code] == due if code != "end" and self._settled(code) else self.dues[code] > due

    @rule(actor=BOSS_TRIES, is_stale=st.sampled_from((False, False, True)))
    def pass_gate(self, actor: str, is_stale: bool) -> None:
        """With everything it lists, nothing less (R35); the next phase starts."""
        stay = self.now.current
        may = self.model["state"] in GOING_ON and not self._missing()
        expected = self._expect(actor, may, is_stale)
        following = [phase for phase in self.now.phases if phase.position > stay.position]
        journal = ["gate.passed", "enrolment.started"] if following else ["gate.passed"]
        self._decide(GateForm(GateOutcome.PASS, "Prêt.", self._version(is_stale)), actor, expected, journal)
        if expected is None:
            self.passed.append(stay.id)
            self.model["state"] = "passed"
            self._go_on()

    def _go_on(self) -> None:
        """The stay that counts now."""
        before = self.now.current.id
        self.now = self._read()
        if self.now.current.id != before:
            self.model = self._fresh(self.now.current)
        self.dues = self._dues()

    @rule(is_named=st.booleans(), chance=st.integers(0, 5))
    def stop(self, is_named: bool, chance: int) -> None:
        """Rarely, and by name; nothing goes on afterwards."""
        if chance and is_named:
            return
        may = self.model["state"] in (*GOING_ON, "suspended")
        expected = Conflict if not may else None if is_named else Invalid
        form = GateForm(GateOutcome.STOP, "L’équipe s’arrête.", self._version(False), project_name=NAME if is_named else "")
        self._decide(form, "manager", expected, ["gate.stopped"])
        if expected is None:
            self.model |= {"state": "stopped", "from": None}
            self._go_on()

    @invariant()
    def the_path_is_the_model_s(self) -> None:
        self._look()
        stay = self.now.current
        assert stay.state == self.model["state"]
        known = {one.code: (one.state, one.version) for one in stay.milestones}
        assert known == {code: (one["state"], one["version"]) for code, one in self.model["work"].items()}
        assert stay.prolonged_months == self.model["prolonged"]

    @invariant()
    def what_is_missing_is_named(self) -> None:
        """R35: one sentence for each thing, and none for anything else."""
        stay, missing = self.now.current, self._missing()
        told = missing_for_gate(stay)
        assert len(told) == len(missing)
        assert all(any(one.name in sentence for sentence in told) for one in stay.milestones if one.code in missing)

    @invariant()
    def one_prolongation_and_one_pass_a_stay(self) -> None:
        sql = (
            "SELECT enrolment, count(*) FILTER (WHERE outcome = 'prolong')::int, count(*) FILTER (WHERE outcome = 'pass')::int"
            " FROM gate_review GROUP BY enrolment"
        )
        reviews = self.house.run(rows(_Review, sql))
        assert all(review.prolonged <= 1 and review.passed <= 1 for review in reviews)
        assert {review.enrolment for review in reviews if review.passed} == set(self.passed)


_OWED = ("to_do", "in_progress", "sent_back")
_VERBS = {
    "started": (_OWED, "in_progress"),
    "submitted": (_OWED, "submitted"),
    "validated": (("submitted",), "valid"),
    "sent_back": (("submitted",), "sent_back"),
    "waiver_asked": (_OWED, "waiver_asked"),
    "waived": (("waiver_asked",), "waived"),
    "waiver_refused": (("waiver_asked",), "sent_back"),
}


def test_a_path_keeps_its_dates_and_its_gates(house: House) -> None:
    scene = house.run(the_scene())
    house.play(lambda: PathLife(house, scene), lives=45)
