"""Handing deliverables in, reviewing them, doing without one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from incubator.coaching.rules import Standing
from incubator.cohorts.rules import move
from incubator.core.database import execute, transaction, value
from incubator.core.errors import Conflict, NotFound, Refused, Stale
from incubator.core.ids import new_id
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.progress.forms import DeliverableForm, ReviewForm, WaiverAnswerForm, WaiverForm
from incubator.progress.letters import tell_coaches, tell_team
from incubator.progress.queries.paths import deliverable_of, enrolment_for
from incubator.progress.rules import deliverables as rules
from incubator.progress.rules.facts import EnrolmentFacts, MilestoneFacts

_SENTENCES = {
    "start": "deliverable.started",
    "submit": "deliverable.submitted",
    "validate": "deliverable.validated",
    "send_back": "deliverable.sent_back",
    "ask_waiver": "deliverable.waiver_asked",
    "confirm_waiver": "deliverable.waived",
    "refuse_waiver": "deliverable.waiver_refused",
}


class _Work(msgspec.Struct, frozen=True):
    """A deliverable one may act upon now."""

    enrolment: EnrolmentFacts
    milestone: MilestoneFacts
    standing: Standing


async def write_deliverable(enrolment_id: UUID, milestone_id: UUID, form: DeliverableForm, *, by: Person, at: datetime) -> UUID:
    """Save what the team has for a milestone, and hand it in when finished; the project's id."""
    verb = "submit" if form.finished else "start"
    async with transaction():
        work = await _work(enrolment_id, milestone_id, verb, form.version, by)
        rules.check_content(form.content, form.link, finished=form.finished)
        handed_in = {"submitted_at": at, "submitted_by": by.id} if form.finished else {}
        await _move(work, verb, by=by, at=at, content=form.content, link=form.link, **handed_in)
        if form.finished:
            await tell_coaches(
                work.standing, "deliverable_submitted", at=at, project=work.enrolment.project_name, milestone=work.milestone.name
            )
        return work.enrolment.project


async def review_deliverable(enrolment_id: UUID, milestone_id: UUID, form: ReviewForm, *, by: Person, at: datetime) -> UUID:
    """Validate what was handed in, or send it back with a comment; the second of two who try is told. The project's id."""
    verb = form.verdict.value
    async with transaction():
        work = await _work(enrolment_id, milestone_id, verb, form.version, by)
        rules.check_comment(verb, form.comment)
        await _move(work, verb, by=by, at=at, review=form.comment, reviewed_at=at, reviewed_by=by.id)
        await _tell_answer(work, verb, form.comment, at)
        return work.enrolment.project


async def ask_waiver(enrolment_id: UUID, milestone_id: UUID, form: WaiverForm, *, by: Person, at: datetime) -> UUID:
    """Say that a deliverable is without object, and why; a second person answers. The project's id."""
    async with transaction():
        work = await _work(enrolment_id, milestone_id, "ask_waiver", form.version, by)
        await _move(work, "ask_waiver", by=by, at=at, waiver_reason=form.reason, waiver_asked_by=by.id)
        if not work.standing.is_coach:
            await tell_coaches(
                work.standing, "waiver_asked", at=at, project=work.enrolment.project_name, milestone=work.milestone.name
            )
        return work.enrolment.project


async def answer_waiver(enrolment_id: UUID, milestone_id: UUID, form: WaiverAnswerForm, *, by: Person, at: datetime) -> UUID:
    """Confirm that a deliverable is without object, or refuse and say why; never by who asked. The project's id."""
    verb = form.verdict.value
    async with transaction():
        work = await _work(enrolment_id, milestone_id, verb, form.version, by)
        rules.check_comment(verb, form.comment)
        await _move(work, verb, by=by, at=at, review=form.comment, reviewed_at=at, reviewed_by=by.id)
        await _tell_answer(work, verb, form.comment, at)
        return work.enrolment.project


async def _work(enrolment_id: UUID, milestone_id: UUID, verb: str, version: int, by: Person) -> _Work:
    """Lock the stay in the phase, and refuse who or what cannot be. Raises `Stale` for a text changed since it was read."""
    enrolment, standing = await enrolment_for(by, enrolment_id, lock=True)
    milestone = enrolment.milestone(milestone_id)
    if milestone is None:
        raise NotFound
    if reason := rules.why_never(verb, standing):
        raise Refused(reason)
    if reason := rules.why_not(verb, milestone, enrolment, by.id):
        raise Conflict(reason)
    if milestone.version != version:
        stored = await deliverable_of(enrolment, milestone_id)
        theirs = {"content": stored.content, "link": stored.link} if stored else {}
        told = {name: text for name, text in theirs.items() if text}
        raise Stale(_("Ce livrable a changé entre-temps. Comparez, puis recommencez."), told, milestone.version)
    return _Work(enrolment, milestone, standing)


async def _move(work: _Work, verb: str, *, by: Person, at: datetime, **written: Any) -> None:
    """Write the state a verb leads to and what came with it, then the journal entry."""
    state = move(rules.MOVES, verb, work.milestone.state)
    deliverable = await _row_of(work, state)
    columns = {"state": state, **written}
    listed = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, start=2))
    await execute(f"UPDATE deliverable SET {listed} WHERE id = $1", deliverable, *columns.values())  # noqa: S608 - columns of ours
    data = {"milestone": work.milestone.code, "from": work.milestone.state, "to": state}
    await record(_SENTENCES[verb], deliverable, by=by.id, at=at, project=work.enrolment.project, data=data)


async def _row_of(work: _Work, state: str) -> UUID:
    """The deliverable's row, made when there is none, one version further."""
    first = "in_progress" if state in ("waiver_asked", "waived") else state
    found: UUID = await value(
        "INSERT INTO deliverable (id, enrolment, milestone, state, content, link, review, waiver_reason, version)"
        " VALUES ($1, $2, $3, $4, '', '', '', '', 1)"
        " ON CONFLICT (enrolment, milestone) DO UPDATE SET version = deliverable.version + 1 RETURNING id",
        new_id(), work.enrolment.id, work.milestone.id, first,
    )  # fmt: skip
    return found


async def _tell_answer(work: _Work, verb: str, comment: str, at: datetime) -> None:
    await tell_team(
        work.enrolment.project, "deliverable_reviewed", at=at, project=work.enrolment.project_name,
        milestone=work.milestone.name, verb=verb, comment=comment,
    )  # fmt: skip
