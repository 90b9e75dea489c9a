"""What forms and grids hold, in words a manager reads: kinds, readers, conditions, any field. No database."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from incubator.calls.definitions import Column, Condition, Effect, Kind, Option, Prefill, Question, Readers
from incubator.core.language import N_, _
from incubator.core.words import number_words

KIND_WORDS = {
    Kind.LINE: N_("Texte court"),
    Kind.TEXT: N_("Texte long"),
    Kind.NUMBER: N_("Nombre"),
    Kind.AMOUNT: N_("Montant en euros"),
    Kind.DAY: N_("Date"),
    Kind.CHOICE: N_("Un choix dans une liste"),
    Kind.CHOICES: N_("Plusieurs choix dans une liste"),
    Kind.YES_NO: N_("Oui ou non"),
    Kind.SCALE: N_("Échelle, d’un nombre à un autre"),
    Kind.RANKED: N_("Classement, du plus au moins important"),
    Kind.ROWS: N_("Tableau de plusieurs lignes (équipe, partenaires, financements)"),
    Kind.COMMUNE: N_("Commune"),
    Kind.EPCI: N_("Intercommunalité (EPCI)"),
    Kind.SIREN: N_("Numéro SIREN"),
    Kind.SIRET: N_("Numéro SIRET"),
    Kind.PHASE: N_("Phase d’entrée demandée"),
    Kind.FILE: N_("Pièces à joindre"),
    Kind.STATEMENT: N_("Engagement à cocher"),
    Kind.INFORMATION: N_("Texte d’information, sans réponse"),
}
READERS_WORDS = {
    Readers.COMMITTEE: N_("Le comité et l’équipe du programme"),
    Readers.STAFF: N_("L’équipe du programme seule"),
    Readers.MANAGER: N_("Le responsable du programme seul"),
}
PREFILL_WORDS = {
    Prefill.NAME: N_("Le nom du projet"),
    Prefill.SUMMARY: N_("Le résumé du projet"),
    Prefill.COMMUNE: N_("La commune du projet"),
}
EFFECT_WORDS = {
    Effect.BLOCKING: N_("Rend le dossier irrecevable"),
    Effect.WARNING: N_("À signaler à l’équipe"),
    Effect.DOCUMENT: N_("Demande un document"),
}
NAMES: Mapping[Any, str] = {**KIND_WORDS, **READERS_WORDS, **PREFILL_WORDS, **EFFECT_WORDS}
MEGABYTE = 1_000_000


def condition_words(condition: Condition, questions: Mapping[str, Question], phases: Mapping[str, str] | None = None) -> str:
    """A condition as the end of a sentence that begins by "if": `1.7 est « Oui » ou « En partie »`."""
    if parts := condition.every or condition.some:
        told = [condition_words(part, questions, phases) for part in parts]
        wrapped = [f"({words})" if part.every or part.some else words for part, words in zip(parts, told, strict=True)]
        return (_(" et ") if condition.every else _(" ou ")).join(wrapped)
    if condition.least is not None or condition.most is not None:
        return _bounds_words(condition)
    asked = questions.get(condition.question)
    names = [_("« {answer} »").format(answer=answer_words(asked, code, phases or {})) for code in condition.values]
    if not names:
        return _("{code} est… (aucune réponse n’est choisie)").format(code=condition.question)
    return _("{code} est {answers}").format(code=condition.question, answers=_(" ou ").join(names))


def _bounds_words(condition: Condition) -> str:
    least, most = condition.least, condition.most
    if least is not None and most is not None:
        told = _("{code} va de {least} à {most}")
    else:
        told = _("{code} fait au plus {most}") if least is None else _("{code} fait au moins {least}")
    return told.format(code=condition.question, least=number_words(least or 0), most=number_words(most or 0))


def answer_words(asked: Question | None, code: str, phases: Mapping[str, str]) -> str:
    """The answer of this code as the form proposes it."""
    return dict(answers_of(asked, phases)).get(code, code) if asked else code


def answers_of(asked: Question, phases: Mapping[str, str]) -> list[tuple[str, str]]:
    """The codes a condition may wait for, each with its words."""
    match asked.kind:
        case Kind.YES_NO:
            return [("yes", _("Oui")), ("no", _("Non"))]
        case Kind.STATEMENT:
            return [("true", _("coché"))]
        case Kind.PHASE:
            return list(phases.items())
    return [(option.code, option.label) for option in asked.options]


def value_words(value: Any, questions: Mapping[str, Question], *, name: str = "") -> str:
    """Any field of a definition, as the difference between two versions says it; "" for nothing."""
    if name.endswith("size_max") and value:
        return _("{size} Mo").format(size=number_words(Decimal(value) / MEGABYTE))
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, Condition):
        return condition_words(value, questions)
    if isinstance(value, Option):
        return value.label + (f" ({value.help})" if value.help else "")
    if isinstance(value, Column):
        return f"{value.label} ({_(KIND_WORDS[value.kind]).lower()})"
    if isinstance(value, tuple):
        return " · ".join(value_words(one, questions) for one in value)
    if isinstance(value, int | Decimal):
        return number_words(value)
    if value in ("yes", "no"):
        return _("Oui") if value == "yes" else _("Non")
    return _(NAMES[value]) if value and isinstance(value, StrEnum) else str(value or "")
