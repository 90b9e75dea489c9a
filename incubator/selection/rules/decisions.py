"""What a decision needs, and when decisions may be published."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

import msgspec

from incubator.core.errors import Invalid
from incubator.core.language import N_, _
from incubator.selection.forms import DecisionForm
from incubator.selection.rules.committees import has_quorum, published
from incubator.selection.tables import DecisionOutcome

OUTCOMES: Mapping[str, str] = {
    DecisionOutcome.RETAINED.value: N_("Retenu"),
    DecisionOutcome.WAITING_LIST.value: N_("Sur liste d’attente"),
    DecisionOutcome.REDIRECTED.value: N_("Réorienté"),
    DecisionOutcome.NOT_RETAINED.value: N_("Non retenu"),
}
WITH_PHASE = frozenset({DecisionOutcome.RETAINED, DecisionOutcome.WAITING_LIST})
STRONG_FROM = Decimal(4)
WEAK_BELOW = Decimal(3)


class Deciding(msgspec.Struct, frozen=True):
    """What a decision is judged on: the application, its figures, the quorum, the ranks already given in the phase asked."""

    presentation: UUID
    committee: UUID
    application: UUID
    project: UUID
    application_state: str
    is_published: bool
    means: dict[str, Decimal]
    codes: list[str]
    phases: dict[str, UUID]
    voters_count: int
    voices_count: int
    colleges_count: int
    ranks_taken: list[int]
    version: int


class Reason(msgspec.Struct, frozen=True):
    """Why, on one criterion."""

    code: str
    is_strength: bool
    text: str


def side(mean: Decimal | None) -> str:
    """`strong`, `weak`, or `middle` when the mean does not say (R25)."""
    if mean is None:
        return "middle"
    return "strong" if mean >= STRONG_FROM else "weak" if mean < WEAK_BELOW else "middle"


def why_not_decide(facts: Deciding) -> str | None:
    """A decision may be changed until it is published."""
    if facts.is_published:
        return published()
    if facts.application_state != "admissible":
        return _("L’équipe a retiré ce dossier : il n’y a plus de décision à prendre.")
    return None


def check_decision(form: DecisionForm, facts: Deciding) -> list[Reason]:
    """The reasons of a complete decision (R24, R25). Raises `Invalid` naming every missing field."""
    errors = _check_outcome(form, facts) | _check_reasons(form, facts)
    if not is_quorate(facts) and not form.no_quorum_reason:
        errors["no_quorum_reason"] = _("Le quorum n’est pas atteint. Dites pourquoi le comité décide quand même.")
    if errors:
        raise Invalid(errors)
    weak = set(form.weaknesses)
    return [
        Reason(code, _is_strength(side(facts.means.get(code)), code in weak), form.reasons[code])
        for code in facts.codes
        if form.reasons.get(code)
    ]


def is_quorate(facts: Deciding) -> bool:
    """True when the quorum is met (R24)."""
    return has_quorum(voters=facts.voters_count, voices=facts.voices_count, colleges=facts.colleges_count)


def _check_outcome(form: DecisionForm, facts: Deciding) -> dict[str, str]:
    errors: dict[str, str] = {}
    if form.outcome in WITH_PHASE and form.phase not in facts.phases:
        errors["phase"] = _("Choisissez la phase dans laquelle le projet entrerait.")
    if form.outcome is DecisionOutcome.WAITING_LIST and form.waiting_rank is None:
        errors["waiting_rank"] = _("Donnez le rang du projet sur la liste d’attente.")
    elif form.outcome is DecisionOutcome.WAITING_LIST and form.waiting_rank in facts.ranks_taken:
        errors["waiting_rank"] = _("Un autre projet a déjà ce rang sur la liste d’attente de cette phase.")
    if form.outcome not in WITH_PHASE and not form.orientation:
        errors["orientation"] = _("Dites vers quoi le projet est orienté.")
    return errors


def _check_reasons(form: DecisionForm, facts: Deciding) -> dict[str, str]:
    errors = {
        f"reasons.{code}": _("Le critère {code} n’est pas dans la grille de cet appel.").format(code=code)
        for code in [*form.reasons, *form.weaknesses]
        if code not in facts.codes
    }
    asked = {
        "strong": _("{code} est un point fort : donnez-en la raison."),
        "weak": _("{code} est un point faible : donnez-en la raison."),
    }
    errors |= {
        f"reasons.{code}": asked[side(mean)].format(code=code)
        for code, mean in facts.means.items()
        if side(mean) in asked and not form.reasons.get(code)
    }
    if not errors and not any(form.reasons.values()):
        errors["reasons"] = _("Donnez au moins une raison, sur le critère qui a compté.")
    return errors


def _is_strength(of_mean: str, named_weak: bool) -> bool:
    return of_mean == "strong" or (of_mean == "middle" and not named_weak)


class Publishing(msgspec.Struct, frozen=True):
    """What is judged before decisions are published; `unnamed_count`: without a decision, not to be named to who asks (R10)."""

    call_code: str
    is_published: bool
    presented_count: int
    undecided: list[str]
    unnamed_count: int = 0


def why_not_publish(facts: Publishing) -> str | None:
    """Decisions are published together, once, when every application still in has its own."""
    if facts.is_published:
        return _("Les décisions de ce comité sont déjà publiées.")
    if not facts.presented_count:
        return _("Aucun dossier n’a été présenté à ce comité.")
    if facts.undecided:
        return _("Sans décision : {names}.").format(names=", ".join(facts.undecided))
    if facts.unnamed_count:
        return _("Une décision manque encore : une autre personne qui dirige le programme la prendra.")
    return None


def check_publication(typed_code: str, facts: Publishing) -> None:
    """The code of the call, typed to be sure. Raises `Invalid`."""
    if typed_code.casefold() != facts.call_code.casefold():
        raise Invalid({"call": _("Recopiez le code de l’appel : {code}.").format(code=facts.call_code)})
