"""Questions to the programme: the team's own, and those that staff of the programme answer. The committee reads none (R15)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.applications.queries.dossiers import FREE_OF_INTEREST, READABLE
from incubator.applications.rules.inquiries import InquiryFacts, InquiryState, inquiry_state
from incubator.calls.queries import CallView, call_by_code, form_of
from incubator.core.database import execute, row, rows
from incubator.core.errors import NotFound
from incubator.core.paging import SIZE, Page, cut, read_cursor
from incubator.people.queries import Person

# Since when the team waits: its first message after the programme's last one.
_WAITING = (
    "(SELECT min(w.written_at) FROM inquiry_message w WHERE w.inquiry = i.id AND NOT w.is_staff AND w.written_at >"
    " COALESCE((SELECT max(s.written_at) FROM inquiry_message s WHERE s.inquiry = i.id AND s.is_staff), '-infinity'))"
)
_FIRST = "(SELECT w.text FROM inquiry_message w WHERE w.inquiry = i.id ORDER BY w.written_at, w.id LIMIT 1)"


class MessageView(msgspec.Struct, frozen=True):
    """Something that was written; `by`: the name of its author."""

    by: str
    is_staff: bool
    is_mine: bool
    text: str
    written_at: datetime


_FACTS = (
    "SELECT i.id, i.application, i.call, c.code, c.title, c.programme, a.project, p.name, a.form, i.section, a.state,"
    f" a.instructor, i.asked_at, i.closed_at, {_WAITING},"
    " (SELECT count(*)::int FROM inquiry_message w WHERE w.inquiry = i.id),"
    " EXISTS (SELECT FROM presentation e JOIN publication b ON b.committee = e.committee WHERE e.application = a.id),"
    " m.id IS NOT NULL, COALESCE(m.role <> 'reader', false)"
    " FROM inquiry i JOIN application a ON a.id = i.application JOIN call c ON c.id = i.call JOIN project p ON p.id = a.project"
    " LEFT JOIN team_member m ON m.project = a.project AND m.account = $1 AND m.left_at IS NULL"
    f" WHERE i.id = $2 AND (m.id IS NOT NULL OR ({FREE_OF_INTEREST} AND {READABLE}))"
)


async def inquiry_for(me: Person, inquiry_id: UUID) -> InquiryFacts:
    """For the team, and for who handles the programme's applications without an interest in this one. Raises `NotFound`."""
    found = await row(InquiryFacts, _FACTS, me.id, inquiry_id)
    if found is None or not (found.is_mine or me.handles(found.programme)):
        raise NotFound
    return found


async def locked_inquiry(me: Person, inquiry_id: UUID) -> InquiryFacts:
    """The same, locked until the act ends; read after the lock is held."""
    await execute("SELECT FROM inquiry WHERE id = $1 FOR UPDATE", inquiry_id)
    return await inquiry_for(me, inquiry_id)


async def messages_of(me: Person, inquiry_id: UUID) -> list[MessageView]:
    """What was written, in order; whoever asks has seen the conversation."""
    return await rows(
        MessageView,
        "SELECT a.name, w.is_staff, w.author = $2, w.text, w.written_at FROM inquiry_message w JOIN account a ON a.id = w.author"
        " WHERE w.inquiry = $1 ORDER BY w.written_at, w.id LIMIT 100",
        inquiry_id,
        me.id,
    )


class InquiryLine(msgspec.Struct, frozen=True):
    """A conversation in a list. `waiting_since`: when the team wrote what nobody has answered, if anything."""

    id: UUID
    application: UUID
    project_name: str
    section: str
    question: str
    asked_at: datetime
    closed_at: datetime | None
    waiting_since: datetime | None

    @property
    def state(self) -> InquiryState:
        """Where it is."""
        return inquiry_state(self.closed_at, self.waiting_since)


_LINES = (
    f"SELECT i.id, i.application, p.name, i.section, {_FIRST}, i.asked_at, i.closed_at, {_WAITING} FROM inquiry i"
    " JOIN application a ON a.id = i.application JOIN call c ON c.id = i.call JOIN project p ON p.id = a.project"
)


async def inquiries_of(application_id: UUID) -> list[InquiryLine]:
    """Those of an application, latest first; whoever asks is of the team."""
    return await rows(
        InquiryLine, f"{_LINES} WHERE i.application = $1 ORDER BY i.asked_at DESC, i.id DESC LIMIT 100", application_id
    )


class InquiryDesk(msgspec.Struct, frozen=True):
    """The questions of a call, with the titles of its form's sections."""

    call: CallView
    titles: dict[str, str]
    page: Page[InquiryLine]


async def inquiries_to(me: Person, call_code: str, *, is_open: bool, after: str | None = None) -> InquiryDesk:
    """Open ones, the longest waiting first asked first; or closed ones. Raises `NotFound` for who does not handle them."""
    call = await call_by_code(call_code)
    if not me.handles(call.programme):
        raise NotFound
    key = read_cursor(after, tuple[datetime, UUID]) or (None, None)
    found = await rows(
        InquiryLine,
        f"{_LINES} WHERE i.call = $2 AND (i.closed_at IS NULL) = $3 AND {FREE_OF_INTEREST} AND {READABLE}"
        " AND NOT EXISTS (SELECT FROM team_member m WHERE m.project = a.project AND m.account = $1 AND m.left_at IS NULL)"
        " AND ($4::timestamptz IS NULL OR (i.asked_at, i.id) > ($4, $5::uuid)) ORDER BY i.asked_at, i.id LIMIT $6",
        me.id, call.id, is_open, *key, SIZE + 1,
    )  # fmt: skip
    return InquiryDesk(call, await section_titles(call.form), cut(found, lambda line: (line.asked_at, line.id)))


async def section_titles(form: UUID) -> dict[str, str]:
    """The sections of a form by code."""
    return {one.code: one.title for one in (await form_of(form)).sections}
