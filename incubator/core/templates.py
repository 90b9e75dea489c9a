"""Jinja, once a language: escapes everything, refuses what is undefined, speaks through gettext."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from incubator.core import values, words
from incubator.core.language import language, ngettext, translations

HOME = Path(__file__).parent.parent.parent / "templates"
STATIC = Path(__file__).parent.parent / "static"


def render(template: str, context: dict[str, Any]) -> str:
    """The template in the reader's language."""
    return environment(language.get()).get_template(template).render(context)


@cache
def environment(code: str) -> Environment:
    """The environment of a language; templates are compiled once and kept."""
    made = Environment(
        loader=FileSystemLoader(HOME),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    catalogue = translations(code)
    made.install_gettext_callables(catalogue.gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    speak = _speaker(catalogue.gettext)
    made.globals.update(
        _=speak,
        gettext=speak,
        asset=asset,
        is_twice=values.is_twice,
        date_fr=words.date_words,
        date_short=words.date_short,
        datetime_fr=words.instant_words,
        number_fr=words.number_words,
        count_fr=words.count_words,
        minutes_fr=words.minutes_words,
        days_from_now=words.days_from_now,
        time_left=words.time_left,
    )
    return made


def _speaker(gettext: Callable[[str], str]) -> Callable[..., str]:
    """What Jinja's own `_` does, quicker: a list says the same headings for each of its rows."""

    @lru_cache(maxsize=4096)
    def fixed(text: str) -> Markup:
        return Markup(gettext(text)) % {}  # noqa: S704 - our own words

    @pass_eval_context
    def speak(frame: EvalContext, text: str, /, **variables: object) -> str:
        if not frame.autoescape:
            return gettext(text) % variables
        return Markup(gettext(text)) % variables if variables else fixed(text)  # noqa: S704 - our own words, variables escaped

    return speak


@cache
def files() -> dict[str, tuple[Path, str]]:
    """Every static file by its address, whose first part is the hash of its content (so it may be kept for ever)."""
    found = {}
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            found[path.relative_to(STATIC).as_posix()] = (
                path,
                f"/static/{digest}/{path.relative_to(STATIC).as_posix()}",
            )
    return found


def asset(name: str) -> str:
    """The address of a static file. Raises KeyError for a file that is not there."""
    return files()[name][1]
