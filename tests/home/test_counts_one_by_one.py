"""What is counted by SQL, counted again in plain Python over worlds drawn at random: nothing too much, nothing too little."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from incubator.applications.queries import queue_of
from incubator.core.database import connection, execute
from incubator.core.ids import new_id
from incubator.home.queries.awaiting import awaiting
from incubator.home.queries.home import home_of
from incubator.people.queries import Person
from incubator.selection.queries.members import my_files
from tests.home import builder
from tests.world.people import a_coach, a_manager, an_instructor, someone
from tests.world.programmes import the_programme

AT = datetime(2027, 3, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)
STATES = ("draft", "deposited", "complement_requested", "admissible", "admissible", "admissible", "inadmissible", "withdrawn")
TABLES = ("call", "application", "team_member", "committee", "seat", "undertaking", "presentation", "declaration", "assessment",
          "decision", "publication", "ruling", "complement_request")  # fmt: skip
OF_MANAGERS = {"rule", "present", "decide", "decide_limited", "chase", "publish", "publish_unseen", "overdue_complement"}
KINDS = OF_MANAGERS | {"undertaking", "declare", "assess", "hand_in"}


class Drawn:
    """A small world: two calls, their staff and members, files in every state, whatever was done with them."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.people: list[Person] = []

    def now_and_then(self, chance: float) -> bool:
        return self.dice.random() < chance

    async def draw(self) -> None:
        world = await the_programme()
        self.people = [await someone("Membre"), await someone("Autre"), await someone("Tiers")]
        for role in (a_manager, a_manager, an_instructor, an_instructor, a_coach):
            self.people.append(await role(world.programme))
        for closes_in in (-5, -25):
            call = await builder.an_open_call(world, AT, closes_in=closes_in)
            committee = await builder.a_committee(call, AT)
            seats = [await self.seat(committee, one) for one in self.people if self.now_and_then(0.6)]
            all_decided = self.now_and_then(0.4)
            for number in range(5):
                await self.file(world, call, committee, seats, f"Projet {number}", all_decided)
            if self.now_and_then(0.1):
                await builder.a_publication(committee, self.people[3], AT)

    async def seat(self, committee: Any, member: Person) -> Any:
        seat = await builder.a_seat(committee, member, AT, signed=self.now_and_then(0.8))
        is_voting, ended_at = self.now_and_then(0.7), AT if self.now_and_then(0.2) else None
        await execute("UPDATE seat SET is_voting = $2, ended_at = $3 WHERE id = $1", seat, is_voting, ended_at)
        return seat

    async def file(self, world: Any, call: Any, committee: Any, seats: list[Any], name: str, all_decided: bool) -> None:
        state = self.dice.choice(STATES)
        holder = self.dice.choice(self.people) if self.now_and_then(0.15) else None
        applied = await builder.an_application(world, call, AT, state=state, name=name, holder=holder)
        never = state == "draft" or (state == "withdrawn" and self.now_and_then(0.5))
        await execute(
            "UPDATE application SET deposited_at = $2, instructor = $3, restricted_at = $4 WHERE id = $1", applied.application,
            None if never else AT - DAY, self.dice.choice(self.people).id if self.now_and_then(0.3) else None,
            AT if self.now_and_then(0.1) else None,
        )  # fmt: skip
        if self.now_and_then(0.15):
            await builder.limit(applied.holder, AT)
        if state == "complement_requested":
            await builder.a_complement(applied, due_at=AT + self.dice.choice((-1, 1)) * DAY)
        if state in ("admissible", "inadmissible"):
            await self.rule(applied.application)
        if state == "admissible" or (state == "withdrawn" and not never):
            await self.put(world, committee, seats, applied, all_decided)

    async def rule(self, application: Any) -> None:
        await execute(
            "INSERT INTO ruling (id, application, outcome, reason, checks, pronounced_at, pronounced_by)"
            " VALUES ($1, $2, 'admissible', '', '[]', $3, $4)",
            new_id(), application, AT, self.dice.choice(self.people).id,
        )  # fmt: skip

    async def put(self, world: Any, committee: Any, seats: list[Any], applied: Any, all_decided: bool) -> None:
        if self.now_and_then(0.2) and not all_decided:
            return
        presentation, voices, zeal = await builder.a_presentation(committee, applied, AT), 0, self.dice.random() ** 0.3
        for seat in seats:
            interest = self.now_and_then(0.15)
            if not self.now_and_then(zeal):
                continue
            await builder.a_declaration(seat, presentation, AT, interest=interest)
            if self.now_and_then(zeal):
                handed_in, total = self.now_and_then(0.8), 60 if self.now_and_then(0.8) else None
                await builder.an_assessment(seat, presentation, AT, handed_in=handed_in)
                await execute(
                    "UPDATE assessment SET total = $3 WHERE seat = $1 AND presentation = $2", seat, presentation,
                    total if handed_in else None,
                )  # fmt: skip
                voices += handed_in and total is not None and not interest
        await execute("UPDATE presentation SET assessments_count = $2 WHERE id = $1", presentation, voices)
        if all_decided or self.now_and_then(0.2):
            await builder.a_decision(presentation, world, self.people[3], AT)


class Told:
    """What a person must be told, found row by row."""

    def __init__(self, me: Person, held: dict[str, list[Any]], limited: set[Any]) -> None:
        self.me, self.held, self.limited = me, held, limited
        self.by_id = {name: {one["id"]: one for one in held[name]} for name in ("call", "application", "presentation")}

    def live(self, committee: Any = None) -> list[Any]:
        return [one for one in self.held["seat"] if not one["ended_at"] and (committee is None or one["committee"] == committee)]

    def is_team(self, account: Any, file: Any) -> bool:
        team = [one["account"] for one in self.held["team_member"] if one["project"] == file["project"] and not one["left_at"]]
        return account in team

    def is_limited(self, file: Any) -> bool:
        return any(self.is_team(one, file) for one in self.limited)

    def interests(self, account: Any) -> set[Any]:
        seats = {one["id"] for one in self.held["seat"] if one["account"] == account}
        return {one["presentation"] for one in self.held["declaration"] if one["seat"] in seats and one["has_interest"]}

    def is_mine_to_open(self, file: Any) -> bool:
        if file["id"] in {self.by_id["presentation"][one]["application"] for one in self.interests(self.me.id)}:
            return False
        programme = self.by_id["call"][file["call"]]["programme"]
        return self.me.manages(programme) or not (file["restricted_at"] or self.is_limited(file))

    def may_handle(self, file: Any) -> bool:
        return self.me.handles(self.by_id["call"][file["call"]]["programme"]) and self.is_mine_to_open(file) and not self.is_team(
            self.me.id, file
        )  # fmt: skip

    def files(self, call: Any) -> list[Any]:
        return [one for one in self.held["application"] if one["call"] == call]

    def presented(self, committee: Any) -> list[tuple[Any, Any]]:
        pairs = [(one, self.by_id["application"][one["application"]]) for one in self.held["presentation"]]
        return [(shown, file) for shown, file in pairs if shown["committee"] == committee]

    def has_part(self, seat: Any, shown: Any, file: Any) -> bool:
        ruled = {one["pronounced_by"] for one in self.held["ruling"] if one["application"] == file["id"]}
        own = self.declared(seat, shown)
        is_theirs = seat["account"] in (file["instructor"], *ruled) or self.is_team(seat["account"], file)
        return not is_theirs and not (own and own["has_interest"])

    def of(self, name: str, seat: Any, shown: Any) -> Any:
        found = [one for one in self.held[name] if (one["seat"], one["presentation"]) == (seat["id"], shown["id"])]
        return found[0] if found else None

    def declared(self, seat: Any, shown: Any) -> Any:
        return self.of("declaration", seat, shown)

    def state(self, seat: Any, shown: Any) -> str | None:
        written = self.of("assessment", seat, shown)
        return written["state"] if written else None

    def is_assessed(self, shown: Any, file: Any) -> bool:
        waited = [
            one for one in self.live(shown["committee"])
            if one["is_voting"] and self.has_part(one, shown, file) and self.state(one, shown) != "handed_in"
        ]  # fmt: skip
        return shown["assessments_count"] > 0 and not waited

    def is_published(self, committee: Any) -> bool:
        return committee in {one["committee"] for one in self.held["publication"]}

    def awaiting(self) -> Counter[tuple[str, Any]]:
        found: Counter[tuple[str, Any]] = Counter()
        for call in self.held["call"]:
            self.of_call(call, found)
        for committee in self.held["committee"]:
            if not self.is_published(committee["id"]):
                self.of_manager(committee, found)
                self.of_member(committee, found)
        return found

    def of_call(self, call: Any, found: Counter[tuple[str, Any]]) -> None:
        shown = {one["application"] for one in self.held["presentation"]}
        due = {one["application"]: one["due_at"] for one in self.held["complement_request"] if not one["answered_at"]}
        for file in self.files(call["id"]):
            found["rule", call["id"]] += file["state"] == "deposited" and self.may_handle(file)
            late = file["state"] == "complement_requested" and due[file["id"]] < AT
            found["overdue_complement", file["id"]] += late and self.may_handle(file)
            ready = file["state"] == "admissible" and file["id"] not in shown
            found["present", call["id"]] += ready and self.me.manages(call["programme"])

    def of_manager(self, committee: Any, found: Counter[tuple[str, Any]]) -> None:
        call = self.by_id["call"][committee["call"]]
        if not self.me.manages(call["programme"]):
            return
        decided = {one["presentation"] for one in self.held["decision"]}
        pairs = [(shown, file) for shown, file in self.presented(committee["id"]) if file["state"] == "admissible"]
        free = [(shown, file) for shown, file in pairs if shown["id"] not in self.interests(self.me.id)]
        for shown, file in free:
            if shown["id"] not in decided:
                soon = call["notify_on"] <= date(2027, 3, 22) and not self.is_limited(file)
                found["decide", committee["id"]] += self.is_assessed(shown, file)
                found["chase", committee["id"]] += soon and not self.is_assessed(shown, file)
        left = [(shown, file) for shown, file in free if shown["id"] not in decided]
        if all(shown["id"] in decided or self.is_limited(file) for shown, file in pairs):
            found["decide_limited", committee["id"]] += sum(not self.is_assessed(shown, file) for shown, file in left)
        if all(shown["id"] in decided for shown, _file in pairs):
            found["publish", committee["id"]] += len(free)
            found["publish_unseen", committee["id"]] += bool(pairs) and not free

    def of_member(self, committee: Any, found: Counter[tuple[str, Any]]) -> None:
        for seat in self.live(committee["id"]):
            if seat["account"] != self.me.id:
                continue
            if seat["id"] not in {one["seat"] for one in self.held["undertaking"]}:
                found["undertaking", committee["id"]] += 1
                continue
            for shown, _file in self.mine(seat):
                if not self.declared(seat, shown):
                    found["declare", committee["id"]] += 1
                elif seat["is_voting"] and (state := self.state(seat, shown)) != "handed_in":
                    found["hand_in" if state else "assess", committee["id"]] += 1

    def mine(self, seat: Any) -> list[tuple[Any, Any]]:
        return [
            (shown, file) for shown, file in self.presented(seat["committee"])
            if file["state"] == "admissible" and self.has_part(seat, shown, file) and not self.is_limited(file)
        ]  # fmt: skip

    def committee_line(self, seat: Any) -> tuple[int, int]:
        mine = self.mine(seat)
        return len(mine), sum(self.state(seat, shown) == "handed_in" for shown, _file in mine)

    def call_line(self, call: Any) -> tuple[int | None, int | None, int | None]:
        open_ones = [one for one in self.files(call["id"]) if self.is_mine_to_open(one)]
        deposited = sum(one["state"] not in ("draft", "withdrawn") for one in open_ones)
        if not self.me.manages(call["programme"]):
            return deposited if self.me.works_for(call["programme"]) else None, None, None
        voices = [
            self.state(seat, shown) == "handed_in"
            for committee in self.held["committee"] if committee["call"] == call["id"]
            for shown, file in self.presented(committee["id"])
            for seat in self.live(committee["id"])
            if seat["is_voting"] and self.has_part(seat, shown, file) and not self.is_limited(file)
            and shown["id"] not in self.interests(self.me.id)
        ]  # fmt: skip
        return deposited, sum(voices), len(voices)


async def everything() -> tuple[dict[str, list[Any]], set[Any]]:
    async with connection() as held:
        found = {name: await held.fetch(f"SELECT * FROM {name}") for name in TABLES}
        return found, {one["id"] for one in await held.fetch("SELECT id FROM account WHERE limited_at IS NOT NULL")}


@pytest.mark.parametrize("seed", range(12))
async def test_what_is_told_is_what_a_slow_count_finds(db, seed):
    drawn = Drawn(seed)
    await drawn.draw()
    rows = await everything()
    for me in drawn.people:
        told, home = Told(me, *rows), await home_of(me, AT)
        found = {(one.kind, one.subject): one.count for one in await awaiting(me, AT) if one.kind in KINDS}
        assert found == {key: count for key, count in told.awaiting().items() if count}
        calls = {one["code"]: told.call_line(one) for one in rows[0]["call"]}
        assert [(one.deposited_count, one.handed_in_count, one.expected_count) for one in home.calls] == [
            calls[one.code] for one in home.calls
        ]
        seats = {one["committee"]: one for one in told.live() if one["account"] == me.id}
        for line in home.committees:
            assert (line.files_count, line.handed_in_count) == told.committee_line(seats[line.id])


@pytest.mark.parametrize("seed", range(12))
async def test_what_is_counted_is_what_the_list_shows(db, seed):
    drawn = Drawn(seed)
    await drawn.draw()
    (tables, limited) = await everything()
    for me in drawn.people:
        for call in tables["call"] if me.is_staff else ():
            queue = await queue_of(me, call["code"], at=AT)
            shown = Counter(one.state for one in queue.page.items)
            assert {state: count for state, count in queue.counts.items() if state != "draft"} == shown
        for seat in [one for one in Told(me, tables, limited).live() if one["account"] == me.id]:
            mine = await my_files(me, seat["committee"], None)
            states = Counter(one.state for one in mine.files.items)
            to_read = {key: count for key, count in states.items() if key not in ("recused", "not_mine", "withdrawn")}
            assert (mine.progress.files_count, mine.progress.handed_in_count) == (sum(to_read.values()), states["handed_in"])
            left = [one.application for one in mine.files.items if one.state in ("to_declare", "to_do", "draft")]
            begun = [one.application for one in mine.files.items if one.state == "draft"]
            assert mine.progress.next == next(iter(begun + left), None)
