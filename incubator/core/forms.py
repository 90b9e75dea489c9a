"""From what was sent to a Struct, for HTML forms and JSON alike, with every error at once and in French.

A form is a frozen Struct with `forbid_unknown_fields`; its annotations say the bounds. Types understood in HTML forms:
str, int, bool, Decimal, date, datetime (Paris wall time; `name.which` says which of two), UUID, StrEnum, any of them or None,
`list[…]` (repeated field) and `dict[K, …]` (fields named `name.key`).
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from itertools import islice
from math import isfinite
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin
from uuid import UUID

import msgspec
from msgspec import Meta

from incubator.core.errors import Invalid
from incubator.core.language import _, ngettext
from incubator.core.text import Unreadable, clean
from incubator.core.values import Wrong, day, decimal_number, identifier, wall_time, whole_number, within_dates
from incubator.core.words import number_words

S = TypeVar("S", bound=msgspec.Struct)

ONE_LINE = {"line": True}
Line = Annotated[str, Meta(max_length=200, extra=ONE_LINE)]
RequiredLine = Annotated[str, Meta(min_length=1, max_length=200, extra=ONE_LINE)]
Email = Annotated[str, Meta(min_length=3, max_length=254, extra=ONE_LINE, examples=["camille@exemple.fr"])]
Paragraph = Annotated[str, Meta(max_length=4000)]
RequiredParagraph = Annotated[str, Meta(min_length=1, max_length=4000)]
Version = Annotated[int, Meta(ge=1, le=2147483647)]
Count = Annotated[int, Meta(ge=0, le=2147483647)]

ALWAYS_ALLOWED = frozenset({"csrf", "once"})
STRANGERS_MAX = 20


def from_html(into: type[S], sent: Mapping[str, list[str]]) -> S:
    """Build the Struct from a posted form. Raises `Invalid` with one sentence per field."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(into)}
    errors: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name, field in fields.items():
        try:
            values[field.name] = _read_html(field.type, name, sent)
        except Wrong as wrong:
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
    errors = {
        _told(key): _("Ce champ n’existe pas.") for key in islice((key for key in sent if key not in fields), STRANGERS_MAX)
    }
    values: dict[str, Any] = {}
    for name, field in fields.items():
        try:
            if name in sent:
                values[field.name] = _checked(field.type, _clean_all(sent[name], _is_line(field.type)))
            else:
                _check_default(field)
        except Wrong as wrong:
            errors[name] = str(wrong)
    return _finish(into, values, errors)


def _finish(into: type[S], values: dict[str, Any], errors: dict[str, str]) -> S:
    if errors:
        raise Invalid(errors)
    return into(**values)


def _check_default(field: msgspec.structs.FieldInfo) -> None:
    """What a missing field becomes keeps the bounds of its annotation, or the field is needed. Raises `Wrong`."""
    default = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
    try:
        if field.required:
            raise Wrong
        _checked(field.type, msgspec.to_builtins(default))
    except Wrong:
        raise Wrong(_("Ce champ est obligatoire.")) from None


def _told(key: str) -> str:
    """The name of a field nobody asked for, as it can be answered."""
    return key[:100].encode("utf-8", "replace").decode()


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
        raise Wrong(_("Ce champ est obligatoire."))
    if kind is datetime:
        return _checked(annotation, wall_time(_clean(text, True), _single(sent.get(f"{name}.which", [""]))))
    return _checked(annotation, _parse(annotation, text))


def _single(texts: list[str]) -> str:
    if len(texts) != 1:
        raise Wrong(_("Ce champ a été envoyé plusieurs fois. Envoyez-le une seule fois."))
    return texts[0]


def _parse(annotation: Any, text: str) -> Any:
    """The text as the builtin value of that type. Raises `Wrong`."""
    kind, optional = _kind(annotation)
    if kind is str:
        return _clean(text, _is_line(annotation))
    text = _clean(text, True)
    if not text and optional:
        return None
    if kind is int:
        return whole_number(text)
    if kind is Decimal:
        return decimal_number(text)
    if kind is datetime:
        return wall_time(text)
    if kind is date:
        return day(text)
    if kind is UUID:
        return identifier(text)
    if isinstance(kind, type) and issubclass(kind, Enum):
        if text not in {member.value for member in kind}:
            raise Wrong(_("Choisissez une des réponses proposées."))
        return kind(text)
    return text


def _clean(text: str, line: bool) -> str:
    try:
        return clean(text, line=line)
    except Unreadable:
        raise Wrong(_("Ce texte contient un caractère illisible. Retapez-le.")) from None


def _clean_all(value: Any, line: bool) -> Any:
    if isinstance(value, str):
        return _clean(value, line)
    if isinstance(value, list):
        return [_clean_all(item, line) for item in value]
    if isinstance(value, dict):
        return {_clean(str(key), True): _clean_all(item, line) for key, item in value.items()}
    if isinstance(value, float) and not isfinite(value):  # written again as JSON it would be nothing, and erase
        raise Wrong(_("Écrivez un nombre, par exemple 1 234,5."))
    return value


def _checked(annotation: Any, value: Any) -> Any:
    """The value, when it keeps the bounds of its annotation. Raises `Wrong`."""
    meta = _meta(annotation)
    if isinstance(value, str) and meta:
        if meta.min_length and not value:
            raise Wrong(_("Ce champ est obligatoire."))
        if meta.max_length and len(value) > meta.max_length:
            raise Wrong(too_long(len(value), meta.max_length))
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and meta:
        _check_bounds(value, meta)
    _check_items(_kind(annotation)[0], value)
    try:
        made = msgspec.convert(value, annotation)
    except msgspec.ValidationError:
        raise Wrong(_expected(annotation, meta)) from None
    if isinstance(made, Decimal) and made.is_finite() and meta:
        _check_bounds(made, meta)
    return _in_range(made)


def _check_items(kind: Any, value: Any) -> None:
    """What a list or an object holds keeps its own bounds. Raises `Wrong`."""
    if get_origin(kind) in (list, tuple) and isinstance(value, list | tuple):
        for item in value:
            _checked(get_args(kind)[0], item)
    if get_origin(kind) is dict and isinstance(value, dict):
        for key, item in value.items():
            _checked(get_args(kind)[0], key)
            _checked(get_args(kind)[1], item)


def _expected(annotation: Any, meta: Meta | None) -> str:
    """What to send instead of a value of another kind."""
    kind, _optional = _kind(annotation)
    kind = get_origin(kind) or kind
    if kind in (list, tuple, dict) and meta and meta.max_length:
        return _("Donnez au plus {high} réponses, chacune dans ses bornes.").format(high=meta.max_length)
    sentences = {
        str: _("Choisissez une des réponses proposées.") if meta and meta.pattern else _("Un texte est attendu."),
        int: _("Écrivez un nombre entier, en chiffres."),
        bool: _("Répondez par true ou false."),
        Decimal: _("Écrivez un nombre, par exemple 1 234,5."),
        date: _("Écrivez une date qui existe, par exemple 2026-11-23."),
        datetime: _("Précisez le fuseau horaire, par exemple 2026-11-23T14:05:00+01:00."),
        list: _("Une liste est attendue."),
        dict: _("Un objet JSON est attendu."),
    }
    return sentences.get(kind, _("Choisissez une des réponses proposées."))


def _check_bounds(value: int | Decimal, meta: Meta) -> None:
    """Whole numbers say `ge` and `le`; decimals, which msgspec does not bound, say `extra={"low": …, "high": …}`."""
    extra = meta.extra or {}
    low, high = extra.get("low", meta.ge), extra.get("high", meta.le)
    if (low is not None and value < low) or (high is not None and value > high):
        raise Wrong(_("Choisissez un nombre entre {low} et {high}.").format(low=low, high=high))


def _in_range(value: Any) -> Any:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise Wrong(_("Précisez le fuseau horaire, par exemple 2026-11-23T14:05:00+01:00."))
        within_dates(value.date())
    elif isinstance(value, date):
        within_dates(value)
    elif isinstance(value, Decimal) and not value.is_finite():
        raise Wrong(_("Écrivez un nombre, par exemple 1 234,5."))
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
