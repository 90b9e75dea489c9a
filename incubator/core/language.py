"""Words in the reader's language: source strings are French, `locale/en` translates them.

`_` reads the language of the request (a context variable set once by the middleware); `N_` marks a constant.
"""

from __future__ import annotations

import gettext as gnu
import io
import re
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("fr", "en")
LOCALE = Path(__file__).parent.parent / "locale"

_OPENING, _CLOSING, _HIGH = re.compile("« "), re.compile(r" (?=[:»])"), re.compile(r" (?=[;?!])")

language: ContextVar[str] = ContextVar("language", default="fr")


@lru_cache(maxsize=4096)
def unbroken(text: str) -> str:
    """French text whose signs stay with their words: no line begins with `:` `;` `?` `!` `»` or ends with `«`."""
    return _HIGH.sub("\u202f", _CLOSING.sub("\u00a0", _OPENING.sub("«\u00a0", text)))


class French(gnu.NullTranslations):
    """The source strings themselves, unbroken."""

    def gettext(self, message: str) -> str:
        """The text."""
        return unbroken(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Zero is singular."""
        return unbroken(msgid1 if n < 2 else msgid2)


@cache
def translations(code: str) -> gnu.NullTranslations:
    """The catalogue of a language, compiled on first use; French is the source."""
    path = LOCALE / code / "LC_MESSAGES" / "messages.po"
    if code == "fr" or not path.exists():
        return French()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=code))
    compiled.seek(0)
    return gnu.GNUTranslations(compiled)


def _(text: str) -> str:
    """The text in the language of whoever reads."""
    return translations(language.get()).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """`one` or `many`, by the plural rule of the reader's language (in French, zero is singular)."""
    return translations(language.get()).ngettext(one, many, count)


def N_(text: str) -> str:
    """Mark a constant for translation; translate it with `_` when it is shown."""
    return text


def best_language(accept: str) -> str:
    """The first language of an Accept-Language header that we speak, else French."""
    for part in accept[:200].split(","):
        code = part.split(";")[0].strip()[:2].lower()
        if code in LANGUAGES:
            return code
    return "fr"
