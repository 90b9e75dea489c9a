"""Reading the file of a call, with a sentence that names the place of what does not fit."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from incubator.calls.files.parts import FILE_BYTES_MAX, CallFile
from incubator.calls.files.places import place_of, sentence_of, told_at
from incubator.calls.files.plain_yaml import read_yaml
from incubator.core.api import read_json
from incubator.core.errors import Invalid
from incubator.core.language import _
from incubator.core.text import Unreadable, clean
from incubator.core.values import Wrong, wall_time, within_dates

LINES = frozenset({"code", "title", "label", "name", "question", "unit", "years", "carrier", "contact_email"})
DECIMAL_MAX, DECIMALS_MAX = Decimal(10**9), 6


def read_call_file(body: bytes) -> CallFile:
    """What the file says, YAML or JSON. Raises `Invalid` with one sentence, on the field `file`."""
    if len(body) > FILE_BYTES_MAX:
        raise Invalid({"file": _("Ce fichier dépasse un million d’octets.")})
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid({"file": _("Ce fichier n’est pas un texte en UTF-8.")}) from None
    sent = _json(text) if text.lstrip().startswith("{") else read_yaml(text)
    if not isinstance(sent, dict):
        raise Invalid({"file": _("Ce fichier ne décrit pas un appel : il devrait commencer par « form », « grid » ou « call ».")})
    return _converted(_cleaned(sent, ""))


def _json(text: str) -> Any:
    try:
        return read_json(text.encode())
    except Invalid as wrong:
        raise Invalid({"file": wrong.reason}) from None


def _cleaned(value: Any, where: str, line: bool = False) -> Any:
    """The same with every text in its one form (R3)."""
    if isinstance(value, str):
        try:
            return clean(value, line=line)
        except Unreadable:
            raise Invalid({"file": told_at(where, _("ce texte contient un caractère illisible."))}) from None
    if isinstance(value, list):
        return [_cleaned(item, f"{where} › {number}") for number, item in enumerate(value, start=1)]
    if isinstance(value, dict):
        for key in value:
            _cleaned(key, where)
        return {key: _cleaned(item, f"{where} › {key}".removeprefix(" › "), key in LINES) for key, item in value.items()}
    return value


def _converted(sent: dict[str, Any]) -> CallFile:
    if isinstance(sent.get("call"), dict):
        for name in ("opens_at", "closes_at"):
            if isinstance(sent["call"].get(name), str):
                sent["call"][name] = _instant(sent["call"][name], f"call › {name}")
    try:
        file = msgspec.convert(sent, CallFile, strict=False)
    except msgspec.ValidationError as wrong:
        raise Invalid({"file": told_at(place_of(str(wrong), sent), sentence_of(str(wrong)))}) from None
    _check_numbers(msgspec.to_builtins(file, builtin_types=(Decimal,)), "")
    return file


def _instant(text: str, where: str) -> datetime:
    """An instant with its offset, or an hour in Paris that exists once (B02)."""
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            return wall_time(text)
        within_dates(at.date())
        return at
    except Wrong as wrong:
        raise Invalid({"file": told_at(where, str(wrong))}) from None
    except ValueError:
        raise Invalid({"file": told_at(where, _("écrivez l’instant comme ceci : 2026-01-30T23:59."))}) from None


def _check_numbers(value: Any, where: str) -> None:
    """Raises `Invalid` for a decimal no database column holds."""
    if isinstance(value, Decimal):
        digits = value.as_tuple().exponent
        if not value.is_finite() or abs(value) > DECIMAL_MAX or not isinstance(digits, int) or digits < -DECIMALS_MAX:
            raise Invalid({"file": told_at(where, _("ce nombre est trop grand ou trop précis."))})
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_numbers(item, f"{where} › {key}".removeprefix(" › "))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value, start=1):
            _check_numbers(item, f"{where} › {number}")
