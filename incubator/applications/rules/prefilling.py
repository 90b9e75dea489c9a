"""What a new draft begins with: what its project's card says already, so that nobody types it twice. No database."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from incubator.applications.forms.answers import read_answer
from incubator.applications.forms.values import Wrong
from incubator.calls.definitions import FormDefinition, Prefill
from incubator.calls.rules.forms import is_asked


def prefilled(form: FormDefinition, card: Mapping[Prefill, str | None]) -> dict[str, Any]:
    """The answers, by question; what a question cannot take whole (too long, on several lines) is left to the team."""
    answers: dict[str, Any] = {}
    for question in form.questions:
        if (said := card.get(question.prefill)) and is_asked(question, answers):
            with suppress(Wrong):
                answers[question.code] = read_answer(question, said, ())
    return answers
