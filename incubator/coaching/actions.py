"""Giving projects their coaches; logging, editing and correcting sessions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from incubator.coaching import queries, rules
from incubator.coaching.forms import AssignmentForm, SessionEditForm, SessionForm
from incubator.coaching.queries import OwnSession
from incubator.coaching.rules import Standing
from incubator.coaching.tables import CoachAssignment, PrivateNote, SessionCorrection, SupportSession
from incubator.cohorts.queries import team_addresses
from incubator.core.clock import local_date
from incubator.core.database import execute, row, transaction
from incubator.core.errors import Conflict, NotFound, Refused, Stale
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.people.queries import Person, person


async def assign_coach(project_id: UUID, form: AssignmentForm, *, by: Person, at: datetime) -> UUID:
    """Give a project a coach; a new lead ends the one before (R31). The assignment's id."""
    async with transaction():
        standing = await _for_staff(project_id, by)
        facts = await queries.assigning(standing, form.coach, lock=True)
        if reason := rules.why_not_assign(facts, form.coach, form.is_lead):
            raise Conflict(reason)
        today = local_date(at)
        await execute(
            "UPDATE coach_assignment SET until_on = GREATEST(from_on, $3) WHERE project = $1 AND until_on IS NULL"
            " AND (coach = $2 OR ($4 AND is_lead))",
            project_id, form.coach, today, form.is_lead,
        )  # fmt: skip
        assignment = CoachAssignment(
            project=project_id, coach=form.coach, is_lead=form.is_lead, from_on=today, assigned_at=at, assigned_by=by.id,
            planned_days=form.planned_days or Decimal(0),
        )  # fmt: skip
        await CoachAssignment.insert(assignment)
        data = {"coach": str(form.coach), "is_lead": form.is_lead}
        await record("coach.assigned", assignment.id, by=by.id, at=at, project=project_id, data=data)
        await _tell_assigned(standing, assignment.id, form.coach, at)
        return assignment.id


async def _for_staff(project_id: UUID, by: Person) -> Standing:
    """The standing of someone of the programme's staff. Raises `NotFound`, or `Refused` for a mere team member."""
    standing = await queries.standing_of(by, project_id)
    if not by.works_for(standing.programme):
        raise Refused(_("L’équipe du programme désigne qui accompagne un projet."))
    return standing


async def _tell_assigned(standing: Standing, assignment: UUID, coach_id: UUID, at: datetime) -> None:
    """A letter to the coach and to the team."""
    coach = await person(coach_id)
    name = standing.project_name
    letter = write("coaching/letters/assigned.txt", coach.language, name=coach.name, project=name)
    path = f"/projects/{standing.project}"
    await post(letter, kind="coaching.assigned", about=assignment, to_email=coach.email, to_account=coach.id, path=path, at=at)
    for member in await team_addresses(standing.project):
        letter = write(
            "coaching/letters/your_coach.txt", member.language, name=member.name, project=name, coach=coach.name,
            email=coach.email,
        )  # fmt: skip
        kind = "coaching.your_coach"
        await post(letter, kind=kind, about=assignment, to_email=member.email, to_account=member.id, path=path, at=at)


class _Assignment(msgspec.Struct, frozen=True):
    project: UUID
    coach: UUID
    is_lead: bool


async def end_assignment(assignment_id: UUID, *, by: Person, at: datetime) -> UUID:
    """A second coach stops following a project; the project's id. A lead is replaced, never removed (R31)."""
    async with transaction():
        found = await row(
            _Assignment,
            "SELECT project, coach, is_lead FROM coach_assignment WHERE id = $1 AND until_on IS NULL FOR NO KEY UPDATE",
            assignment_id,
        )
        if found is None:
            raise NotFound
        await _for_staff(found.project, by)
        if reason := rules.why_not_end_assignment(found.is_lead):
            raise Conflict(reason)
        await execute("UPDATE coach_assignment SET until_on = GREATEST(from_on, $2) WHERE id = $1", assignment_id, local_date(at))
        data = {"coach": str(found.coach)}
        await record("coach.ended", assignment_id, by=by.id, at=at, project=found.project, data=data)
        return found.project


async def log_session(project_id: UUID, form: SessionForm, *, by: Person, at: datetime) -> UUID:
    """Log a session one held as the project's coach (R30, R33); its id. The private note stays its author's (R34)."""
    async with transaction():
        standing = await queries.standing_of(by, project_id)
        if not standing.is_coach:
            raise Refused(_("Seules les personnes qui accompagnent ce projet notent ses séances."))
        rules.check_session(form, at)
        if reason := rules.why_not_log(await queries.journey_of(standing), form.kind, form.held_on):
            raise Conflict(reason)
        session = SupportSession(
            project=project_id, coach=by.id, held_on=form.held_on, duration_minutes=form.duration_minutes,
            kind=form.kind.value, participants=form.participants, done=form.done, decided=form.decided,
            next_steps=form.next_steps, next_on=form.next_on, no_next_reason=form.no_next_reason, logged_at=at,
        )  # fmt: skip
        await SupportSession.insert(session)
        await _keep_note(session.id, form.private_note, by=by, at=at)
        data = {"on": form.held_on, "kind": form.kind.value, "minutes": form.duration_minutes, "next_on": form.next_on}
        await record("session.logged", session.id, by=by.id, at=at, project=project_id, data=data)
        return session.id


async def _keep_note(session: UUID, text: str, *, by: Person, at: datetime) -> None:
    """One private note a session; emptied, it is gone."""
    await execute("DELETE FROM private_note WHERE session = $1 AND author = $2", session, by.id)
    if text:
        await PrivateNote.insert(PrivateNote(session=session, author=by.id, text=text, written_at=at))


async def edit_session(session_id: UUID, form: SessionEditForm, *, by: Person, at: datetime) -> UUID:
    """Change a session one logged: freely for ten days, then as a correction that keeps what it said; the project's id."""
    async with transaction():
        session = await queries.own_session(by, session_id, lock=True)
        if session.version != form.version:
            raise Stale(
                _("Cette séance a été modifiée entre-temps. Comparez, puis enregistrez."), _texts(session), session.version
            )
        rules.check_session(form, at)
        rules.check_correction(form.reason, session.logged_at, at)
        standing = await queries.standing_of(by, session.project)
        if reason := rules.why_not_log(await queries.journey_of(standing), form.kind, form.held_on):
            raise Conflict(reason)
        corrected = not rules.is_editable(session.logged_at, at)
        if corrected:
            await _keep_before(session, form.reason, by=by, at=at)
        await _overwrite(session_id, form)
        if form.private_note is not None:
            await _keep_note(session_id, form.private_note, by=by, at=at)
        verb, project = ("session.corrected", session.project) if corrected else ("session.edited", None)
        data = {"on": form.held_on, "version": session.version + 1}
        await record(verb, session_id, by=by.id, at=at, project=project, reason=form.reason if corrected else "", data=data)
        return session.project


def _texts(session: OwnSession) -> dict[str, str]:
    kept = ("participants", "done", "decided", "next_steps", "no_next_reason")
    return {name: getattr(session, name) for name in kept if getattr(session, name)}


async def _keep_before(session: OwnSession, reason: str, *, by: Person, at: datetime) -> None:
    before = _texts(session) | {
        "held_on": session.held_on.isoformat(),
        "duration_minutes": str(session.duration_minutes),
        "kind": session.kind,
        "next_on": session.next_on.isoformat() if session.next_on else "",
    }
    correction = SessionCorrection(
        session=session.id, before=msgspec.json.encode(before).decode(), reason=reason, corrected_at=at, corrected_by=by.id
    )
    await SessionCorrection.insert(correction)


async def _overwrite(session_id: UUID, form: SessionEditForm) -> None:
    await execute(
        "UPDATE support_session SET held_on = $2, duration_minutes = $3, kind = $4, participants = $5, done = $6,"
        " decided = $7, next_steps = $8, next_on = $9, no_next_reason = $10, version = version + 1 WHERE id = $1",
        session_id, form.held_on, form.duration_minutes, form.kind.value, form.participants, form.done,
        form.decided, form.next_steps, form.next_on, form.no_next_reason,
    )  # fmt: skip
