"""What the self-test says of ten yes-or-no answers: it informs, nothing is decided by it. No database."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from incubator.calls.definitions import Effect, FormDefinition, SelfTestQuestion
from incubator.core.language import _


class Outcome(msgspec.Struct, frozen=True):
    """What the answers say: `met` and what to look at, each a question of the test; `unanswered`: codes not answered yet."""

    met: list[SelfTestQuestion]
    blocking: list[SelfTestQuestion]
    to_look_at: list[SelfTestQuestion]
    unanswered: list[str]

    @property
    def words(self) -> str:
        """The result in one sentence."""
        if self.blocking:
            return _("En l’état, un point indispensable manque. Parlons-en avant que vous ne passiez du temps sur le dossier.")
        if self.to_look_at:
            return _(
                "Votre projet peut candidater. Quelques points méritent d’être regardés avant, et nous pouvons vous y aider."
            )
        return _("Votre projet a tout ce qu’il faut pour candidater. Vous pouvez commencer quand vous voulez.")


def outcome(form: FormDefinition, answers: Mapping[str, str]) -> Outcome:
    """What yes-or-no answers, by code of question, say."""
    told = [question for question in form.self_test if answers.get(question.code) in ("yes", "no")]
    missed = [question for question in told if answers[question.code] != question.wanted]
    return Outcome(
        met=[question for question in told if answers[question.code] == question.wanted],
        blocking=[question for question in missed if question.effect is Effect.BLOCKING],
        to_look_at=[question for question in missed if question.effect is not Effect.BLOCKING],
        unanswered=[question.code for question in form.self_test if answers.get(question.code) not in ("yes", "no")],
    )
