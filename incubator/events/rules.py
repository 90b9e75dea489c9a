"""When one may register, change or cancel; what a meeting needs; its calendar file. No database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from incubator.core.clock import local, local_date
from incubator.core.language import _, ngettext

LASTS_MAX = timedelta(hours=24)
REMIND_FROM_HOUR = 9
LINE_BYTES = 75


class MeetingFacts(msgspec.Struct, frozen=True):
    """What the rules look at."""

    id: UUID
    programme: UUID
    starts_at: datetime
    ends_at: datetime
    seats: int
    seats_taken: int
    cancelled_at: datetime | None
    version: int

    @property
    def seats_left(self) -> int:
        """Seats nobody has taken."""
        return self.seats - self.seats_taken


def why_not_register(facts: MeetingFacts, people_count: int, at: datetime) -> str | None:
    """Seats are bounded, and nobody registers once the meeting has begun."""
    if facts.cancelled_at is not None:
        return _("Cette réunion est annulée. Choisissez-en une autre sur la page de l’appel.")
    if at >= facts.starts_at:
        return _("Cette réunion a commencé : on ne s’y inscrit plus. Choisissez-en une autre sur la page de l’appel.")
    if facts.seats_left <= 0:
        return _("Toutes les places sont prises. Choisissez une autre réunion, ou écrivez à l’équipe.")
    if people_count > facts.seats_left:
        return ngettext("Il reste {n} place.", "Il reste {n} places.", facts.seats_left).format(n=facts.seats_left)
    return None


def why_not_change(facts: MeetingFacts, at: datetime) -> str | None:
    """A meeting that is over or cancelled stays as it was."""
    if facts.cancelled_at is not None:
        return _("Cette réunion est annulée : elle ne change plus.")
    if at >= facts.ends_at:
        return _("Cette réunion a eu lieu : elle ne change plus.")
    return None


def why_not_mark(facts: MeetingFacts, at: datetime) -> str | None:
    """Who came is known once the meeting has begun."""
    if facts.cancelled_at is not None:
        return _("Cette réunion est annulée : personne n’y est venu.")
    if at < facts.starts_at:
        return _("La réunion n’a pas commencé. Vous direz qui est venu à partir de son début.")
    return None


def why_not_leave(facts: MeetingFacts, at: datetime) -> str | None:
    """A seat is given back before the meeting begins."""
    if at >= facts.starts_at:
        return _("Cette réunion a commencé : l’inscription ne s’annule plus.")
    return None


def check_meeting(
    starts_at: datetime, ends_at: datetime, place_name: str, link: str, *, is_remote: bool, at: datetime
) -> dict[str, str]:
    """A sentence per field that does not hold."""
    errors = {}
    if starts_at <= at:
        errors["starts_at"] = _("Cette date est passée. Choisissez-en une à venir.")
    if ends_at <= starts_at:
        errors["ends_at"] = _("La réunion doit finir après son début.")
    elif ends_at - starts_at > LASTS_MAX:
        errors["ends_at"] = _("Une réunion doit durer moins d’un jour.")
    if not is_remote and not place_name:
        errors["place_name"] = _("Dites où l’on se retrouve, ou cochez « à distance ».")
    if link and not is_web_address(link):
        errors["link"] = _("Écrivez une adresse entière, par exemple https://visio.exemple.fr/reunion.")
    elif is_remote and not link:
        errors["link"] = _("Donnez l’adresse de la visioconférence. Seules les personnes inscrites la verront.")
    return errors


def is_web_address(text: str) -> bool:
    """Whether a link leads to the web: never to a script."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in text)


def is_due_reminder(starts_at: datetime, at: datetime) -> bool:
    """The day before, from nine in the morning in Paris; later the same day too, if the worker was away."""
    eve = local_date(starts_at) - timedelta(days=1)
    return local_date(at) == eve and local(at).hour >= REMIND_FROM_HOUR


class Entry(msgspec.Struct, frozen=True):
    """What a calendar gets."""

    id: UUID
    title: str
    description: str
    place: str
    starts_at: datetime
    ends_at: datetime
    stamped_at: datetime
    sequence: int
    is_cancelled: bool
    link: str


def calendar_file(entry: Entry, site: str) -> str:
    """An iCalendar file (RFC 5545) of one meeting; what people wrote can end no line of it."""
    host = urlsplit(site).hostname or "localhost"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Alter'Incub//incubator//FR",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{entry.id}@{host}",
        f"DTSTAMP:{_utc(entry.stamped_at)}",
        f"DTSTART:{_utc(entry.starts_at)}",
        f"DTEND:{_utc(entry.ends_at)}",
        f"SEQUENCE:{entry.sequence}",
        f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}",
        f"SUMMARY:{_text(entry.title)}",
        f"LOCATION:{_text(entry.place)}",
        f"DESCRIPTION:{_text(entry.description)}",
        f"URL:{entry.link}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _folded(line: str) -> str:
    """Lines of at most 75 bytes, cut between characters, continued by a space."""
    pieces: list[str] = []
    piece = ""
    for character in line:
        if len((piece + character).encode()) > LINE_BYTES - bool(pieces):
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece])
