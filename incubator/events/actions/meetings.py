"""Announcing, changing and cancelling meetings: any of the programme's staff. Those who registered are told what changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from incubator.calls.queries import call_by_code
from incubator.core.database import column, execute, transaction
from incubator.core.errors import Conflict, Invalid, NotFound, Stale
from incubator.core.language import _
from incubator.core.words import instant_words
from incubator.events import rules
from incubator.events.forms import CancellationForm, EditMeetingForm, MeetingForm, NewMeetingForm
from incubator.events.letters import send
from incubator.events.queries import MeetingView, meeting, registrations
from incubator.events.tables import Meeting
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.territory.queries import meant_commune

FIELDS = ("title", "description", "starts_at", "ends_at", "seats", "place_name", "address", "is_remote", "link")
MOVED_BY = ("starts_at", "ends_at", "place_name", "address", "commune", "is_remote", "link")


async def create_meeting(call_code: str, form: NewMeetingForm, *, by: Person, at: datetime) -> UUID:
    """Announce a meeting about a call, or about every call of its programme."""
    async with transaction():
        call = await call_by_code(call_code)
        if not by.works_for(call.programme):
            raise NotFound
        facts = await _facts(form, at)
        made = Meeting(
            programme=call.programme, call=None if form.every_call else call.id, created_at=at, created_by=by.id, **facts
        )
        await Meeting.insert(made)
        await record("meeting.announced", made.id, by=by.id, at=at, data={"call": call.code, "starts_at": form.starts_at})
        return made.id


async def edit_meeting(meeting_id: UUID, form: EditMeetingForm, *, key: str, by: Person, at: datetime) -> None:
    """Change a meeting; those who registered are told when its date, its place or its link changes."""
    async with transaction():
        stored = await _changeable(meeting_id, by, at)
        if form.version != stored.version:
            raise await _stale(stored, form)
        facts = await _facts(form, at, was=stored.starts_at)
        if form.seats < stored.seats_taken:
            raise Invalid({"seats": _("{n} places sont déjà prises.").format(n=stored.seats_taken)})
        assignments = ", ".join(f"{name} = ${number}" for number, name in enumerate(facts, start=2))
        await execute(
            f"UPDATE meeting SET {assignments}, version = version + 1,"  # noqa: S608 - our own names
            " reminded_at = CASE WHEN starts_at <> $4 THEN NULL ELSE reminded_at END WHERE id = $1",
            meeting_id, *facts.values(),
        )  # fmt: skip
        await record("meeting.changed", meeting_id, by=by.id, at=at, data={"version": stored.version + 1})
        if any(facts[name] != getattr(stored, name) for name in MOVED_BY):
            await _tell("moved", await meeting(meeting_id), key, at)


async def cancel_meeting(meeting_id: UUID, form: CancellationForm, *, key: str, by: Person, at: datetime) -> None:
    """Cancel a meeting and tell those who registered why."""
    async with transaction():
        await _changeable(meeting_id, by, at)
        await execute(
            "UPDATE meeting SET cancelled_at = $2, cancelled_reason = $3, version = version + 1 WHERE id = $1",
            meeting_id, at, form.reason,
        )  # fmt: skip
        await record("meeting.cancelled", meeting_id, by=by.id, at=at, reason=form.reason)
        await _tell("cancelled", await meeting(meeting_id), key, at)


async def remind_meetings(*, key: str, at: datetime) -> int:
    """The day before, write once to everybody who comes; how many meetings."""
    soon = await column(
        "SELECT m.id FROM meeting m WHERE m.reminded_at IS NULL AND m.cancelled_at IS NULL AND m.starts_at > $1"
        " AND m.starts_at < $2 ORDER BY m.starts_at, m.id LIMIT 50",
        at, at + timedelta(hours=40),
    )  # fmt: skip
    reminded = 0
    for meeting_id in soon:
        async with transaction():
            view = await meeting(meeting_id, lock=True)
            if not rules.is_due_reminder(view.starts_at, at) or view.cancelled_at is not None:
                continue
            if await execute("UPDATE meeting SET reminded_at = $2 WHERE id = $1 AND reminded_at IS NULL", meeting_id, at):
                await _tell("reminder", view, key, at)
                reminded += 1
    return reminded


async def _tell(kind: str, view: MeetingView, key: str, at: datetime) -> None:
    for one in await registrations(view.id, coming=True):
        await send(kind, view, one, key=key, at=at)


async def _changeable(meeting_id: UUID, by: Person, at: datetime) -> MeetingView:
    stored = await meeting(meeting_id, lock=True)
    if not by.works_for(stored.programme):
        raise NotFound
    if reason := rules.why_not_change(stored.facts, at):
        raise Conflict(reason)
    return stored


async def _facts(form: MeetingForm, at: datetime, was: datetime | None = None) -> dict[str, Any]:
    """The facts to store. `was`: when the meeting begins today; one that has begun may still have its link mended."""
    errors = rules.check_meeting(form.starts_at, form.ends_at, form.place_name, form.link, is_remote=form.is_remote, at=at)
    if form.starts_at == was:
        errors.pop("starts_at", None)
    meant = await meant_commune(form.commune, form.commune_text)
    if meant.code is None and (meant.options or form.commune or form.commune_text):
        errors["commune"] = (
            _("Plusieurs communes correspondent : choisissez la vôtre.")
            if meant.options
            else _("Aucune commune ne correspond. Essayez une partie du nom, ou le code postal.")
        )
    if errors:
        raise Invalid(errors)
    return {name: getattr(form, name) for name in FIELDS} | {"commune": meant.code}


async def _stale(stored: MeetingView, form: EditMeetingForm) -> Stale:
    """Every field that says something else than what was typed, in words."""
    meant = await meant_commune(form.commune, form.commune_text)
    theirs = _in_words(stored, stored.commune)
    mine = _in_words(form, meant.code)
    changed = {name: text or _("(rien)") for name, text in theirs.items() if text != mine[name]}
    if "commune" in changed:
        changed["commune"] = stored.commune_name or _("(rien)")
    return Stale(
        _("Quelqu’un a enregistré cette réunion entre-temps. Comparez, puis enregistrez à nouveau."), changed, stored.version
    )


def _in_words(said: MeetingView | EditMeetingForm, commune: str | None) -> dict[str, str]:
    words = {name: str(getattr(said, name)) for name in ("title", "description", "place_name", "address", "link", "seats")}
    words |= {name: instant_words(getattr(said, name)) for name in ("starts_at", "ends_at")}
    return words | {"is_remote": _("oui") if said.is_remote else _("non"), "commune": commune or ""}
