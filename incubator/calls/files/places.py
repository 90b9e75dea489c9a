"""What msgspec says of a file that does not fit, as a person would: where, and what is expected there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from incubator.calls.files.parts import CallFile
from incubator.core.language import N_, _

_PATH = re.compile(r" - at `(?:key in )?\$([^`]*)`$")
_STEP = re.compile(r"\.([^.\[]+)|\[(\.\.\.|\d+)\]")
_KINDS = {
    "str": N_("on attend un texte"),
    "int": N_("on attend un nombre entier"),
    "decimal": N_("on attend un nombre"),
    "bool": N_("on attend true ou false"),
    "array": N_("on attend une liste"),
    "object": N_("on attend des champs"),
    "date": N_("on attend une date, par exemple 2026-01-30"),
    "datetime": N_("on attend un instant, par exemple 2026-01-30T23:59"),
}
_UNFIT = N_("cette valeur ne convient pas")
_SENTENCES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"missing required field `([^`]+)`"), lambda found: _("le champ « {name} » manque").format(name=found[1])),
    (re.compile(r"unknown field `([^`]+)`"), lambda found: _("le champ « {name} » n’existe pas").format(name=found[1][:60])),
    (
        re.compile(r"Invalid enum value '?([^']*)'?"),
        lambda found: _("« {value} » ne se choisit pas ici").format(value=found[1][:60]),
    ),
    (re.compile(r"Invalid (?:RFC3339 encoded )?(\w+)"), lambda found: _(_KINDS.get(found[1], _UNFIT))),
    (re.compile(r"Expected `str` of length >="), lambda _found: _("ce texte est vide")),
    (re.compile(r"Expected `str` of length <= (\d+)"), lambda found: _("ce texte dépasse {n} caractères").format(n=found[1])),
    (re.compile(r"Expected `array` of length <= (\d+)"), lambda found: _("cette liste dépasse {n} éléments").format(n=found[1])),
    (
        re.compile(r"Expected `array` of length >= (\d+)"),
        lambda found: _("cette liste a moins de {n} éléments").format(n=found[1]),
    ),
    (re.compile(r"Expected `str` matching regex"), lambda _found: _("ce code a un caractère qui ne va pas dans un code")),
    (re.compile(r"Expected `int` <= (-?\d+)"), lambda found: _("ce nombre dépasse {n}").format(n=found[1])),
    (re.compile(r"Expected `int` >= (-?\d+)"), lambda found: _("ce nombre est sous {n}").format(n=found[1])),
    (re.compile(r"Expected `(\w+)"), lambda found: _(_KINDS.get(found[1], _UNFIT))),
)


def told_at(place: str, sentence: str) -> str:
    """A sentence about a place of the file."""
    return _("{place} : {sentence}").format(place=place, sentence=sentence)


def sentence_of(told: str) -> str:
    """What is expected, in French."""
    for pattern, sentence in _SENTENCES:
        if found := pattern.search(told):
            return sentence(found) + "."
    return _("cette valeur ne convient pas.")


def place_of(told: str, sent: dict[str, Any]) -> str:
    """Where it is: `form › sections › S2 › questions › 2.3 › label`."""
    path = _PATH.search(told)
    here: Any = sent
    words: list[str] = []
    for step in _STEP.finditer(path[1]) if path else ():
        if step[1]:
            here, word = here.get(step[1]) if isinstance(here, dict) else None, step[1]
        elif step[2] == "...":
            here, word = None, _key_of(here, sent, told)
        else:
            here = here[int(step[2])]
            word = _name_of(here, int(step[2]))
        words.append(word)
    return " › ".join(filter(None, words)) or _("ce fichier")


def _name_of(item: Any, index: int) -> str:
    code = item.get("code") if isinstance(item, dict) else None
    return code if isinstance(code, str) and code else str(index + 1)


def _key_of(held: Any, sent: dict[str, Any], told: str) -> str:
    """The key of a dictionary whose value, alone in it, is refused in the same words."""
    for key, item in list(held.items()):
        kept = dict(held)
        held.clear()
        held[key] = item
        is_it = _told(sent) == told
        held.clear()
        held.update(kept)
        if is_it:
            return str(key)
    return ""


def _told(sent: dict[str, Any]) -> str:
    try:
        msgspec.convert(sent, CallFile, strict=False)
    except msgspec.ValidationError as wrong:
        return str(wrong)
    return ""
