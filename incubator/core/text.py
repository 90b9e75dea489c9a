"""Text at the border: one normal form, nothing invisible, nothing a database, a mail or a spreadsheet chokes on.

A character is a Unicode code point after NFC and CRLF → LF; that is what limits count (R3), here and in the browser.
"""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_REFUSED = re.compile("[\x00\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_SPACES = re.compile(r"\s+")


class Unreadable(ValueError):
    """The text holds a character that no one can have typed (NUL, half of a surrogate pair, a non-character)."""


def clean(text: str, *, line: bool = False) -> str:
    """The text in NFC without invisible characters; with `line`, on one line. Raises `Unreadable`."""
    if _REFUSED.search(text):
        raise Unreadable
    kept = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    kept = unicodedata.normalize("NFC", kept)
    return _SPACES.sub(" ", kept).strip() if line else kept.strip()


def search_form(text: str) -> str:
    """Without accents, case or punctuation, for looking things up: `Saint-Étienne` → `saint etienne`."""
    plain = unicodedata.normalize("NFKD", text).lower().replace("œ", "oe").replace("æ", "ae")
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return _SPACES.sub(" ", letters).strip()


def like(text: str) -> str:
    """The text with LIKE's own characters made literal."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
