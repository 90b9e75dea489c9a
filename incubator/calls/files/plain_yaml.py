"""YAML as people write settings: mappings, lists and texts. What a text means is for whoever reads it to say.

No tag, anchor or alias (so no bomb), no second document, no key said twice; bounded in depth and in number of values.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import yaml

from incubator.core.errors import Invalid
from incubator.core.language import _

DEPTH_MAX = 32
VALUES_MAX = 100_000
NOTHING = frozenset({"", "~", "null"})


def read_yaml(text: str) -> Any:
    """The document as dictionaries, lists and texts (None when nothing is written). Raises `Invalid` naming the line."""
    try:
        events = iter(_bounded(yaml.parse(text, Loader=yaml.CSafeLoader)))
        next(events)
        if not isinstance(next(events), yaml.DocumentStartEvent):
            raise Invalid({"file": _("Ce fichier est vide.")})
        read = _value(next(events), events, 0)
        next(events)
        if not isinstance(next(events), yaml.StreamEndEvent):
            raise Invalid({"file": _("Ce fichier contient plusieurs documents. Gardez-en un seul.")})
        return read
    except yaml.YAMLError as wrong:
        raise _unreadable(getattr(wrong, "problem_mark", None)) from None


def _bounded(events: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
    for number, event in enumerate(events):
        if number > VALUES_MAX:
            raise Invalid({"file": _("Ce fichier contient trop de valeurs.")})
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _wrong(event, _("les renvois (« & » et « * ») ne sont pas admis. Répétez le texte."))
        if getattr(event, "tag", None):
            raise _wrong(event, _("les types (« ! ») ne sont pas admis."))
        yield event


def _value(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Any:
    if depth > DEPTH_MAX:
        raise _wrong(event, _("ce fichier est trop profond."))
    if isinstance(event, yaml.ScalarEvent):
        is_plain = event.implicit[0]
        return None if is_plain and event.value in NOTHING else event.value
    if isinstance(event, yaml.SequenceStartEvent):
        return _list(events, depth + 1)
    return _mapping(events, depth + 1)


def _list(events: Iterator[yaml.Event], depth: int) -> list[Any]:
    found = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        found.append(_value(event, events, depth))
    return found


def _mapping(events: Iterator[yaml.Event], depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        if not isinstance(event, yaml.ScalarEvent):
            raise _wrong(event, _("une clé est un mot."))
        if event.value in found:
            raise _wrong(event, _("« {key} » est dit deux fois.").format(key=event.value[:60]))
        found[event.value] = _value(next(events), events, depth)
    return found


def _wrong(event: yaml.Event, sentence: str) -> Invalid:
    line = _("Ligne {line} :").format(line=event.start_mark.line + 1 if event.start_mark else 0)
    return Invalid({"file": f"{line} {sentence}"})


def _unreadable(mark: Any) -> Invalid:
    if mark is None:
        return Invalid({"file": _("Ce fichier contient un caractère illisible.")})
    sentence = _("Ligne {line}, colonne {column} : ce n’est pas du YAML. Vérifiez les retraits et les guillemets.")
    return Invalid({"file": sentence.format(line=mark.line + 1, column=mark.column + 1)})


class _Dumper(yaml.CSafeDumper):
    """Texts on several lines as blocks; numbers and dates as people write them."""


def _text(dumper: yaml.CSafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


def _decimal(dumper: yaml.CSafeDumper, number: Decimal) -> yaml.Node:
    kind = "float" if "." in f"{number:f}" else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", f"{number:f}")


def _moment(dumper: yaml.CSafeDumper, at: date) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", at.isoformat())


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Decimal, _decimal)
_Dumper.add_representer(date, _moment)
_Dumper.add_representer(datetime, _moment)


def write_yaml(value: Any) -> str:
    """Dictionaries, lists, texts, numbers and dates as a document, in their order."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
