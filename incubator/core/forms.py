"""From what was sent to a Struct, for HTML forms and JSON alike, with every error at once and in French.

A form is a frozen Struct with `forbid_unknown_fields`; its annotations say the bounds. Types understood in HTML forms:
str, int, bool, Decimal, date, datetime (Paris wall time), UUID, StrEnum, any of them or None, `list[…]` (repeated
field) and `dict[K, …]` (fields named `name.key`).
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin
from uuid import UUID

import msgspec
from msgspec import Meta

from incubator.core.clock import PARIS, why_not_local
from incubator.core.errors import Invalid
from incubator.core.language import _, ngettext
from incubator.core.text import Unreadable, clean
from incubator.core.words import number_words

S = TypeVar("S", bound=msgspec.Struct)

ONE_LINE = {"line": True}
Line = Annotated[str, Meta(max_length=200, extra=ONE_LINE)]
RequiredLine = Annotated[str, Meta(min_length=1, max_length=200, extra=ONE_LINE)]
Email = Annotated[str, Meta(min_length=3, max_length=254, extra=ONE_LINE)]
Paragraph = Annotated[str, Meta(max_length=4000)]
RequiredParagraph = Annotated[str, Meta(min_length=1, max_length=4000)]
Version = Annotated[int, Meta(ge=1, le=2147483647)]
Count = Annotated[int, Meta(ge=0, le=2147483647)]

ALWAYS_ALLOWED = frozenset({"csrf", "once"})
DATES = (date(1900, 1, 1), date(2200, 1, 1))
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})|(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_INT = re.compile(r"-?[0-9]{1,12}")
_DECIMAL = re.compile(r"-?[0-9]{1,12}([.,][0-9]{1,6})?")


class _Wrong(Exception):
    """A value cannot be read; the sentence says what to do."""


def from_html(into: type[S], sent: Mapping[str, list[str]]) -> S:
    """Build the Struct from a posted form. Raises `Invalid` with one sentence per field."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(into)}
    errors: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name, field in fields.items():
        try:
            values[field.name] = _read_html(field.type, name, sent)
        except _Wrong as wrong:
            errors[name] = str(wrong)
    strangers = {key for key in sent if key.split(".")[0] not in fields and key not in ALWAYS_ALLOWED}
    if strangers:
        raise Invalid(errors, _("Cette page a changé depuis que vous l’avez ouverte. Vérifiez vos réponses et renvoyez-les."))
    return _finish(into, values, errors)


def from_json(into: type[S], sent: Any) -> S:
    """Build the Struct from decoded JSON. Raises `Invalid` with one sentence per field."""
    if not isinstance(sent, dict):
        raise Invalid({"": _("Un objet JSON est attendu.")})
    fields = {field.encode_name: field for field in msgspec.structs.fields(into)}
    errors = {str(key): _("Ce champ n’existe pas.") for key in sent if key not in fields}
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name not in sent:
            if field.required or ((meta := _meta(field.type)) and meta.min_length):
                errors[name] = _("Ce champ est obligatoire.")
            continue
        try:
            values[field.name] = _checked(field.type, _clean_all(sent[name], _is_line(field.type)))
        except _Wrong as wrong:
            errors[name] = str(wrong)
    return _finish(into, values, errors)


def _finish(into: type[S], values: dict[str, Any], errors: dict[str, str]) -> S:
    if errors:
        raise Invalid(errors)
    return into(**values)


def _read_html(annotation: Any, name: str, sent: Mapping[str, list[str]]) -> Any:
    kind, optional = _kind(annotation)
    origin = get_origin(kind)
    if origin in (list, tuple):
        item = get_args(kind)[0]
        return _checked(annotation, [_parse(item, text) for text in sent.get(name, []) if text.strip()])
    if origin is dict:
        key_type, item = get_args(kind)
        found = {key[len(name) + 1 :]: texts for key, texts in sent.items() if key.startswith(name + ".")}
        return _checked(annotation, {_parse(key_type, key): _parse(item, _single(texts)) for key, texts in found.items()})
    if kind is bool:
        return _single(sent.get(name, [""])) in ("on", "1", "true")
    text = _single(sent.get(name, [""]))
    if not text.strip() and kind is not str:
        if optional:
            return None
        raise _Wrong(_("Ce champ est obligatoire."))
    return _checked(annotation, _parse(annotation, text))


def _single(texts: list[str]) -> str:
    if len(texts) != 1:
        raise _Wrong(_("Ce champ a été envoyé plusieurs fois. Envoyez-le une seule fois."))
    return texts[0]


def _parse(annotation: Any, text: str) -> Any:
    """The text as the builtin value of that type. Raises `_Wrong`."""
    kind, optional = _kind(annotation)
    if kind is str:
        return _clean(text, _is_line(annotation))
    text = _clean(text, True)
    if not text and optional:
        return None
    if kind is int:
        return _int(text)
    if kind is Decimal:
        return _decimal(text)
    if kind is datetime:
        return _wall_time(text)
    if kind is date:
        return _date(text)
    if kind is UUID:
        return _uuid(text)
    if isinstance(kind, type) and issubclass(kind, Enum):
        if text not in {member.value for member in kind}:
            raise _Wrong(_("Choisissez une des réponses proposées."))
        return kind(text)
    return text


def _int(text: str) -> int:
    digits = re.sub(r"[ \u00a0\u202f]", "", text)
    if not _INT.fullmatch(digits):
        raise _Wrong(_("Écrivez un nombre entier, en chiffres."))
    return int(digits)


def _decimal(text: str) -> Decimal:
    digits = re.sub(r"[ \u00a0\u202f]", "", text)
    if not _DECIMAL.fullmatch(digits):
        raise _Wrong(_("Écrivez un nombre, par exemple 1 234,5."))
    try:
        return Decimal(digits.replace(",", "."))
    except InvalidOperation:
        raise _Wrong(_("Écrivez un nombre, par exemple 1 234,5.")) from None


def _date(text: str) -> date:
    found = _DATE.fullmatch(text)
    try:
        if not found:
            raise ValueError
        year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
        parsed = date(int(year), int(month), int(day))
    except ValueError:
        raise _Wrong(_("Cette date n’existe pas. Écrivez-la comme ceci : 23/11/2026.")) from None
    return _within_dates(parsed)


def _within_dates(day: date) -> date:
    if not DATES[0] <= day < DATES[1]:
        raise _Wrong(_("Choisissez une date entre 1900 et 2199."))
    return day


def _wall_time(text: str) -> datetime:
    moment = re.fullmatch(r"(\S+)[T ](\d{1,2})[:h](\d{2})(:\d{2})?", text, re.ASCII)
    if not moment or int(moment[2]) > 23 or int(moment[3]) > 59:
        raise _Wrong(_("Écrivez la date et l’heure comme ceci : 23/11/2026 14:05."))
    day = _date(moment[1])
    wall = datetime(day.year, day.month, day.day, int(moment[2]), int(moment[3]))  # noqa: DTZ001 - zone checked next
    reason = why_not_local(wall)
    if reason == "absent":
        raise _Wrong(_("Cette heure n’existe pas : c’est le passage à l’heure d’été. Choisissez une autre heure."))
    if reason == "ambiguous":
        raise _Wrong(_("Cette heure existe deux fois : c’est le passage à l’heure d’hiver. Choisissez une autre heure."))
    return wall.replace(tzinfo=PARIS).astimezone(UTC)


def _uuid(text: str) -> UUID:
    if not _UUID.fullmatch(text.lower()):
        raise _Wrong(_("Choisissez une des réponses proposées."))
    return UUID(text)


def _clean(text: str, line: bool) -> str:
    try:
        return clean(text, line=line)
    except Unreadable:
        raise _Wrong(_("Ce texte contient un caractère illisible. Retapez-le.")) from None


def _clean_all(value: Any, line: bool) -> Any:
    if isinstance(value, str):
        return _clean(value, line)
    if isinstance(value, list):
        return [_clean_all(item, line) for item in value]
    if isinstance(value, dict):
        return {_clean(str(key), True): _clean_all(item, line) for key, item in value.items()}
    return value


def _checked(annotation: Any, value: Any) -> Any:
    """The value, when it keeps the bounds of its annotation. Raises `_Wrong`."""
    meta = _meta(annotation)
    if isinstance(value, str) and meta:
        if meta.min_length and not value:
            raise _Wrong(_("Ce champ est obligatoire."))
        if meta.max_length and len(value) > meta.max_length:
            raise _Wrong(too_long(len(value), meta.max_length))
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and meta:
        _check_bounds(value, meta)
    try:
        made = msgspec.convert(value, annotation)
    except msgspec.ValidationError as error:
        raise _Wrong(_("Cette valeur ne convient pas ({detail}).").format(detail=error)) from None
    if isinstance(made, Decimal) and made.is_finite() and meta:
        _check_bounds(made, meta)
    return _in_range(made)


def _check_bounds(value: int | Decimal, meta: Meta) -> None:
    """Whole numbers say `ge` and `le`; decimals, which msgspec does not bound, say `extra={"low": …, "high": …}`."""
    extra = meta.extra or {}
    low, high = extra.get("low", meta.ge), extra.get("high", meta.le)
    if (low is not None and value < low) or (high is not None and value > high):
        raise _Wrong(_("Choisissez un nombre entre {low} et {high}.").format(low=low, high=high))


def _in_range(value: Any) -> Any:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise _Wrong(_("Précisez le fuseau horaire, par exemple 2026-11-23T14:05:00+01:00."))
        _within_dates(value.date())
    elif isinstance(value, date):
        _within_dates(value)
    elif isinstance(value, Decimal) and not value.is_finite():
        raise _Wrong(_("Écrivez un nombre, par exemple 1 234,5."))
    return value


def too_long(length: int, limit: int) -> str:
    """The sentence that says by how much a text is too long (R3)."""
    return (
        _("Ce texte dépasse {limit} caractères ({length}).").format(limit=number_words(limit, 0), length=number_words(length, 0))
        + " "
        + ngettext("Raccourcissez-le de {n} caractère.", "Raccourcissez-le de {n} caractères.", length - limit).format(
            n=number_words(length - limit, 0)
        )
    )


def _kind(annotation: Any) -> tuple[Any, bool]:
    """The bare type, and whether None is allowed."""
    if get_origin(annotation) is Annotated:
        return _kind(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        real = [part for part in get_args(annotation) if part is not type(None)]
        return _kind(real[0])[0], True
    return annotation, False


def _meta(annotation: Any) -> Meta | None:
    if get_origin(annotation) is Annotated:
        return next((extra for extra in get_args(annotation)[1:] if isinstance(extra, Meta)), None)
    if get_origin(annotation) in (Union, types.UnionType):
        return next((found for part in get_args(annotation) if (found := _meta(part))), None)
    return None


def _is_line(annotation: Any) -> bool:
    meta = _meta(annotation)
    return bool(meta and meta.extra and meta.extra.get("line"))
