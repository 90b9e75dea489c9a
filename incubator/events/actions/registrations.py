"""Coming to a meeting by name and address alone, giving the seat back by the link of the letter, and saying who came."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.database import execute, transaction
from incubator.core.errors import Conflict, NotFound
from incubator.core.language import _
from incubator.core.tickets import subject_of
from incubator.events import rules
from incubator.events.forms import AttendanceForm, RegistrationForm
from incubator.events.letters import PURPOSE, send
from incubator.events.queries import MeetingView, RegistrationView, meeting, registration, registration_of
from incubator.events.tables import Registration
from incubator.journal.actions import record
from incubator.people.actions import spend_try
from incubator.people.queries import Person
from incubator.people.rules import MAILS_AN_ADDRESS, normal_email

LETTERS_A_PERSON = 5


async def register(meeting_id: UUID, form: RegistrationForm, *, language: str, address: str, key: str, at: datetime) -> None:
    """Take seats and send the letter. Who is already registered gets the letter again, and nothing else changes: the
    answer never says who comes, nor does a refusal. Raises `Conflict` when the seats are taken.
    """
    email = normal_email(form.email)
    await spend_try(f"mails from {address}", MAILS_AN_ADDRESS, at=at)
    await spend_try(f"registration mails to {email}", LETTERS_A_PERSON, at=at)
    async with transaction():
        view = await meeting(meeting_id, lock=True)
        known = await registration_of(meeting_id, email)
        reason = rules.why_not_register(view.facts, form.people_count, at)
        is_ahead = at < view.starts_at and view.cancelled_at is None
        if known is not None and known.cancelled_at is None and is_ahead:
            await send("registered", view, known, key=key, at=at)
        elif reason is None:
            await _take_seats(view, email, form, known, language, key, at)
    if reason is not None:
        again = _("Si vous aviez déjà une place, sa lettre vient de repartir vers votre adresse.")
        raise Conflict(f"{reason} {again}" if is_ahead else reason)


async def _take_seats(
    view: MeetingView, email: str, form: RegistrationForm, known: RegistrationView | None, language: str, key: str, at: datetime
) -> None:
    await execute("UPDATE meeting SET seats_taken = seats_taken + $2 WHERE id = $1", view.id, form.people_count)
    made = await _kept(view.id, email, form, known, language, at)
    await record("registration.made", made.id, by=None, at=at, data={"meeting": str(view.id), "people": form.people_count})
    await send("registered", view, made, key=key, at=at)


async def _kept(
    meeting_id: UUID, email: str, form: RegistrationForm, known: RegistrationView | None, language: str, at: datetime
) -> RegistrationView:
    """The registration, new or taken up again after it was cancelled."""
    if known is None:
        made = Registration(
            meeting=meeting_id, name=form.name, email=email, people_count=form.people_count, language=language, registered_at=at
        )
        await Registration.insert(made)
        return await registration(made.id)
    await execute(
        "UPDATE registration SET name = $2, people_count = $3, language = $4, registered_at = $5, cancelled_at = NULL"
        " WHERE id = $1",
        known.id, form.name, form.people_count, language, at,
    )  # fmt: skip
    return await registration(known.id)


async def registration_by(given: str, *, key: str) -> RegistrationView:
    """The registration a letter's link names. Raises `NotFound` for no link of ours."""
    subject = subject_of(key, PURPOSE, given)
    if subject is None:
        raise NotFound
    return await registration(subject)


async def leave(given: str, *, key: str, at: datetime) -> None:
    """Give the seats back; leaving twice is leaving once."""
    async with transaction():
        named = await registration_by(given, key=key)
        view = await meeting(named.meeting, lock=True)
        found = await registration_of(named.meeting, named.email)
        if found is None or found.cancelled_at is not None:
            return
        if reason := rules.why_not_leave(view.facts, at):
            raise Conflict(reason)
        await execute("UPDATE registration SET cancelled_at = $2 WHERE id = $1", found.id, at)
        await execute("UPDATE meeting SET seats_taken = seats_taken - $2 WHERE id = $1", view.id, found.people_count)
        await record("registration.cancelled", found.id, by=None, at=at, data={"meeting": str(view.id)})


async def mark_attendance(meeting_id: UUID, form: AttendanceForm, *, by: Person, at: datetime) -> None:
    """Say who came among those registered; the others did not. Marked again, the last list holds."""
    async with transaction():
        view = await meeting(meeting_id, lock=True)
        if not by.works_for(view.programme):
            raise NotFound
        if reason := rules.why_not_mark(view.facts, at):
            raise Conflict(reason)
        marked = await execute(
            "UPDATE registration SET has_come = (id = ANY ($2::uuid[])), marked_at = $3, marked_by = $4"
            " WHERE meeting = $1 AND cancelled_at IS NULL",
            meeting_id, form.came, at, by.id,
        )  # fmt: skip
        await record("meeting.attendance_marked", meeting_id, by=by.id, at=at, data={"registered": marked})
