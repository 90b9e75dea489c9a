"""A difference, and the facts of a part of a form, in the reader's words. No database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from incubator.calls.definitions import FormDefinition, Question
from incubator.calls.rules.difference import FIELD_WORDS, KIND_WORDS, WHAT_WORDS, Change
from incubator.calls.rules.wording import value_words
from incubator.core.language import _


class ToldField(msgspec.Struct, frozen=True):
    """A fact in words, before and after; "" for nothing."""

    name: str
    before: str
    after: str


class ToldChange(msgspec.Struct, frozen=True):
    """A change in words."""

    what: str
    what_words: str
    kind: str
    code: str
    title: str
    where: str
    was_in: str
    fields: list[ToldField]


def told(changes: Sequence[Change], questions: Mapping[str, Question]) -> list[ToldChange]:
    """A difference in the reader's words. `questions`: those of both versions, to name answers."""
    return [
        ToldChange(
            what=change.what,
            what_words=_(WHAT_WORDS[change.what]),
            kind=change.kind,
            code=change.code,
            title=f"{_(KIND_WORDS[change.kind])} {change.code} — {change.label}".replace("  ", " "),
            where=change.where,
            was_in=change.was_in,
            fields=[
                ToldField(
                    _(FIELD_WORDS.get(field.name, field.name)),
                    value_words(field.before, questions, name=field.name),
                    value_words(field.after, questions, name=field.name),
                )
                for field in change.fields
            ],
        )
        for change in changes
    ]


def facts_in_words(thing: msgspec.Struct, questions: Mapping[str, Question]) -> list[tuple[str, str]]:
    """What a part of a form says, for those who only read it."""
    named = ((name, value_words(getattr(thing, name), questions, name=name)) for name in thing.__struct_fields__)
    return [(_(FIELD_WORDS[name]), words) for name, words in named if words and name in FIELD_WORDS]


def both_questions(before: FormDefinition, after: FormDefinition) -> dict[str, Question]:
    """Every question of two versions, the later one's first to be believed."""
    return {one.code: one for one in (*before.questions, *after.questions)}
