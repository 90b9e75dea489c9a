"""Reading meetings: what is to come is public; who registered is for the staff of the programme, and for themselves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import row, rows
from incubator.core.errors import NotFound
from incubator.events.rules import MeetingFacts
from incubator.people.queries import Person

LIST_MAX = 100
REGISTERED_MAX = 2000


class MeetingLine(msgspec.Struct, frozen=True):
    """A meeting as everybody sees it: never the link."""

    id: UUID
    title: str
    place_name: str
    commune: str
    is_remote: bool
    starts_at: datetime
    ends_at: datetime
    seats: int
    seats_left: int
    cancelled_at: datetime | None


class MeetingView(msgspec.Struct, frozen=True):
    """A whole meeting. `link` is for those who registered and for the staff: pages decide."""

    id: UUID
    programme: UUID
    programme_name: str
    contact_email: str
    call: UUID | None
    call_code: str | None
    call_title: str | None
    call_published_at: datetime | None
    title: str
    description: str
    place_name: str
    address: str
    commune: str | None
    commune_name: str
    is_remote: bool
    link: str
    starts_at: datetime
    ends_at: datetime
    seats: int
    seats_taken: int
    created_at: datetime
    cancelled_at: datetime | None
    cancelled_reason: str
    version: int

    @property
    def facts(self) -> MeetingFacts:
        """What the rules look at."""
        return MeetingFacts(**{name: getattr(self, name) for name in MeetingFacts.__struct_fields__})

    @property
    def place(self) -> str:
        """Where, on one line."""
        return ", ".join(part for part in (self.place_name, self.address, self.commune_name) if part)


class RegistrationView(msgspec.Struct, frozen=True):
    """Someone who comes."""

    id: UUID
    meeting: UUID
    name: str
    email: str
    people_count: int
    language: str
    registered_at: datetime
    cancelled_at: datetime | None
    has_come: bool | None


_LINE = (
    "SELECT m.id, m.title, m.place_name, COALESCE(c.name, ''), m.is_remote, m.starts_at, m.ends_at, m.seats,"
    " m.seats - m.seats_taken, m.cancelled_at FROM meeting m LEFT JOIN commune c ON c.insee_code = m.commune"
)
_VIEW = (
    "SELECT m.id, m.programme, p.name, p.contact_email, m.call, k.code, k.title, k.published_at, m.title, m.description,"
    " m.place_name, m.address, m.commune, COALESCE(c.name, ''), m.is_remote, m.link, m.starts_at, m.ends_at, m.seats,"
    " m.seats_taken, m.created_at, m.cancelled_at, m.cancelled_reason, m.version"
    " FROM meeting m JOIN programme p ON p.id = m.programme"
    ' LEFT JOIN "call" k ON k.id = m.call LEFT JOIN commune c ON c.insee_code = m.commune'
)
_REGISTRATION = (
    "SELECT r.id, r.meeting, r.name, r.email, r.people_count, r.language, r.registered_at, r.cancelled_at, r.has_come"
    " FROM registration r"
)


async def meetings_ahead(call: UUID, programme: UUID, *, at: datetime) -> list[MeetingLine]:
    """Meetings to come that concern a call, soonest first."""
    return await rows(
        MeetingLine,
        f"{_LINE} WHERE m.programme = $2 AND (m.call = $1 OR m.call IS NULL) AND m.cancelled_at IS NULL AND m.starts_at > $3"
        f" ORDER BY m.starts_at, m.id LIMIT {LIST_MAX}",
        call, programme, at,
    )  # fmt: skip


async def meetings_of(call: UUID, programme: UUID) -> list[MeetingLine]:
    """Every meeting that concerns a call, for its staff, latest first."""
    return await rows(
        MeetingLine,
        f"{_LINE} WHERE m.programme = $2 AND (m.call = $1 OR m.call IS NULL) ORDER BY m.starts_at DESC, m.id LIMIT {LIST_MAX}",
        call, programme,
    )  # fmt: skip


async def meeting(meeting_id: UUID, *, lock: bool = False) -> MeetingView:
    """A meeting, whoever asks. Raises `NotFound`."""
    found = await row(MeetingView, f"{_VIEW} WHERE m.id = $1{' FOR UPDATE OF m' if lock else ''}", meeting_id)
    if found is None:
        raise NotFound
    return found


async def visible_meeting(me: Person | None, meeting_id: UUID, *, at: datetime) -> MeetingView:
    """A meeting this person may see: of a call that is public, or of a programme they work for. Raises `NotFound`."""
    found = await meeting(meeting_id)
    is_public = found.call is None or (found.call_published_at is not None and found.call_published_at <= at)
    if not is_public and not (me and me.works_for(found.programme)):
        raise NotFound
    return found


async def staff_meeting(me: Person, meeting_id: UUID) -> MeetingView:
    """A meeting of a programme this person works for. Raises `NotFound` for any other."""
    found = await meeting(meeting_id)
    if not me.works_for(found.programme):
        raise NotFound
    return found


async def registrations(meeting_id: UUID, *, coming: bool = False) -> list[RegistrationView]:
    """Who registered, by name; `coming`: without those who cancelled."""
    return await rows(
        RegistrationView,
        f"{_REGISTRATION} WHERE r.meeting = $1{' AND r.cancelled_at IS NULL' if coming else ''}"
        f" ORDER BY r.cancelled_at IS NOT NULL, lower(r.name), r.id LIMIT {REGISTERED_MAX}",
        meeting_id,
    )


async def registration(registration_id: UUID) -> RegistrationView:
    """A registration, whoever asks: its link is the proof. Raises `NotFound`."""
    found = await row(RegistrationView, f"{_REGISTRATION} WHERE r.id = $1", registration_id)
    if found is None:
        raise NotFound
    return found


async def registration_of(meeting_id: UUID, email: str) -> RegistrationView | None:
    """The registration of an address, locked, or None."""
    return await row(RegistrationView, f"{_REGISTRATION} WHERE r.meeting = $1 AND r.email = $2 FOR UPDATE", meeting_id, email)
