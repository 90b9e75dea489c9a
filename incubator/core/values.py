"""From a typed text to a value, each kind with the sentence that says how to write it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from incubator.core.clock import PARIS, why_not_local
from incubator.core.language import _

DATES = (date(1900, 1, 1), date(2200, 1, 1))
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})|(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_INT = re.compile(r"-?[0-9]{1,12}")
_DECIMAL = re.compile(r"-?[0-9]{1,12}([.,][0-9]{1,6})?")


class Wrong(Exception):
    """A value cannot be read; the sentence says what to do."""


def whole_number(text: str) -> int:
    """A whole number in digits, spaces allowed. Raises `Wrong`."""
    digits = re.sub(r"[ \u00a0\u202f]", "", text)
    if not _INT.fullmatch(digits):
        raise Wrong(_("Écrivez un nombre entier, en chiffres."))
    return int(digits)


def decimal_number(text: str) -> Decimal:
    """A number with a comma or a point. Raises `Wrong`."""
    digits = re.sub(r"[ \u00a0\u202f]", "", text)
    if not _DECIMAL.fullmatch(digits):
        raise Wrong(_("Écrivez un nombre, par exemple 1 234,5."))
    try:
        return Decimal(digits.replace(",", "."))
    except InvalidOperation:
        raise Wrong(_("Écrivez un nombre, par exemple 1 234,5.")) from None


def day(text: str) -> date:
    """A day, as people or browsers write it. Raises `Wrong`."""
    found = _DATE.fullmatch(text)
    try:
        if not found:
            raise ValueError
        year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
        parsed = date(int(year), int(month), int(day))
    except ValueError:
        raise Wrong(_("Cette date n’existe pas. Écrivez-la comme ceci : 23/11/2026.")) from None
    return within_dates(parsed)


def within_dates(on: date) -> date:
    """The day, when it is one of our centuries. Raises `Wrong`."""
    if not DATES[0] <= on < DATES[1]:
        raise Wrong(_("Choisissez une date entre 1900 et 2199."))
    return on


def wall_time(text: str, which: str = "") -> datetime:
    """An instant from the time on a clock in Paris. Raises `Wrong`, also for an hour that does not exist (B02).

    `which`: `first` or `second`, needed for an hour that exists twice.
    """
    wall = _wall(text)
    reason = why_not_local(wall)
    if reason == "absent":
        raise Wrong(_("Cette heure n’existe pas : c’est le passage à l’heure d’été. Choisissez une autre heure."))
    if reason == "ambiguous" and which not in ("first", "second"):
        raise Wrong(
            _("Cette heure existe deux fois : c’est le passage à l’heure d’hiver. Dites laquelle, ou choisissez une autre heure.")
        )
    return wall.replace(tzinfo=PARIS, fold=int(which == "second")).astimezone(UTC)


def is_twice(text: str) -> bool:
    """True for the time on a clock in Paris that comes twice, on the night when the clock goes back."""
    try:
        return why_not_local(_wall(text)) == "ambiguous"
    except Wrong:
        return False


def which_of_two(at: datetime) -> str:
    """`first` or `second` for an instant whose hour in Paris comes twice, else nothing."""
    wall = at.astimezone(PARIS)
    twice = why_not_local(wall.replace(tzinfo=None, fold=0)) == "ambiguous"
    return ("second" if wall.fold else "first") if twice else ""


def _wall(text: str) -> datetime:
    moment = re.fullmatch(r"(\S+)[T ](\d{1,2})[:h](\d{2})(:\d{2})?", text, re.ASCII)
    if not moment or int(moment[2]) > 23 or int(moment[3]) > 59:
        raise Wrong(_("Écrivez la date et l’heure comme ceci : 23/11/2026 14:05."))
    on = day(moment[1])
    return datetime(on.year, on.month, on.day, int(moment[2]), int(moment[3]))  # noqa: DTZ001 - the clock of Paris


def identifier(text: str) -> UUID:
    """An identifier in its one spelling. Raises `Wrong`."""
    if not _UUID.fullmatch(text.lower()):
        raise Wrong(_("Choisissez une des réponses proposées."))
    return UUID(text)
