"""From what was sent for one place of a form, a question or a cell, to its value: text, number, amount, day, SIREN, choice."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from stdnum.exceptions import InvalidLength, ValidationError
from stdnum.fr import siren, siret

from incubator.calls.definitions import Column, Kind, Question
from incubator.core.errors import Invalid
from incubator.core.forms import from_html, too_long
from incubator.core.language import _
from incubator.core.text import Unreadable, clean
from incubator.core.words import number_words

AMOUNT_DECIMALS = 2
_GROUPED_DIGITS = re.compile(r"[0-9][0-9 .]*", re.ASCII)


class Wrong(Exception):
    """A value cannot be taken: one sentence a place; places are `""`, or `row/column` in rows."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__()
        self.errors = dict(errors)


class _Number(msgspec.Struct):
    value: Decimal


class _Day(msgspec.Struct):
    value: date


def simple_value(asked: Question | Column, sent: Any) -> str | None:
    """One text, number, amount, day, SIREN, SIRET or choice, as text. Raises `Wrong`."""
    if asked.kind in (Kind.NUMBER, Kind.AMOUNT, Kind.SCALE) and isinstance(sent, int | float) and not isinstance(sent, bool):
        sent = format(Decimal(str(sent)), "f")
    text = text_of(sent, line=asked.kind is not Kind.TEXT)
    if not text:
        return None
    match asked.kind:
        case Kind.NUMBER:
            return _number(asked, text, asked.decimals)
        case Kind.AMOUNT:
            return _number(asked, text.removesuffix("€").rstrip(), AMOUNT_DECIMALS)
        case Kind.SCALE:
            return _degree(asked, text)
        case Kind.DAY:
            return _parsed(_Day, text).value.isoformat()  # type: ignore[no-any-return]
        case Kind.YES_NO:
            return among(text, ("yes", "no"))
        case Kind.CHOICE:
            return among(text, [option.code for option in asked.options])
        case Kind.SIREN | Kind.SIRET:
            return _registered(asked.kind, text)
    if len(text) > asked.limit:
        raise Wrong({"": too_long(len(text), asked.limit)})
    return text


def text_of(sent: Any, *, line: bool) -> str:
    """A text as it is kept; nothing is "". Raises `Wrong`."""
    if sent is None:
        return ""
    if not isinstance(sent, str):
        raise Wrong({"": _("Un texte est attendu.")})
    try:
        return clean(sent, line=line)
    except Unreadable:
        raise Wrong({"": _("Ce texte contient un caractère illisible. Retapez-le.")}) from None


def among(code: str, codes: Collection[str]) -> str | None:
    """The code, when it is one of these. Raises `Wrong`."""
    if code and code not in codes:
        raise Wrong({"": _("Choisissez une des réponses proposées.")})
    return code or None


def _parsed(into: Any, text: str) -> Any:
    try:
        return from_html(into, {"value": [text]})
    except Invalid as invalid:
        raise Wrong({"": invalid.errors["value"]}) from None


def _number(asked: Question | Column, text: str, decimals: int) -> str:
    number: Decimal = _parsed(_Number, text).value
    places = max(0, -int(number.normalize().as_tuple().exponent))
    if places > decimals:
        if not decimals:
            raise Wrong({"": _("Écrivez un nombre entier, en chiffres.")})
        raise Wrong({"": _("Gardez au plus {count} chiffres après la virgule.").format(count=decimals)})
    if asked.least is not None and number < asked.least:
        raise Wrong({"": _("Écrivez {least} ou plus.").format(least=number_words(asked.least))})
    if asked.most is not None and number > asked.most:
        raise Wrong({"": _("Écrivez {most} ou moins.").format(most=number_words(asked.most))})
    return format(number.normalize() + 0, "f")


def _degree(asked: Question | Column, text: str) -> str | None:
    """A degree of a scale."""
    least, most = asked.least or 0, asked.most or 0
    return among(text, [str(degree) for degree in range(least, most + 1)])


def _registered(kind: Kind, text: str) -> str:
    """The digits of a SIREN or a SIRET that can exist, La Poste's by their own key (B18); spaces are for people."""
    name, length = ("SIREN", 9) if kind is Kind.SIREN else ("SIRET", 14)
    if not _GROUPED_DIGITS.fullmatch(text):
        raise Wrong({"": _("Un {name} s’écrit en chiffres, avec ou sans espaces.").format(name=name)})
    try:
        digits: str = (siren if kind is Kind.SIREN else siret).validate(text)
    except InvalidLength:
        count = len(re.sub("[ .]", "", text))
        raise Wrong({"": _("Un {name} compte {length} chiffres ; vous en avez écrit {count}.").format(
            name=name, length=length, count=count
        )}) from None  # fmt: skip
    except ValidationError:
        raise Wrong({"": _("Ce {name} n’existe pas : un chiffre est faux ou inversé. Vérifiez-le.").format(name=name)}) from None
    if not digits.strip("0"):
        raise Wrong({"": _("Ce {name} n’existe pas : un chiffre est faux ou inversé. Vérifiez-le.").format(name=name)})
    return digits
