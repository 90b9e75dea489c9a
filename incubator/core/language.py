"""Words in the reader's language: source strings are French, `locale/en` translates them.

`_` reads the language of the request (a context variable set once by the middleware); `N_` marks a constant.
"""

from __future__ import annotations

import gettext as gnu
import io
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("fr", "en")
LOCALE = Path(__file__).parent.parent / "locale"

language: ContextVar[str] = ContextVar("language", default="fr")


@cache
def translations(code: str) -> gnu.NullTranslations:
    """The catalogue of a language, compiled on first use; French is the source and needs none."""
    path = LOCALE / code / "LC_MESSAGES" / "messages.po"
    if code == "fr" or not path.exists():
        return gnu.NullTranslations()
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
    code = language.get()
    if code == "fr":
        return one if count < 2 else many
    return translations(code).ngettext(one, many, count)


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
