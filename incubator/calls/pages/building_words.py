"""Words of the pages that build forms and grids, in the reader's language."""

from __future__ import annotations

from incubator.calls.definitions import COLUMN_KINDS, PREFILL_KINDS, Kind
from incubator.calls.rules.wording import EFFECT_WORDS, KIND_WORDS, PREFILL_WORDS, READERS_WORDS
from incubator.core.language import _

Options = list[tuple[str, str]]


def kind_words() -> dict[str, str]:
    """Kinds of questions."""
    return {kind.value: _(words) for kind, words in KIND_WORDS.items()}


def kind_options() -> Options:
    """Kinds of questions to choose from."""
    return list(kind_words().items())


def column_kind_options() -> Options:
    """Kinds a column may be of."""
    return [(kind.value, _(KIND_WORDS[kind])) for kind in Kind if kind in COLUMN_KINDS]


def readers_options() -> Options:
    """Who may read an answer."""
    return [(readers.value, _(words)) for readers, words in READERS_WORDS.items()]


def prefill_options(kind: Kind) -> Options:
    """What an answer of this kind may begin with; nothing to choose for most kinds."""
    return [("", _("Rien"))] + [(one.value, _(words)) for one, words in PREFILL_WORDS.items() if kind in PREFILL_KINDS[one]]


def effect_options() -> Options:
    """What a rule that is not met leads to."""
    return [(effect.value, _(words)) for effect, words in EFFECT_WORDS.items()]


def need_options() -> Options:
    """Whether a question must be answered."""
    return [("no", _("Facultative")), ("yes", _("Obligatoire")), ("when", _("Obligatoire seulement si…"))]
