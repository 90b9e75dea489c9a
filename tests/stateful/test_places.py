"""Places of a cohort under every answer in any order: never above the ceiling, never out of turn (R26, R30)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
import msgspec
from hypothesis.stateful import initialize, invariant, rule

from incubator.applications.actions import withdraw
from incubator.applications.forms import WithdrawalForm
from incubator.cohorts.actions import (
    accept_place,
    create_cohort,
    decline_place,
    offer_place,
    release_place,
    resize_cohort,
    sign_agreement,
    withdraw_place,
)
from incubator.cohorts.forms import AnswerForm, CapacityForm, CohortForm, SignatureForm
from incubator.cohorts.queries import places_in
from incubator.core.clock import end_of_day, local_date
from incubator.core.database import column, rows, value
from incubator.core.errors import Conflict, NotFound, Refused
from incubator.people.queries import Person
from tests.stateful.house import House
from tests.stateful.life import Expected, Life
from tests.world.applications import an_admissible_application
from tests.world.calls import a_call
from tests.world.people import a_manager, an_instructor, someone
from tests.world.programmes import the_programme
from tests.world.selection import a_committee, decided, published

OPENS, CLOSES = datetime(2026, 1, 5, 8, tzinfo=UTC), datetime(2026, 1, 30, 22, 59, 59, tzinfo=UTC)
PUBLISHED = datetime(2026, 3, 16, 9, tzinfo=UTC)
CEILINGS = {"pre_incubation": 2, "incubation": 1}
RETAINED = {"Abri": "pre_incubation", "Bocal": "pre_incubation", "Cabas": "pre_incubation", "Danse": "incubation"}
WAITING = {
    "Écluse": ("pre_incubation", 1), "Friche": ("pre_incubation", 2), "Grange": ("pre_incubation", 4),
    "Halle": ("incubation", 1), "Iris": ("incubation", 2),
}  # fmt: skip
NAMES = st.sampled_from([*RETAINED, *WAITING])
PHASES = st.sampled_from(list(CEILINGS))
LIVE = ("awaiting", "offered")
HOLDERS = st.sampled_from(("holder",) * 6 + ("manager", "stranger"))


class Called(msgspec.Struct, frozen=True):
    """A project with a published decision."""

    project: UUID
    application: UUID
    decision: UUID
    holder: Person


class Scene(msgspec.Struct, frozen=True):
    """A call whose decisions are published: more retained than places in one phase (R26), a waiting list in both."""

    cohort: UUID
    phases: dict[str, UUID]
    manager: Person
    instructor: Person
    stranger: Person
    called: dict[str, Called]


async def the_scene() -> Scene:
    world = await the_programme()
    manager, instructor = await a_manager(world.programme), await an_instructor(world.programme)
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES, places=CEILINGS, by=manager)
    called = {}
    for name, phase in RETAINED.items() | {(name, phase) for name, (phase, _rank) in WAITING.items()}:
        holder = await someone(f"Porteuse de {name}")
        application = await an_admissible_application(world, call, holder, name=name, phase=phase, by=instructor)
        called[name] = (application, holder)
    sitting = await a_committee(call, manager=manager, at=PUBLISHED)
    for name, (application, _holder) in called.items():
        phase, rank = WAITING.get(name, (RETAINED.get(name), None))
        await decided(application, by=manager, phase=str(phase), rank=rank, at=PUBLISHED)
    await published(sitting, at=PUBLISHED)
    known = {name: await _called(application, holder) for name, (application, holder) in called.items()}
    form = CohortForm("Promotion", local_date(PUBLISHED))
    cohort = await create_cohort(call.code, form, by=manager, at=PUBLISHED + timedelta(hours=1))
    return Scene(cohort, world.phases, manager, instructor, await someone("Sacha Ailleurs"), known)


async def _called(application: UUID, holder: Person) -> Called:
    project = await value("SELECT project FROM application WHERE id = $1", application)
    sql = "SELECT d.id FROM decision d JOIN presentation p ON p.id = d.presentation WHERE p.application = $1"
    return Called(project, application, await value(sql, application), holder)


class _Place(msgspec.Struct, frozen=True):
    decision: UUID
    state: str
    answer_by: datetime
    phase: UUID


class PlacesLife(Life):
    """One cohort; `model` is each project's state, until when it may answer, and who signed."""

    TABLES = ("cohort", "capacity", "place", "enrolment", "agreement", "application")

    def __init__(self, house: House, scene: Scene) -> None:
        super().__init__(house, PUBLISHED + timedelta(hours=2))
        self.scene = scene
        until = end_of_day(local_date(PUBLISHED) + timedelta(days=15))
        self.ceilings = dict(CEILINGS)
        self.model: dict[str, dict[str, Any]] = {
            name: {"phase": phase, "rank": None, "state": "awaiting", "until": until, "signed": set()}
            for name, phase in RETAINED.items()
        } | {
            name: {"phase": phase, "rank": rank, "state": "waiting", "until": None, "signed": set()}
            for name, (phase, rank) in WAITING.items()
        }

    def _in(self, phase: str, *states: str) -> list[str]:
        return [name for name, one in self.model.items() if one["phase"] == phase and one["state"] in states]

    def _free(self, phase: str) -> int:
        return self.ceilings[phase] - len(self._in(phase, "accepted", *LIVE))

    def _next(self, phase: str) -> str | None:
        return min(self._in(phase, "waiting"), key=lambda name: self.model[name]["rank"], default=None)

    def _by(self, name: str, actor: str) -> Person:
        return self.scene.called[name].holder if actor == "holder" else getattr(self.scene, actor)

    def _may(self, actor: str, allowed: tuple[str, ...], then: Expected) -> Expected:
        return NotFound if actor == "stranger" else then if actor in allowed else Refused

    def _offered(self, phase: str) -> str | None:
        """Who is offered the place that is free, and until when; the model moves on."""
        name = self._next(phase) if self._free(phase) > 0 else None
        if name:
            self.model[name] |= {"state": "offered", "until": end_of_day(local_date(self.at) + timedelta(days=15))}
        return name

    def _give_back(self, name: str, work: Any, expected: Expected) -> None:
        """Decline, release, withdraw: whatever the way, one place goes to the first who waits, if it is truly free."""
        journal, letters = ["place.declined"], [("cohorts.place_declined", self.scene.manager)]
        if expected is None:
            self.model[name]["state"] = "declined"
            if following := self._offered(self.model[name]["phase"]):
                journal.append("place.offered")
                letters.append(("cohorts.place_offered", self.scene.called[following].holder))
        self.act(work, expected, journal=journal, letters=letters)

    @initialize(pre=st.integers(0, 3), incubation=st.integers(0, 2))
    def some_have_accepted(self, pre: int, incubation: int) -> None:
        for name in (*self._in("pre_incubation", "awaiting")[:pre], *self._in("incubation", "awaiting")[:incubation]):
            self.accept(name, "holder")

    @rule(days=st.sampled_from((1, 8, 15)))
    def wait(self, days: int) -> None:
        self.wait_until(self.at + timedelta(days=days))

    @rule(name=NAMES, before=st.integers(0, 2))
    def wait_until_the_last_instant(self, name: str, before: int) -> None:
        if until := self.model[name]["until"]:
            self.wait_until(until - timedelta(microseconds=before))

    @rule(name=NAMES, actor=HOLDERS)
    def accept(self, name: str, actor: str) -> None:
        at, one = self.tick(), self.model[name]
        is_free = len(self._in(one["phase"], "accepted")) < self.ceilings[one["phase"]]
        may = one["state"] in LIVE and at <= one["until"] and is_free
        expected = self._may(actor, ("holder",), None if may else Conflict)
        work = accept_place(self.scene.called[name].project, by=self._by(name, actor), at=at)
        letters = [("cohorts.place_accepted", self.scene.manager)]
        if self.act(work, expected, journal=["place.accepted", "agreement.drawn_up"], letters=letters):
            one["state"] = "accepted"

    @rule(name=NAMES, actor=HOLDERS)
    def decline(self, name: str, actor: str) -> None:
        at = self.tick()
        expected = self._may(actor, ("holder",), None if self.model[name]["state"] in LIVE else Conflict)
        form = AnswerForm("Autre projet.")
        self._give_back(name, decline_place(self.scene.called[name].project, form, by=self._by(name, actor), at=at), expected)

    @rule(name=NAMES, actor=st.sampled_from(("manager", "manager", "instructor", "holder", "stranger")))
    def release(self, name: str, actor: str) -> None:
        """Only once nobody answered in time."""
        at, one = self.tick(), self.model[name]
        may = one["state"] in LIVE and at > one["until"]
        expected = self._may(actor, ("manager", "instructor"), None if may else Conflict)
        work = release_place(self.scene.called[name].decision, AnswerForm(), by=self._by(name, actor), at=at)
        self._give_back(name, work, expected)

    @rule(name=NAMES, actor=st.sampled_from(("holder", "holder", "manager", "instructor", "stranger")))
    def give_back(self, name: str, actor: str) -> None:
        """An accepted place, as long as the agreement is not signed by both."""
        at, one = self.tick(), self.model[name]
        may = one["state"] == "accepted" and len(one["signed"]) < 2
        expected = self._may(actor, ("holder", "manager"), None if may else Conflict)
        work = withdraw_place(self.scene.called[name].project, AnswerForm(), by=self._by(name, actor), at=at)
        self._give_back(name, work, expected)

    @rule(phase=PHASES, count=st.integers(0, 5), actor=st.sampled_from(("manager", "manager", "stranger")))
    def resize(self, phase: str, count: int, actor: str) -> None:
        """Never below what is taken; more places offer themselves to nobody."""
        at = self.tick()
        expected = NotFound if actor == "stranger" else Conflict if count < len(self._in(phase, "accepted")) else None
        work = resize_cohort(
            self.scene.cohort, self.scene.phases[phase], CapacityForm(count), by=getattr(self.scene, actor), at=at
        )
        self.act(work, expected, journal=["cohort.resized"])
        if expected is None:
            self.ceilings[phase] = count

    @rule(phase=PHASES)
    def offer(self, phase: str) -> None:
        """One free place, one offer."""
        at = self.tick()
        name = self._offered(phase)
        letters = [("cohorts.place_offered", self.scene.called[name].holder)] if name else []
        work = offer_place(self.scene.cohort, self.scene.phases[phase], by=self.scene.manager, at=at)
        self.act(work, None if name else Conflict, journal=["place.offered"], letters=letters)

    @rule(name=NAMES, actor=st.sampled_from(("holder", "manager")))
    def sign(self, name: str, actor: str) -> None:
        """Each side once; with both the path starts (R30)."""
        at, one = self.tick(), self.model[name]
        may = one["state"] == "accepted" and actor not in one["signed"]
        known = self.value(
            "SELECT g.text_hash FROM agreement g JOIN place p ON p.id = g.place WHERE p.decision = $1",
            self.scene.called[name].decision,
        )
        is_last = bool(one["signed"])
        letters = [("cohorts.agreement_to_sign", self.scene.manager)] if actor == "holder" and not is_last else []
        if is_last:
            letters = [("cohorts.agreement_signed", self.scene.called[name].holder)]
        form = SignatureForm(text_hash=known or "", agreed=True)
        work = sign_agreement(self.scene.called[name].project, form, by=self._by(name, actor), at=at)
        journal = ["agreement.signed", "enrolment.started"] if is_last else ["agreement.signed"]
        self.act(work, None if may else Conflict, journal=journal, letters=letters)
        if may:
            one["signed"].add(actor)

    @rule(name=NAMES)
    def withdraw_the_application(self, name: str) -> None:
        """Too late: a place is given back, so that it goes to the next in line."""
        known = self.scene.called[name]
        self.act(withdraw(known.application, WithdrawalForm(name), by=known.holder, at=self.tick()), Conflict)

    @invariant()
    def places_are_the_model_s(self) -> None:
        """Taken is accepted, and never above the ceiling; nobody has two places; free is neither taken nor awaited."""
        stored = self.house.run(rows(_Place, "SELECT decision, state, answer_by, phase FROM place ORDER BY decision"))
        decisions = {self.scene.called[name].decision: one for name, one in self.model.items()}
        known = {
            decision: _Place(decision, one["state"], one["until"], self.scene.phases[one["phase"]])
            for decision, one in decisions.items()
            if one["state"] not in ("awaiting", "waiting")
        }
        assert {place.decision: place for place in stored} == known
        for places in self.house.run(places_in(self.scene.cohort)):
            phase = next(code for code, one in self.scene.phases.items() if one == places.phase)
            taken, free = len(self._in(phase, "accepted")), max(0, self._free(phase))
            assert (places.places_count, places.taken_count, places.free_count) == (self.ceilings[phase], taken, free)
            assert taken <= self.ceilings[phase]

    @invariant()
    def the_waiting_list_is_called_in_order(self) -> None:
        """Whoever was offered a place stands before whoever still waits."""
        called = set(self.house.run(column("SELECT decision FROM place")))
        for phase in CEILINGS:
            line = sorted((rank, name) for name, (where, rank) in WAITING.items() if where == phase)
            is_called = [self.scene.called[name].decision in called for _rank, name in line]
            assert is_called == sorted(is_called, reverse=True)

    @invariant()
    def no_project_is_twice_on_its_way(self) -> None:
        sql = "SELECT count(*) FROM (SELECT FROM enrolment WHERE ended_on IS NULL GROUP BY project HAVING count(*) > 1) twice"
        assert self.value(sql) == 0


def test_places_are_never_too_many_nor_out_of_turn(house: House) -> None:
    scene = house.run(the_scene())
    house.play(lambda: PlacesLife(house, scene), lives=45)
