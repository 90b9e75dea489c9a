"""What makes a form sound, and which of its questions are asked. No database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from incubator.calls.definitions import (
    COLUMN_KINDS,
    CONDITION_KINDS,
    NUMERIC,
    PREFILL_KINDS,
    QUESTIONS_MAX,
    TEXTUAL,
    WITH_OPTIONS,
    Column,
    Condition,
    EligibilityRule,
    FormDefinition,
    Kind,
    Question,
)
from incubator.core.language import _
from incubator.programmes.rules import first_twice


class Fault(msgspec.Struct, frozen=True):
    """Something to mend before publishing; `kind` and `code` say where: `question`, `1.4`."""

    kind: str
    code: str
    reason: str


def is_asked(question: Question, answers: Mapping[str, Any]) -> bool:
    """True unless the question depends on an earlier answer that is not the one it waits for."""
    return question.when is None or holds(question.when, answers)


def is_required(question: Question, answers: Mapping[str, Any]) -> bool:
    """True when the question is asked and must be answered before depositing."""
    if not is_asked(question, answers):
        return False
    return question.required or (question.required_when is not None and holds(question.required_when, answers))


def holds(condition: Condition, answers: Mapping[str, Any]) -> bool:
    """True when the earlier answers are what the condition waits for; a question without an answer meets no condition."""
    if condition.every:
        return all(holds(part, answers) for part in condition.every)
    if condition.some:
        return any(holds(part, answers) for part in condition.some)
    given = answers.get(condition.question)
    if condition.least is not None or condition.most is not None:
        return given is not None and _is_between(Decimal(given), condition.least, condition.most)
    if isinstance(given, list | tuple):
        return any(value in condition.values for value in given)
    return ("true" if given is True else given) in condition.values


def _is_between(number: Decimal, least: int | None, most: int | None) -> bool:
    return (least is None or number >= least) and (most is None or number <= most)


def why_not_form(definition: FormDefinition) -> str | None:
    """The first thing that is wrong with a form, or None."""
    return next((fault.reason for fault in form_faults(definition)), None)


def why_not_phases(definition: FormDefinition, entry_phases_count: int) -> str | None:
    """Where teams have a choice of phases, each of them must say which: nothing could be deposited otherwise."""
    asked = any(one.kind is Kind.PHASE and one.required and one.when is None for one in definition.questions)
    if asked or entry_phases_count < 2:
        return None
    return _("Plusieurs phases d’entrée ont des places : demandez laquelle, par une question obligatoire posée à chaque équipe.")


def form_faults(definition: FormDefinition) -> Iterator[Fault]:
    """Everything that is wrong with a form, in its order."""
    if not definition.sections:
        yield Fault("form", "", _("Le formulaire n’a aucune section."))
    if len(definition.questions) > QUESTIONS_MAX:
        told = _("Le formulaire a {count} questions. Gardez-en {most} au plus.")
        yield Fault("form", "", told.format(count=len(definition.questions), most=QUESTIONS_MAX))
    yield from _twice(definition)
    questions: dict[str, Question] = {}
    for section in definition.sections:
        if not section.questions:
            yield Fault("section", section.code, _("La section {code} n’a aucune question.").format(code=section.code))
        for question in section.questions:
            for reason in question_faults(question, questions):
                yield Fault("question", question.code, _("Question {code} : {reason}").format(code=question.code, reason=reason))
            questions[question.code] = question
    for rule in definition.eligibility:
        yield from _rule_faults(rule, questions)


def _twice(definition: FormDefinition) -> Iterator[Fault]:
    for kind, codes in (
        ("section", [one.code for one in definition.sections]),
        ("question", [one.code for one in definition.questions]),
        ("rule", [one.code for one in definition.eligibility]),
        ("self_test", [one.code for one in definition.self_test]),
    ):
        if twice := first_twice(codes):
            yield Fault(kind, twice, _("Le code {code} sert deux fois.").format(code=twice))
    alike = {one.code.replace(".", "-"): one.code for one in definition.questions}
    for one in definition.questions:
        if alike[one.code.replace(".", "-")] != one.code:  # they would share the fields of the page
            yield Fault("question", one.code, _("Les codes {one} et {other} se ressemblent trop.").format(
                one=one.code, other=alike[one.code.replace(".", "-")]
            ))  # fmt: skip


def _rule_faults(rule: EligibilityRule, questions: Mapping[str, Question]) -> Iterator[Fault]:
    for code in rule.questions:
        if code not in questions:
            sentence = _("La règle {code} cite la question {question}, qui n’existe pas.")
            yield Fault("rule", rule.code, sentence.format(code=rule.code, question=code))
    if rule.met_when is not None and (reason := why_not_condition(rule.met_when, questions)):
        yield Fault("rule", rule.code, _("Règle {code} : {reason}").format(code=rule.code, reason=reason))


def why_not_question(question: Question, earlier: Mapping[str, Question]) -> str | None:
    """What is wrong first with a question, given those that stand before it (so no cycle can be), or None."""
    return next(question_faults(question, earlier), None)


def question_faults(question: Question, earlier: Mapping[str, Question]) -> Iterator[str]:
    """Everything that is wrong with a question, given those that stand before it."""
    for condition in (question.when, question.required_when):
        if condition is not None and (reason := why_not_condition(condition, earlier)):
            yield reason
    if question.kind is Kind.INFORMATION and (question.required or question.required_when):
        yield _("un texte d’information n’attend pas de réponse.")
    if reason := _why_not_rows(question) if question.kind is Kind.ROWS else _why_not_kind(question):
        yield reason


def _why_not_kind(question: Question) -> str | None:
    if question.columns or question.rows_max:
        return _("seule une question en lignes a des colonnes.")
    if (question.kind is Kind.RANKED) != (question.ranks > 0):
        return _("le nombre de rangs va avec un classement, et seulement avec lui.")
    if question.options and question.ranks > len(question.options):
        return _("il y a plus de rangs que de réponses proposées.")
    if question.prefill and question.kind not in PREFILL_KINDS[question.prefill]:
        return _("elle ne peut pas commencer par ce qui est repris de la fiche du projet.")
    return _why_not_scale(question) or _why_not_files(question) or _why_not_value(question)


def _why_not_scale(question: Question) -> str | None:
    if question.kind is not Kind.SCALE:
        return _("seule une échelle a des mots à ses deux bouts.") if question.scale_words else None
    if question.least is None or question.most is None or not 1 <= question.most - question.least <= 10:
        return _("une échelle va d’un nombre à un autre, onze degrés au plus.")
    if len(question.scale_words) not in (0, 2):
        return _("une échelle dit ce que veulent dire ses deux bouts, ou aucun.")
    return None


def _why_not_files(question: Question) -> str | None:
    if (question.kind is Kind.FILE) != bool(question.file_types and question.files_max and question.size_max):
        return _("une question de pièces dit leurs types, leur nombre et leur taille, et elle seule.")
    return None


def why_not_condition(condition: Condition, earlier: Mapping[str, Question], depth: int = 0) -> str | None:
    """A condition names an earlier question that has these answers, or says what is wrong."""
    if sum(map(bool, (condition.question, condition.every, condition.some))) != 1 or depth > 2:
        return _("sa condition est mal formée.")
    if parts := condition.every or condition.some:
        return next((reason for part in parts if (reason := why_not_condition(part, earlier, depth + 1))), None)
    asked = earlier.get(condition.question)
    if asked is None:
        return _("elle dépend de la question {question}, qui n’est pas posée avant elle.").format(question=condition.question)
    if asked.kind not in CONDITION_KINDS:
        return _("elle dépend de la question {question}, dont la réponse est libre.").format(question=condition.question)
    has_bounds = condition.least is not None or condition.most is not None
    if has_bounds != (asked.kind in NUMERIC) or has_bounds == bool(condition.values):
        return _("sa condition ne convient pas au type de la question {question}.").format(question=condition.question)
    possible = possible_codes(asked)
    if possible is not None and not set(condition.values) <= possible:
        return _("elle attend une réponse que la question {question} ne propose pas.").format(question=condition.question)
    return None


def possible_codes(asked: Question) -> set[str] | None:
    """The codes an answer may be; None when the call decides, or for a number."""
    match asked.kind:
        case Kind.STATEMENT:
            return {"true"}
        case Kind.YES_NO:
            return {"yes", "no"}
        case Kind.CHOICE | Kind.CHOICES:
            return {option.code for option in asked.options}
    return None


def _why_not_rows(question: Question) -> str | None:
    if not question.columns or not question.rows_max:
        return _("une question en lignes a des colonnes et un nombre de lignes.")
    if twice := first_twice(column.code for column in question.columns):
        return _("la colonne {code} sert deux fois.").format(code=twice)
    for column in question.columns:
        if column.kind not in COLUMN_KINDS:
            return _("une colonne est une ligne, un nombre, un montant, une date ou un choix.")
        if reason := _why_not_value(column):
            return reason
    return None


def _why_not_value(asked: Question | Column) -> str | None:
    if asked.kind in WITH_OPTIONS and not asked.options:
        return _("elle ne propose encore aucune réponse à choisir.")
    if asked.options and asked.kind not in WITH_OPTIONS:
        return _("les réponses proposées vont avec un choix, et seulement avec lui.")
    if twice := first_twice(option.code for option in asked.options):
        return _("la réponse {code} est proposée deux fois.").format(code=twice)
    if (asked.kind in TEXTUAL) != (asked.limit > 0):
        return _("un texte a une limite de caractères, et lui seul.")
    if asked.least is not None and asked.most is not None and asked.least > asked.most:
        return _("le plus petit nombre est au-dessus du plus grand.")
    return None
