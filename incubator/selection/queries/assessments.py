"""Assessments: one's own, and all of an application for those who may see them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from incubator.calls.queries import CriterionView, criteria_of
from incubator.core.database import row, rows
from incubator.core.errors import Conflict, NotFound, Refused
from incubator.people.queries import Person
from incubator.selection.queries.committees import sees_scores
from incubator.selection.queries.files import FileView, file_of
from incubator.selection.queries.members import assessing_by, next_file
from incubator.selection.rules.committees import Assessing, why_not_assess, why_not_open
from incubator.selection.rules.scoring import Sums

MEMBERS_MAX = 200


class MyScore(msgspec.Struct, frozen=True):
    """A mark (1 to 5), or NSP; neither while it is not scored. And its comment."""

    value: int | None
    is_nsp: bool
    comment: str

    @property
    def mark(self) -> str:
        """What stands in the form: 1 to 5, nsp, or nothing."""
        return "nsp" if self.is_nsp else "" if self.value is None else str(self.value)


class MyAssessment(msgspec.Struct, frozen=True):
    """One's own assessment beside the file. `spread` is what the committee gave, once one has handed in (R14)."""

    application: UUID
    committee: UUID
    state: str
    version: int
    comment: str
    saved_at: datetime | None
    handed_in_at: datetime | None
    total: Decimal | None
    scores: dict[str, MyScore]
    criteria: list[CriterionView]
    file: FileView
    spread: Sums | None
    why_not: str | None
    next: UUID | None


class _Saved(msgspec.Struct, frozen=True):
    version: int
    comment: str
    saved_at: datetime
    handed_in_at: datetime | None
    total: Decimal | None
    scores: dict[str, MyScore]


SCORES = (
    "COALESCE((SELECT json_object_agg(k.code, json_build_object('value', o.value, 'is_nsp', o.is_nsp, 'comment', o.comment))"
    " FROM score o JOIN criterion k ON k.id = o.criterion WHERE o.assessment = x.id), '{}')::text"
)
SUMS = (
    "p.assessments_count, p.mean, p.median, p.low, p.high, p.deviation, p.knock_out_mean, p.first_block_mean,"
    " p.criteria::text, to_json(p.flags)::text"
)


async def saved_by(assessing: Assessing) -> _Saved | None:
    """What a member saved on an application, or None."""
    return await row(
        _Saved,
        f"SELECT x.version, x.comment, x.saved_at, x.handed_in_at, x.total, {SCORES}"
        " FROM assessment x WHERE x.seat = $1 AND x.presentation = $2",
        assessing.seat, assessing.presentation,
    )  # fmt: skip


async def my_assessment(me: Person, application: UUID) -> MyAssessment:
    """The file beside the grid. Raises `NotFound` for whom it is not (R9, R10, R13), `Conflict` before a declaration."""
    assessing = await assessing_by(me, application)
    if reason := why_not_open(assessing):
        raise Conflict(reason)
    saved = await saved_by(assessing)
    is_in = saved is not None and saved.handed_in_at is not None
    return MyAssessment(
        application=application,
        committee=assessing.committee,
        state=assessing.state,
        version=assessing.version,
        comment=saved.comment if saved else "",
        saved_at=saved.saved_at if saved else None,
        handed_in_at=saved.handed_in_at if saved else None,
        total=saved.total if saved else None,
        scores=saved.scores if saved else {},
        criteria=await criteria_of(assessing.grid),
        file=await file_of(application),
        spread=await sums_of(assessing.presentation) if is_in else None,
        why_not=why_not_assess(assessing),
        next=await next_file(assessing.seat) if is_in else None,
    )


async def my_file(me: Person, application: UUID) -> FileView:
    """The file alone, under the same rights as beside the grid. Raises `NotFound`, `Conflict`."""
    if reason := why_not_open(await assessing_by(me, application)):
        raise Conflict(reason)
    return await file_of(application)


async def sums_of(presentation: UUID) -> Sums | None:
    """The kept figures of an application."""
    return await row(Sums, f"SELECT {SUMS} FROM presentation p WHERE p.id = $1", presentation)


class Voice(msgspec.Struct, frozen=True):
    """A member's part in an application. Scores and comments only once handed in; nothing of who is recused."""

    name: str
    college: str
    is_voting: bool
    state: str
    handed_in_at: datetime | None
    total: Decimal | None
    comment: str
    reason: str
    scores: dict[str, MyScore]


class Assessed(msgspec.Struct, frozen=True):
    """Where an application stands before its committee."""

    application: UUID
    project: UUID
    name: str
    state: str
    committee: UUID
    call_title: str
    programme: UUID
    grid: UUID
    presentation: UUID
    is_published: bool
    is_mine_to_see: bool


class Assessments(msgspec.Struct, frozen=True):
    """An application's figures and voices, with the grid they are on."""

    facts: Assessed
    criteria: list[CriterionView]
    sums: Sums
    voices: list[Voice]


ASSESSED = (
    "SELECT a.id, a.project, a.filed_name, a.state, c.id, k.title, k.programme, k.grid, p.id,"
    " EXISTS (SELECT FROM publication b WHERE b.committee = c.id),"
    " NOT EXISTS (SELECT FROM seat s JOIN declaration d ON d.seat = s.id AND d.presentation = p.id AND d.has_interest"
    " WHERE s.committee = c.id AND s.account = $2)"
    " FROM presentation p JOIN application a ON a.id = p.application"
    " JOIN committee c ON c.id = p.committee JOIN call k ON k.id = c.call WHERE p.application = $1"
)


async def assessed(me: Person, application: UUID) -> Assessed:
    """An application before a committee, for staff who may see its scores.

    Raises `NotFound` for outsiders and for who declared an interest (R10), `Refused` for the rest of the staff.
    """
    found = await row(Assessed, ASSESSED, application, me.id)
    if found is None or not me.works_for(found.programme) or not found.is_mine_to_see:
        raise NotFound
    if not sees_scores(me, found.programme, is_published=found.is_published):
        raise Refused
    return found


async def assessments_of(me: Person, application: UUID) -> Assessments:
    """Who handed in, their marks and comments, by college and name (same refusals as `assessed`)."""
    facts = await assessed(me, application)
    voices = await rows(
        Voice,
        "SELECT u.name, s.college, s.is_voting, CASE WHEN d.has_interest THEN 'recused' ELSE COALESCE(x.state, 'to_do') END,"
        " x.handed_in_at, x.total, CASE WHEN x.handed_in_at IS NULL THEN '' ELSE x.comment END,"
        " CASE WHEN d.has_interest THEN d.reason ELSE '' END,"
        f" CASE WHEN x.handed_in_at IS NULL THEN '{{}}' ELSE {SCORES} END"
        " FROM seat s JOIN account u ON u.id = s.account"
        " LEFT JOIN declaration d ON d.seat = s.id AND d.presentation = $2"
        " LEFT JOIN assessment x ON x.seat = s.id AND x.presentation = $2 AND NOT COALESCE(d.has_interest, false)"
        " WHERE s.committee = $1 AND (s.ended_at IS NULL OR x.handed_in_at IS NOT NULL)"
        " ORDER BY s.is_voting DESC, s.college, u.name, s.id LIMIT $3",
        facts.committee, facts.presentation, MEMBERS_MAX,
    )  # fmt: skip
    sums = await sums_of(facts.presentation)
    if sums is None:
        raise NotFound
    return Assessments(facts, await criteria_of(facts.grid), sums, voices)


def radar_points(criteria: list[CriterionView], sums: Sums) -> list[tuple[str, Any]]:
    """The mean of each criterion, None where there is none, in the order of the grid."""
    return [
        (f"{criterion.code} · {criterion.label}", sums.criteria[criterion.code].mean if criterion.code in sums.criteria else None)
        for criterion in criteria
    ]
