"""The rules of eligibility held against the answers (R5): what the system can tell, it tells; staff pronounce.

A form names its rules, the questions each looks at, and its threshold. A rule this file cannot evaluate is left to the
staff, like those that only a person can judge.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from incubator.calls.definitions import Condition, EligibilityRule, FormDefinition, Kind
from incubator.calls.rules import holds
from incubator.core.clock import add_months, local_date
from incubator.core.language import N_, _
from incubator.core.words import instant_words, number_words

PLAN_LETTERS_MIN = 40


class Kinds(StrEnum):
    """What a rule that is not met leads to; `human`: only a person can tell."""

    BLOCKING = "blocking"
    WARNING = "warning"
    HUMAN = "human"
    DOCUMENT = "document"


class Result(StrEnum):
    """What the answers say."""

    OK = "ok"
    FAILED = "failed"
    TO_JUDGE = "to_judge"


KIND_WORDS = {
    "blocking": N_("Bloquante"),
    "warning": N_("Alerte"),
    "human": N_("À apprécier"),
    "document": N_("Pièce à demander"),
}
RESULT_WORDS = {"ok": N_("Remplie"), "failed": N_("Non remplie"), "to_judge": N_("À apprécier")}


class CheckResult(msgspec.Struct, frozen=True):
    """One rule, what the answers say about it, in a sentence, and the codes of the questions that made it so."""

    code: str
    label: str
    kind: str
    result: str
    said: str
    because: list[str]


class Evidence(msgspec.Struct, frozen=True):
    """What the rules look at. `departement`: of the commune answered, with its name and the commune's.

    `derogation`: why it could be deposited after the closing.
    """

    answers: dict[str, Any]
    departement: str | None
    place: str
    departements: list[str]
    deposited_at: datetime
    closes_at: datetime
    missing_count: int
    derogation: str = ""


Verdict = tuple[Result, str]


def eligibility(definition: FormDefinition, evidence: Evidence) -> list[CheckResult]:
    """Each rule of the form and what the answers say, in the order of the form."""
    return [_check(rule, definition, evidence) for rule in definition.eligibility]


def guarded(check: CheckResult, hidden: Collection[str]) -> CheckResult:
    """The verdict without what it is drawn from, when one of the answers looked at is not for this reader (R12)."""
    if check.result == Result.TO_JUDGE or not set(check.because) & set(hidden):
        return check
    met = _("Remplie, d’après une réponse que le responsable du programme lit seul.")
    failed = _("Non remplie, d’après une réponse que le responsable du programme lit seul.")
    return msgspec.structs.replace(check, said=met if check.result == Result.OK else failed)


def needs_reason(checks: Sequence[CheckResult]) -> list[str]:
    """The codes of the blocking rules the answers do not meet: to admit nonetheless is a derogation, with its reason."""
    return [check.code for check in checks if check.kind == Kinds.BLOCKING and check.result == Result.FAILED]


def _check(rule: EligibilityRule, definition: FormDefinition, evidence: Evidence) -> CheckResult:
    result, said = _verdict(rule, definition, evidence)
    kind = Kinds.HUMAN if rule.is_human else Kinds(rule.effect.value)
    return CheckResult(rule.code, rule.label, kind.value, result.value, said, _because(rule))


def _verdict(rule: EligibilityRule, definition: FormDefinition, evidence: Evidence) -> Verdict:
    """What the rule's own condition says; else what this file knows of it by its code; else a person tells."""
    if rule.is_human:
        return Result.TO_JUDGE, _("À vous d’apprécier, d’après les réponses.")
    if rule.met_when is not None:
        return _by_condition(rule, rule.met_when, evidence)
    if told := EVALUATED.get(rule.code):
        return told(rule, definition, evidence)
    return Result.TO_JUDGE, _("À vous d’apprécier, d’après les réponses.")


def _by_condition(rule: EligibilityRule, wanted: Condition, evidence: Evidence) -> Verdict:
    """Met when the answers are what it waits for; when none of them was given, a person tells."""
    if holds(wanted, evidence.answers):
        return Result.OK, _("Les réponses remplissent cette règle.")
    if all(evidence.answers.get(leaf.question) is None for leaf in wanted.leaves):
        return Result.TO_JUDGE, _("Aucune réponse ne permet de le dire.")
    return Result.FAILED, rule.message or _("Les réponses ne remplissent pas cette règle.")


def _because(rule: EligibilityRule) -> list[str]:
    """The questions to read beside a rule: those it names, then those its condition looks at."""
    looked = [leaf.question for leaf in rule.met_when.leaves] if rule.met_when else []
    return list(dict.fromkeys([*rule.questions, *looked]))


def _answer(rule: EligibilityRule, evidence: Evidence, position: int) -> Any:
    """The answer to the question the rule names at this position, or None."""
    return evidence.answers.get(rule.questions[position]) if position < len(rule.questions) else None


def _parameter(rule: EligibilityRule, usual: Decimal | int) -> Decimal:
    """The figure the rule is given, else the usual one."""
    return Decimal(usual) if rule.parameter is None else rule.parameter


def _place(_rule: EligibilityRule, _definition: FormDefinition, evidence: Evidence) -> Verdict:
    """E1: in one of the départements of the call."""
    if evidence.departement is None:
        return Result.TO_JUDGE, _("Aucune commune n’est indiquée.")
    if evidence.departement in evidence.departements:
        return Result.OK, _("{place} est dans le territoire de l’appel.").format(place=evidence.place)
    return Result.FAILED, _("{place} est hors du territoire de l’appel.").format(place=evidence.place)


def _in_time(_rule: EligibilityRule, _definition: FormDefinition, evidence: Evidence) -> Verdict:
    """E2: deposited before closing, complete."""
    late = evidence.deposited_at >= evidence.closes_at
    if late and not evidence.derogation:
        return Result.FAILED, _("Déposé après la clôture.")
    if evidence.missing_count:
        return Result.FAILED, _("Des réponses obligatoires manquent.")
    if late:
        said = _("Déposé le {at}, après la clôture, par dérogation : {reason}")
        return Result.OK, said.format(at=instant_words(evidence.deposited_at), reason=evidence.derogation)
    return Result.OK, _("Déposé le {at}, complet.").format(at=instant_words(evidence.deposited_at))


def _collective(rule: EligibilityRule, _definition: FormDefinition, evidence: Evidence) -> Verdict:
    """E5: at least two people, or a written plan to be."""
    wanted, team = _parameter(rule, 2), _answer(rule, evidence, 0) or []
    if len(team) >= wanted:
        return Result.OK, _("L’équipe compte {count} personnes.").format(count=len(team))
    if len(_answer(rule, evidence, 1) or "") >= PLAN_LETTERS_MIN:
        return Result.TO_JUDGE, _("Une seule personne ; un texte dit comment réunir l’équipe. À lire.")
    return Result.FAILED, _("Une seule personne, sans intention écrite de réunir une équipe.")


def _young(rule: EligibilityRule, _definition: FormDefinition, evidence: Evidence) -> Verdict:
    """E6: not registered, or for less than so many months, or a new distinct activity."""
    months = int(_parameter(rule, 24))
    if _answer(rule, evidence, 0) != "is_so":
        return Result.OK, _("Aucune structure n’existe encore.")
    since = _answer(rule, evidence, 1)
    if since and add_months(date.fromisoformat(since), months) > local_date(evidence.deposited_at):
        return Result.OK, _("La structure a moins de {months} mois.").format(months=months)
    if _answer(rule, evidence, 2) == "is_so":
        return Result.TO_JUDGE, _("La structure est plus ancienne ; l’équipe déclare une activité nouvelle et distincte. À lire.")
    return Result.FAILED, _("La structure a {months} mois ou plus, et l’activité n’est pas nouvelle.").format(months=months)


def _available(rule: EligibilityRule, definition: FormDefinition, evidence: Evidence) -> Verdict:
    """E7: someone is there half of the week."""
    wanted = _parameter(rule, Decimal("2.5"))
    column = _number_column(rule, definition)
    days = [Decimal(row[column]) for row in _answer(rule, evidence, 0) or [] if column and row.get(column)]
    if not days:
        return Result.TO_JUDGE, _("Aucune disponibilité n’est indiquée.")
    most = number_words(max(days))
    if max(days) >= wanted:
        return Result.OK, _("La personne la plus disponible l’est {days} jours par semaine.").format(days=most)
    return Result.FAILED, _("Personne n’est disponible plus de {days} jours par semaine.").format(days=most)


def _number_column(rule: EligibilityRule, definition: FormDefinition) -> str | None:
    """The first column of numbers of the question the rule looks at."""
    columns = [column for one in definition.questions if one.code in rule.questions[:1] for column in one.columns]
    return next((column.code for column in columns if column.kind is Kind.NUMBER), None)


def _met(rule: EligibilityRule, _definition: FormDefinition, evidence: Evidence) -> Verdict:
    """E8: came to a meeting, or had a talk."""
    if _answer(rule, evidence, 0) in ("meeting", "call"):
        return Result.OK, _("L’équipe déclare avoir échangé avec le programme.")
    return Result.FAILED, _("L’équipe n’a pas encore échangé avec le programme.")


def _alone(rule: EligibilityRule, _definition: FormDefinition, evidence: Evidence) -> Verdict:
    """E9: no other branch follows the project now; other support is declared."""
    if _answer(rule, evidence, 0) != "is_so":
        return Result.OK, _("Aucun autre accompagnement n’est déclaré.")
    others = _answer(rule, evidence, 1) or []
    if any(row.get("type") == "alter_incub" and row.get("state") == "ongoing" for row in others):
        return Result.FAILED, _("Une autre branche d’Alter’Incub accompagne le projet en ce moment.")
    return Result.OK, _("Les autres accompagnements sont déclarés.")


def _aids(rule: EligibilityRule, _definition: FormDefinition, evidence: Evidence) -> Verdict:
    """E10: an existing company declares its de minimis aids."""
    if _answer(rule, evidence, 0) == "is_so":
        return Result.TO_JUDGE, _("Une structure existe : demandez la déclaration des aides de minimis.")
    return Result.OK, _("Aucune structure n’existe encore.")


Evaluate = Callable[[EligibilityRule, FormDefinition, Evidence], Verdict]
EVALUATED: Mapping[str, Evaluate] = {
    "E1": _place,
    "E2": _in_time,
    "E5": _collective,
    "E6": _young,
    "E7": _available,
    "E8": _met,
    "E9": _alone,
    "E10": _aids,
}
