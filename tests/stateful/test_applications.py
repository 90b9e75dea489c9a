"""The life of an application, in any order, by anyone, at any instant (R2, R4, R5, R6)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
import msgspec
from hypothesis.stateful import initialize, invariant, precondition, rule

from incubator.applications.actions import (
    Given,
    answer_complement,
    confirm,
    deposit,
    pronounce,
    request_complement,
    save_answers,
    start_application,
    withdraw,
)
from incubator.applications.forms import ComplementForm, DepositForm, RulingForm, StartForm, WithdrawalForm
from incubator.applications.tables import Outcome
from incubator.calls.queries import CallView
from incubator.core.clock import end_of_day, local_date
from incubator.core.database import row, rows
from incubator.core.errors import Conflict, Invalid, NotFound, Refused, Stale
from incubator.people.queries import Person
from incubator.selection.actions import present_applications
from incubator.selection.forms import PresentationForm
from tests.stateful.house import House
from tests.stateful.life import Expected, Life
from tests.world.applications import CVS, whole_answers
from tests.world.calls import a_call
from tests.world.documents import a_document
from tests.world.people import a_manager, an_instructor, someone
from tests.world.programmes import the_programme
from tests.world.projects import TOURS, a_member, a_project
from tests.world.selection import Sitting, a_committee, decided, published

OPENS = datetime(2026, 2, 2, 8, tzinfo=UTC)
CLOSES = datetime(2026, 3, 27, 22, 59, 59, tzinfo=UTC)  # two days before the change of clock
WORDS = ("1.3", "3.1", "3.2")
NAME = "Repair’Bus"
[CV] = CVS
CARD = {"1.1": NAME, "1.3": "Un atelier mobile qui répare.", "1.6": TOURS}
ACTORS = ("holder", "mate", "insider", "instructor", "manager", "stranger")
TEAM = ("holder", "mate", "insider")
OTHERS = {"mate", "insider"}
STAFF = ("insider", "instructor", "manager")
STAGES = ("", "draft", "whole", "deposited", "asked", "admissible", "presented", "published")
HOLDERS = st.sampled_from(("holder",) * 6 + ACTORS)  # most tries are by whoever may
DESKS = st.sampled_from(("instructor",) * 6 + ACTORS)
JUMPS = ("minute", "day", "opening", "closing", "due", "fortnight")
HOLDER = ("holder",)


class Scene(msgspec.Struct, frozen=True):
    """A call, its committee, one project and everyone around it."""

    call: CallView
    project: UUID
    people: dict[str, Person]
    sitting: Sitting


async def the_scene() -> Scene:
    world = await the_programme()
    manager, instructor = await a_manager(world.programme), await an_instructor(world.programme)
    insider = await an_instructor(world.programme, "Ivan Dedans")
    call = await a_call(world, opens_at=OPENS, closes_at=CLOSES, by=manager)
    holder, mate, stranger = await someone("Hana Porteuse"), await someone("Malo Équipier"), await someone("Sacha Ailleurs")
    before = OPENS - timedelta(days=1)
    project = await a_project(holder, world.programme, NAME, at=before)
    for one in (mate, insider):
        await a_member(project, one.name, one.email, by=holder, at=before)
    people = {
        "holder": holder, "mate": mate, "insider": insider, "instructor": instructor, "manager": manager, "stranger": stranger,
    }  # fmt: skip
    return Scene(call, project, people, await a_committee(call, manager=manager, members=3, at=before))


class _Stored(msgspec.Struct, frozen=True):
    state: str
    deposited_at: datetime | None
    is_presented: bool


class _Deposit(msgspec.Struct, frozen=True):
    ordinal: int
    number: str
    received_at: datetime
    content: str
    content_hash: str


class ApplicationLife(Life):
    """One application; `model` is all that should be known of it."""

    TABLES = (
        "application", "answer", "deposit", "receipt_counter", "ruling", "complement_request", "presentation", "decision",
        "publication", "confirmation",
    )  # fmt: skip

    def __init__(self, house: House, scene: Scene) -> None:
        super().__init__(house, OPENS - timedelta(hours=1))
        self.scene = scene
        self.id: UUID | None = None
        self.model: dict[str, Any] = {
            "state": None, "answers": {}, "is_whole": False, "deposits": [], "asked": (), "asker": "", "due": None,
            "is_presented": False, "is_published": False, "agreed": set(),
        }  # fmt: skip

    def _people(self, *names: str) -> list[Person]:
        return [self.scene.people[name] for name in names]

    def _to_team(self, kind: str) -> list[tuple[str, Person]]:
        return [(f"applications.{kind}", who) for who in self._people(*TEAM)]

    def _is_open(self, at: datetime) -> bool:
        return OPENS <= at < CLOSES

    def _sees(self, actor: str) -> bool:
        return actor in TEAM or (actor in STAFF and bool(self.model["deposits"]))

    def _may(self, actor: str, allowed: tuple[str, ...], then: Expected) -> Expected:
        if not self._sees(actor):
            return NotFound
        return then if actor in allowed else Refused

    def _why_not_write(self, at: datetime) -> Expected:
        state = self.model["state"]
        if state == "draft":
            return None if self._is_open(at) else Conflict
        return None if state == "complement_requested" and at <= self.model["due"] else Conflict

    @initialize(stage=st.sampled_from(STAGES))
    def come_this_far(self, stage: str) -> None:
        """A life is met at any of its ages; every step so far is an act like the others."""
        so_far = STAGES[1 : STAGES.index(stage) + 1]
        if so_far:
            self.wait_until(OPENS)
        steps = {
            "draft": lambda: self.start("holder"), "whole": self.fill,
            "deposited": lambda: (self.agree("mate"), self.agree("insider"), self.deposit("holder")),
            "asked": lambda: stage == "asked" and self.ask_complement("instructor", {"1.3", "3.1"}),
            "admissible": lambda: self.pronounce("instructor", Outcome.ADMISSIBLE, ""), "presented": self.present,
            "published": self.decide_and_publish,
        }  # fmt: skip
        for name in so_far:
            steps[name]()

    @rule(jump=st.sampled_from(JUMPS), before=st.integers(0, 3))
    def wait(self, jump: str, before: int) -> None:
        """To a little before an edge (so that the next acts fall on both sides of it), or further."""
        due = self.model["due"] or self.at
        moments = {
            "minute": self.at + timedelta(minutes=1), "day": self.at + timedelta(days=1), "opening": OPENS,
            "closing": CLOSES, "due": due, "fortnight": self.at + timedelta(days=14),
        }  # fmt: skip
        self.wait_until(moments[jump] - timedelta(microseconds=before))

    @precondition(lambda self: not self.id or self.at > CLOSES)
    @rule(actor=HOLDERS)
    def start(self, actor: str) -> None:
        at = self.tick()
        expected: Expected = NotFound if actor == "stranger" else None if actor in TEAM else Refused
        if expected is None and (not self._is_open(at) or self.id):
            expected = Conflict
        work = start_application(self.scene.call.code, StartForm(self.scene.project), by=self.scene.people[actor], at=at)
        made = self.act(work, expected, journal=["application.started"])
        if made:
            self.id = made
            self.model["state"] = "draft"
            self.model["answers"] = {code: (text, 1) for code, text in CARD.items()}
            cv = self.act(a_document(made, CV, by=self.scene.people["holder"], at=at), None, journal=None)
            self.model["answers"][CV] = ([str(cv)], 1)

    @precondition(lambda self: self.id)
    @rule()
    def fill(self) -> None:
        """Everything the form asks for; again: nothing changes."""
        at = self.tick()
        whole = whole_answers(name=NAME)
        known = self.model["answers"]
        given = {code: Given(text, known.get(code, (None, 0))[1]) for code, text in whole.items()}
        changed = [code for code, text in whole.items() if known.get(code, (None, 0))[0] != text]
        expected = self._why_not_write(at)
        if expected is None and self.model["state"] == "complement_requested" and set(changed) - set(self.model["asked"]):
            expected = Invalid
        work = save_answers(self.id, given, by=self.scene.people["holder"], at=at)
        saved = self.act(work, expected, journal=["answers.saved"] if changed else [])
        if saved is not None:
            assert saved == sorted(changed)
            known |= {code: (whole[code], known.get(code, (None, 0))[1] + 1) for code in changed}

    @precondition(lambda self: self.id)
    @rule(
        actor=HOLDERS, code=st.sampled_from(WORDS), text=st.sampled_from(["Un", "Deux", None]),
        is_late=st.booleans(),
    )  # fmt: skip
    def write(self, actor: str, code: str, text: str | None, is_late: bool) -> None:
        """One answer, knowing the version stored or one before it (B07)."""
        at = self.tick()
        stored, version = self.model["answers"].get(code, (None, 0))
        is_changed = stored != text
        expected = self._may(actor, TEAM, self._why_not_write(at))
        if expected is None and is_changed:
            if self.model["state"] == "complement_requested" and code not in self.model["asked"]:
                expected = Invalid
            elif is_late:
                expected = Stale
        given = {code: Given(text, version + 1 if is_late else version)}
        work = save_answers(self.id, given, by=self.scene.people[actor], at=at)
        saved = self.act(work, expected, journal=["answers.saved"] if is_changed else [])
        if saved:
            self.model["answers"][code] = (text, version + 1)

    def _deposited(self, actor: str, made: Any, at: datetime) -> None:
        if made:
            self.model["state"] = "deposited"
            kept = {code: text for code, (text, _version) in self.model["answers"].items() if text is not None}
            self.model["deposits"].append({"receipt": made, "by": actor, "at": at, "answers": kept, "stored": None})

    def _is_whole(self) -> bool:
        return all(self.model["answers"].get(code, (None, 0))[0] is not None for code in whole_answers() | CVS)

    @precondition(lambda self: self.id)
    @rule(actor=st.sampled_from(sorted(OTHERS) * 3 + list(ACTORS)))
    def agree(self, actor: str) -> None:
        """Each of the team agrees before the deposit (R2); said again, it changes nothing."""
        at = self.tick()
        is_time = self.model["state"] == "draft" and self._is_open(at)
        expected = self._may(actor, TEAM, None if is_time else Conflict)
        journal = [] if actor in self.model["agreed"] else ["application.agreed"]
        self.act(confirm(self.id, by=self.scene.people[actor], at=at), expected, journal=journal)
        if expected is None:
            self.model["agreed"].add(actor)

    @precondition(lambda self: self.id)
    @rule(actor=HOLDERS)
    def deposit(self, actor: str) -> None:
        at = self.tick()
        is_time = self.model["state"] == "draft" and self._is_open(at) and self._is_whole() and self.model["agreed"] >= OTHERS
        expected = self._may(actor, HOLDER, None if is_time else Conflict)
        work = deposit(self.id, DepositForm(), by=self.scene.people[actor], at=at)
        made = self.act(work, expected, journal=["application.deposited"], letters=self._to_team("receipt"))
        self._deposited(actor, made, at)

    @precondition(lambda self: self.id)
    @rule(actor=DESKS, codes=st.sets(st.sampled_from(WORDS)))
    def ask_complement(self, actor: str, codes: set[str]) -> None:
        at = self.tick()
        expected = self._may(actor, ("instructor", "manager"), None if self.model["state"] == "deposited" else Conflict)
        if expected is None and not codes:
            expected = Invalid
        form = ComplementForm(questions=sorted(codes), message="Précisez, s’il vous plaît.")
        work = request_complement(self.id, form, by=self.scene.people[actor], at=at)
        letters = self._to_team("complement_requested")
        if self.act(work, expected, journal=["complement.requested"], letters=letters):
            due = end_of_day(local_date(at) + timedelta(days=15))
            self.model |= {"state": "complement_requested", "asked": tuple(codes), "asker": actor, "due": due}

    @precondition(lambda self: self.id)
    @rule(actor=HOLDERS)
    def answer_complement(self, actor: str) -> None:
        at = self.tick()
        is_time = self.model["state"] == "complement_requested" and at <= self.model["due"] and self._is_whole()
        expected = self._may(actor, HOLDER, None if is_time else Conflict)
        work = answer_complement(self.id, DepositForm(), by=self.scene.people[actor], at=at)
        asker = [("applications.complement_answered", who) for who in self._people(*filter(None, [self.model["asker"]]))]
        made = self.act(work, expected, journal=["complement.answered"], letters=self._to_team("receipt") + asker)
        self._deposited(actor, made, at)

    @precondition(lambda self: self.model["state"] in ("draft", "complement_requested"))
    @rule(before=st.integers(0, 2))
    def come_at_the_last_instant(self, before: int) -> None:
        """The depositor, whole, one instant before the edge, on it, or after it."""
        is_draft = self.model["state"] == "draft"
        if is_draft:
            self.fill()
        self.wait_until((CLOSES if is_draft else self.model["due"]) - timedelta(microseconds=before))
        if is_draft:
            self.deposit("holder")
        else:
            self.answer_complement("holder")

    @precondition(lambda self: self.id)
    @rule(actor=DESKS, outcome=st.sampled_from(Outcome), reason=st.sampled_from(["Vu.", ""]))
    def pronounce(self, actor: str, outcome: Outcome, reason: str) -> None:
        """Pronounce, or revise what was pronounced, until the committee has the dossier."""
        at = self.tick()
        state = self.model["state"]
        is_lapsed = state == "complement_requested" and at > self.model["due"]
        from_states = {"admissible": ("deposited", "inadmissible"), "inadmissible": ("deposited", "admissible")}[outcome.value]
        expected = self._may(actor, ("instructor", "manager"), None if is_lapsed or state in from_states else Conflict)
        if expected is None and outcome is Outcome.INADMISSIBLE:
            expected = Invalid if not reason else Conflict if self.model["is_presented"] else None
        work = pronounce(self.id, RulingForm(outcome, reason), by=self.scene.people[actor], at=at)
        if self.act(work, expected, journal=[f"application.{outcome.value}"], letters=self._to_team(outcome.value)):
            self.model["state"] = outcome.value

    @precondition(lambda self: self.id)
    @rule(actor=HOLDERS, is_named=st.booleans())
    def withdraw(self, actor: str, is_named: bool) -> None:
        """At any moment before the decision is published, and for good."""
        at = self.tick()
        state = self.model["state"]
        may = state in ("deposited", "complement_requested", "admissible") or (state == "draft" and self._is_open(at))
        may = may and not self.model["is_published"]
        expected = self._may(actor, HOLDER, None if may else Conflict)
        if expected is None and not is_named:
            expected = Invalid
        form = WithdrawalForm(NAME if is_named else "Autre chose")
        work = withdraw(self.id, form, by=self.scene.people[actor], at=at)
        self.act(work, expected, journal=["application.withdrawn"], letters=self._to_team("withdrawn"))
        if expected is None:
            self.model["state"] = "withdrawn"

    @precondition(lambda self: self.id)
    @rule()
    def present(self) -> None:
        at = self.tick()
        may = self.model["state"] == "admissible" and not self.model["is_presented"]
        form = PresentationForm(applications=[self.id])
        work = present_applications(self.scene.sitting.id, form, by=self.scene.people["manager"], at=at)
        if self.act(work, None if may else Conflict, journal=["application.presented"]):
            self.model["is_presented"] = True

    @precondition(lambda self: self.model["is_presented"] and self.model["state"] == "admissible")
    @rule()
    def decide_and_publish(self) -> None:
        at = self.tick()
        expected = Conflict if self.model["is_published"] else None
        self.act(decided(self.id, by=self.scene.people["manager"], at=at), expected, journal=["decision.recorded"])
        letters = [("selection.decision", who) for who in self._people(*TEAM)]
        self.act(published(self.scene.sitting, at=at), expected, journal=["decision.published"], letters=letters)
        self.model["is_published"] = True

    @invariant()
    def the_state_is_the_model_s(self) -> None:
        if self.id is None:
            return
        found = self.house.run(
            row(
                _Stored,
                "SELECT a.state, a.deposited_at, EXISTS (SELECT FROM presentation p WHERE p.application = a.id)"
                " FROM application a WHERE a.id = $1",
                self.id,
            )
        )
        first = self.model["deposits"][0]["at"] if self.model["deposits"] else None
        assert found == _Stored(self.model["state"], first, self.model["is_presented"])

    @invariant()
    def deposits_never_change_and_prove_themselves(self) -> None:
        """R4: the receipt's hash is that of the content stored, and what is stored is what was there at that instant."""
        sql = "SELECT ordinal, number, received_at, content::text, content_hash FROM deposit ORDER BY ordinal"
        stored = self.house.run(rows(_Deposit, sql))
        assert len(stored) == len(self.model["deposits"])
        for one, known in zip(stored, self.model["deposits"], strict=True):
            receipt = known["receipt"]
            assert (one.number, one.received_at, one.content_hash) == (receipt.number, known["at"], receipt.content_hash)
            assert known["stored"] in (None, one)
            known["stored"] = one
            _prove(one, known["answers"])


def _prove(one: _Deposit, answers: Mapping[str, Any]) -> None:
    """The hash again, without the application's own code; the words that were there."""
    content = json.loads(one.content)
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert hashlib.sha256(canonical).hexdigest() == one.content_hash
    assert content["answers"] == answers


def test_an_application_lives_as_its_rules_say(house: House) -> None:
    scene = house.run(the_scene())
    house.play(lambda: ApplicationLife(house, scene), lives=100)
