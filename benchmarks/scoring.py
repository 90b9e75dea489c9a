"""Members of the committee at work: saving an assessment again and again, handing assessments in."""

from __future__ import annotations

from itertools import count
from uuid import UUID

import msgspec

from benchmarks.client import get, send
from benchmarks.filling.committee import VOICES
from benchmarks.filling.people import MEMBERS
from benchmarks.lanes import Lane, Once

CODES = ("A1", "A2", "A3", "B4", "B5", "B6", "C7", "C8", "C9", "D10", "D11", "D12")
KEPT_AS_THEY_ARE = 50  # the first files are for reading
KEPT_FOR_SAVING = 16
_turns: dict[str, count[int]] = {}


def _assess(lane: Lane, member: int, application: UUID, version: int, turn: int, *, finished: bool) -> bytes:
    scores = {code: str((turn + place) % 5 + 1) for place, code in enumerate(CODES)}
    form = {"scores": scores, "comment": f"Lecture {turn}", "finished": finished, "version": version}
    visitor = lane.visitors.members[member]
    path = f"/api/v1/applications/{application}/assessments/mine"
    return send("PUT", path, lane.port, visitor.cookie, visitor.token, msgspec.json.encode(form))


def save_lane(lane: Lane) -> Once:
    """A draft of one's own, saved over and over with other marks; each client has its own file."""
    place = len(lane.world.files) - 1 - lane.number
    member = (place + VOICES) % MEMBERS  # the first who has not handed this one in
    application = lane.world.files[place]
    turns = count()
    stored: list[int] = []

    async def once() -> int:
        version = stored.pop() if stored else await _stored_version(lane, member, application)
        answer = await lane.ask(_assess(lane, member, application, version, next(turns), finished=False))
        stored.append(version + 1)
        return len(answer.body)

    return once


async def _stored_version(lane: Lane, member: int, application: UUID) -> int:
    """Reads the draft, as whoever opens the page does."""
    visitor = lane.visitors.members[member]
    path = f"/api/v1/applications/{application}/assessments/mine"
    answer = await lane.ask(get(path, lane.port, visitor.cookie, "application/json"))
    return int(msgspec.json.decode(answer.body)["version"])


def hand_in_lane(lane: Lane) -> Once:
    """A whole assessment handed in at once, each time of another file or by another member."""
    turns = _turns.setdefault(lane.world.dsn, count())

    async def once() -> int:
        turn = next(turns)
        places = range(KEPT_AS_THEY_ARE, len(lane.world.files) - KEPT_FOR_SAVING)
        place = places[turn % len(places)]
        member = (place + VOICES + turn // len(places)) % MEMBERS
        answer = await lane.ask(_assess(lane, member, lane.world.files[place], 0, turn, finished=True))
        return len(answer.body)

    return once
