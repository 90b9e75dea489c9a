"""Dates, numbers and durations as a person reads them, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date

from incubator.core.clock import local, local_date, now
from incubator.core.language import N_, _, language, ngettext
from incubator.core.paging import COUNTED_MAX
from incubator.core.values import which_of_two

_WHICH = {"first": N_("(heure d’été)"), "second": N_("(heure d’hiver)")}
_FRENCH_MARKS = str.maketrans({",": "\u202f", ".": ","})


def date_words(day: date) -> str:
    """lundi 23 novembre 2026"""
    return _date_words(day, language.get())


def instant_words(at: datetime) -> str:
    """lundi 23 novembre 2026 à 14 h 05 (in Paris); in the hour that comes twice, which one (B02)"""
    wall = local(at)
    words = _("{day} à {hour}\u00a0h\u00a0{minute}").format(
        day=date_words(wall.date()), hour=wall.hour, minute=f"{wall.minute:02d}"
    )
    which = which_of_two(at) if wall.hour == 2 else ""
    return f"{words} {_(_WHICH[which])}" if which else words


def date_short(day: date) -> str:
    """23 nov. 2026"""
    return _date_short(day, language.get())


def number_words(number: int | float | Decimal, digits: int = 1) -> str:
    """1 234,5: at most so many digits after the point, half to even; lists hold hundreds, so it is made by hand."""
    exact = number if isinstance(number, int | Decimal) else Decimal(str(number))
    text = f"{exact:,.{digits}f}"
    if digits:
        text = text.rstrip("0").rstrip(".")
    return text if language.get() == "en" else text.translate(_FRENCH_MARKS)


def count_words(count: int) -> str:
    """12; plus de 99, for what was counted no further (`paging.counted`)"""
    return _("plus de {n}").format(n=COUNTED_MAX) if count > COUNTED_MAX else str(count)


def amount_words(amount: Decimal) -> str:
    """1 250,50 €: always with its cents."""
    text = f"{amount:,.2f}"
    return f"€{text}" if language.get() == "en" else f"{text.translate(_FRENCH_MARKS)}\u00a0€"


def days_from_now(day: date, today: date | None = None) -> str:
    """aujourd'hui, demain, dans 3 jours, il y a 2 jours"""
    distance = (day - (today or local_date(now()))).days
    if distance == 0:
        return _("aujourd’hui")
    if distance == 1:
        return _("demain")
    if distance == -1:
        return _("hier")
    if distance > 0:
        return ngettext("dans {n} jour", "dans {n} jours", distance).format(n=distance)
    return ngettext("il y a {n} jour", "il y a {n} jours", -distance).format(n=-distance)


def time_left(until: datetime, at: datetime | None = None) -> str:
    """12 jours, 1 jour et 5 heures, 3 heures et 10 minutes, moins d’une minute: never more than there is; "" when it is over."""
    seconds = int((until - (at or now())).total_seconds())
    if seconds <= 0:
        return ""
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    told = [
        ngettext("{n} jour", "{n} jours", days).format(n=days) if days else "",
        ngettext("{n} heure", "{n} heures", hours).format(n=hours) if hours and days < 3 else "",
        ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes) if minutes and not days and hours < 6 else "",
    ]
    return _(" et ").join(part for part in told if part) or _("moins d’une minute")


def minutes_words(minutes: int) -> str:
    """1 h 30"""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("{n}\u00a0min").format(n=rest)
    return f"{hours}\u00a0h\u00a0{rest:02d}" if rest else f"{hours}\u00a0h"


@lru_cache(maxsize=4096)
def _date_words(day: date, code: str) -> str:
    if code == "fr":
        words = format_date(day, "EEEE d MMMM y", locale="fr")
        return words.replace(" 1 ", " 1er ", 1)
    return format_date(day, "EEEE d MMMM y", locale="en_GB")


@lru_cache(maxsize=4096)
def _date_short(day: date, code: str) -> str:
    return format_date(day, "d MMM y", locale=code)
