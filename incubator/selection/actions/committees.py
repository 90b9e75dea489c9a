"""Composing a committee and putting applications before it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import execute, row, rows, transaction, value
from incubator.core.errors import Conflict, NotFound
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.actions import invite
from incubator.people.queries import Person, person
from incubator.selection.forms import CommitteeForm, PresentationForm, SeatForm
from incubator.selection.queries.committees import (
    ADMISSIBLE_MAX,
    CommitteeFacts,
    call_to_compose,
    committee_for_manager,
    committee_with_scores,
)
from incubator.selection.rules.committees import (
    Presenting,
    Seating,
    votes,
    why_not_create_committee,
    why_not_end_seat,
    why_not_give_seat,
    why_not_present,
)
from incubator.selection.tables import Committee, Presentation, Seat


async def create_committee(code: str, form: CommitteeForm, *, by: Person, at: datetime) -> UUID:
    """Create the committee of a call, before or after its closing. Raises `Conflict` when it has one."""
    async with transaction():
        await execute("SELECT FROM call WHERE code = $1 FOR NO KEY UPDATE", code)
        call = await call_to_compose(by, code)
        if reason := why_not_create_committee(call.committee is not None):
            raise Conflict(reason)
        made = Committee(call=call.id, name=form.name, created_at=at, created_by=by.id)
        await Committee.insert(made)
        await record("committee.created", made.id, by=by.id, at=at, data={"call": call.code})
        return made.id


async def give_seat(committee: UUID, form: SeatForm, *, by: Person, at: datetime) -> UUID:
    """Give someone a seat for a college; an account is made and invited when there is none."""
    async with transaction():
        facts = await locked_committee(committee, by)
        account = await invite(form.email, form.name, by=by, at=at)
        member = await person(account)
        seated = await value("SELECT ended_at IS NULL FROM seat WHERE committee = $1 AND account = $2", committee, account)
        seating = Seating(is_staff=member.works_for(facts.programme), is_seated=bool(seated), is_published=facts.is_published)
        if reason := why_not_give_seat(seating, form.college.value):
            raise Conflict(reason)
        seat = await _write_seat(committee, account, form, at)
        await record("seat.given", seat, by=by.id, at=at, data={"college": form.college.value, "committee": committee})
        return seat


async def _write_seat(committee: UUID, account: UUID, form: SeatForm, at: datetime) -> UUID:
    """A new seat, or the former one again when it had ended."""
    college = form.college.value
    seat: UUID | None = await value(
        "UPDATE seat SET college = $3, is_voting = $4, given_at = $5, ended_at = NULL"
        " WHERE committee = $1 AND account = $2 RETURNING id",
        committee, account, college, votes(college), at,
    )  # fmt: skip
    if seat is not None:
        return seat
    made = Seat(committee=committee, account=account, college=college, is_voting=votes(college), given_at=at)
    await Seat.insert(made)
    return made.id


class _Seat(msgspec.Struct, frozen=True):
    committee: UUID
    is_ended: bool


async def end_seat(seat: UUID, *, by: Person, at: datetime) -> None:
    """End a seat: its holder no longer finds the committee. What they handed in still counts."""
    async with transaction():
        found = await row(_Seat, "SELECT committee, ended_at IS NOT NULL FROM seat WHERE id = $1 FOR NO KEY UPDATE", seat)
        if found is None:
            raise NotFound
        facts = await committee_for_manager(by, found.committee)
        if reason := why_not_end_seat(is_published=facts.is_published, is_ended=found.is_ended):
            raise Conflict(reason)
        await execute("UPDATE seat SET ended_at = $2 WHERE id = $1", seat, at)
        await record("seat.ended", seat, by=by.id, at=at, data={"committee": found.committee})


class _Admissible(msgspec.Struct, frozen=True):
    id: UUID
    project: UUID


async def present_applications(committee: UUID, form: PresentationForm, *, by: Person, at: datetime) -> int:
    """Put admissible applications before the committee, all those named or none; how many.

    Raises `Conflict` when one of them is no longer admissible or was presented already.
    """
    async with transaction():
        facts = await locked_committee(committee, by)
        found = await _admissible(facts.call, None if form.everything else form.applications)
        asked = len(found) if form.everything else len(set(form.applications))
        presenting = Presenting(is_published=facts.is_published, asked_count=asked, found_count=len(found))
        if reason := why_not_present(presenting):
            raise Conflict(reason)
        await Presentation.insert(
            *[
                Presentation(committee=committee, application=one.id, presented_at=at, presented_by=by.id, flags=["insufficient"])
                for one in found
            ]
        )
        for one in found:
            await record("application.presented", one.id, by=by.id, at=at, project=one.project)
        return len(found)


async def _admissible(call: UUID, asked: list[UUID] | None) -> list[_Admissible]:
    """Admissible applications of the call not yet presented, locked against a withdrawal at the same instant."""
    return await rows(
        _Admissible,
        "SELECT a.id, a.project FROM application a WHERE a.call = $1 AND a.state = 'admissible'"
        " AND ($2::uuid[] IS NULL OR a.id = ANY($2)) AND NOT EXISTS (SELECT FROM presentation p WHERE p.application = a.id)"
        " ORDER BY a.id LIMIT $3 FOR NO KEY UPDATE OF a",
        call, asked, ADMISSIBLE_MAX,
    )  # fmt: skip


async def locked_committee(committee: UUID, by: Person) -> CommitteeFacts:
    """A committee for its manager, locked: what composes it, decides or publishes goes one at a time."""
    await execute("SELECT FROM committee WHERE id = $1 FOR NO KEY UPDATE", committee)
    return await committee_for_manager(by, committee)


async def allow_export(committee: UUID, *, by: Person, at: datetime) -> CommitteeFacts:
    """Let scores leave with names on them: the journal says so first, or nothing leaves (R49).

    Raises `Conflict` when there is nothing to export: an empty file would look like an answer.
    """
    async with transaction():
        facts = await committee_with_scores(by, committee)
        if not await value("SELECT EXISTS (SELECT FROM presentation WHERE committee = $1)", committee):
            raise Conflict(_("Aucun dossier n’a été présenté à ce comité : il n’y a rien à exporter."))
        await record("scores.exported", committee, by=by.id, at=at)
        return facts
