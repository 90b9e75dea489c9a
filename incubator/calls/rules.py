"""When a call may be published, extended; what makes a form and a grid sound; which questions are asked. No database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from incubator.calls.definitions import (
    COLUMN_KINDS,
    CONDITION_KINDS,
    NUMERIC,
    TEXTUAL,
    WITH_OPTIONS,
    Column,
    Condition,
    FormDefinition,
    GridDefinition,
    Kind,
    Question,
)
from incubator.core.clock import local_date
from incubator.core.language import N_, _
from incubator.core.words import instant_words
from incubator.programmes.rules import first_twice


class CallState(StrEnum):
    """Where a call is. Only `draft` is stored (nothing published yet); the rest is read from the clock."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"


STATE_WORDS = {
    CallState.DRAFT: N_("Brouillon"),
    CallState.SCHEDULED: N_("Programmé"),
    CallState.OPEN: N_("Ouvert"),
    CallState.CLOSED: N_("Clos"),
}

MOVES = {
    "edit": (frozenset({CallState.DRAFT}), CallState.DRAFT),
    "publish": (frozenset({CallState.DRAFT}), None),  # scheduled or open, by the clock
    "extend": (frozenset({CallState.OPEN}), CallState.OPEN),
}


class CallFacts(msgspec.Struct, frozen=True):
    """What the rules look at."""

    id: UUID
    programme: UUID
    code: str
    opens_at: datetime
    closes_at: datetime
    notify_on: date
    departements: list[str]
    published_at: datetime | None
    version: int
    places_count: int


def call_state(published_at: datetime | None, opens_at: datetime, closes_at: datetime, at: datetime) -> CallState:
    """The state at an instant. A call is open from `opens_at` until the last instant before `closes_at`; grace: none."""
    if published_at is None or published_at > at:
        return CallState.DRAFT
    if at < opens_at:
        return CallState.SCHEDULED
    return CallState.OPEN if at < closes_at else CallState.CLOSED


def state_of(facts: CallFacts, at: datetime) -> CallState:
    """The state of a call at an instant."""
    return call_state(facts.published_at, facts.opens_at, facts.closes_at, at)


def why_not_edit(facts: CallFacts, at: datetime) -> str | None:
    """A published call is what candidates read: only its closing may move, later (`why_not_extend`)."""
    if state_of(facts, at) in MOVES["edit"][0]:
        return None
    return _("Cet appel est publié : il ne change plus. Tant qu’il est ouvert, vous pouvez repousser sa clôture.")


def why_not_publish(facts: CallFacts, at: datetime) -> str | None:
    """What is missing, or None."""
    if state_of(facts, at) not in MOVES["publish"][0]:
        return _("Cet appel est déjà publié.")
    if facts.closes_at <= at:
        return _("La clôture est passée. Choisissez une date à venir.")
    if not facts.departements:
        return _("Aucun département n’est choisi. Dites où les projets doivent s’implanter.")
    if facts.places_count < 1:
        return _("Il n’y a aucune place. Donnez au moins une place dans une phase d’entrée.")
    if facts.notify_on < local_date(facts.closes_at):
        return _("La date de réponse aux équipes est avant la clôture.")
    return None


def why_not_extend(facts: CallFacts, closes_at: datetime, at: datetime) -> str | None:
    """Why the closing may not move to `closes_at`: only while open, only later."""
    state = state_of(facts, at)
    if state is CallState.CLOSED:
        return _("Cet appel est clos : il ne rouvre pas.")
    if state not in MOVES["extend"][0]:
        return _("Cet appel n’est pas encore ouvert.")
    if closes_at <= facts.closes_at:
        return _("La clôture ne peut être que repoussée : choisissez un instant après le {closing}.").format(
            closing=instant_words(facts.closes_at)
        )
    return None


def check_dates(opens_at: datetime, closes_at: datetime, notify_on: date) -> dict[str, str]:
    """One sentence per date that cannot be."""
    errors = {}
    if closes_at <= opens_at:
        errors["closes_at"] = _("La clôture doit venir après l’ouverture.")
    if notify_on < local_date(closes_at):
        errors["notify_on"] = _("La réponse aux équipes doit venir après la clôture.")
    return errors


def proposed_code(programme_code: str, taken: Collection[str], year: int) -> str:
    """The next free code of the year: AAC-CVL-2026-2."""
    prefix = f"AAC-{programme_code.rpartition('-')[2].upper()}-{year}-"
    number = next(number for number in range(1, len(taken) + 2) if f"{prefix}{number}" not in taken)
    return f"{prefix}{number}"


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
    """What is wrong with a form, or None."""
    questions = definition.questions
    for codes in (
        [one.code for one in definition.sections],
        [one.code for one in questions],
        [one.code for one in definition.eligibility],
        [one.code for one in definition.self_test],
    ):
        if twice := first_twice(codes):
            return _("Le code {code} sert deux fois.").format(code=twice)
    for index, question in enumerate(questions):
        if reason := why_not_question(question, {one.code: one for one in questions[:index]}):
            return _("Question {code} : {reason}").format(code=question.code, reason=reason)
    known = {question.code for question in questions}
    for rule in definition.eligibility:
        if strangers := [code for code in rule.questions if code not in known]:
            return _("La règle {code} cite la question {question}, qui n’existe pas.").format(
                code=rule.code, question=strangers[0]
            )
        everything = {question.code: question for question in questions}
        if rule.met_when is not None and (reason := why_not_condition(rule.met_when, everything)):
            return _("Règle {code} : {reason}").format(code=rule.code, reason=reason)
    return None


def why_not_question(question: Question, earlier: Mapping[str, Question]) -> str | None:
    """What is wrong with a question, given those that stand before it (so no cycle can be), or None."""
    for condition in (question.when, question.required_when):
        if condition is not None and (reason := why_not_condition(condition, earlier)):
            return reason
    if question.kind is Kind.INFORMATION and (question.required or question.required_when):
        return _("un texte d’information n’attend pas de réponse.")
    if question.kind is Kind.ROWS:
        return _why_not_rows(question)
    if question.columns or question.rows_max:
        return _("seule une question en lignes a des colonnes.")
    if (question.kind is Kind.RANKED) != (question.ranks > 0):
        return _("le nombre de rangs va avec un classement, et seulement avec lui.")
    if question.ranks > len(question.options):
        return _("il y a plus de rangs que de réponses proposées.")
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
    possible = _possible_codes(asked)
    if possible is not None and not set(condition.values) <= possible:
        return _("elle attend une réponse que la question {question} ne propose pas.").format(question=condition.question)
    return None


def _possible_codes(asked: Question) -> set[str] | None:
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
    if (asked.kind in WITH_OPTIONS) != bool(asked.options):
        return _("les réponses proposées vont avec un choix, et seulement avec lui.")
    if twice := first_twice(option.code for option in asked.options):
        return _("la réponse {code} est proposée deux fois.").format(code=twice)
    if (asked.kind in TEXTUAL) != (asked.limit > 0):
        return _("un texte a une limite de caractères, et lui seul.")
    if asked.least is not None and asked.most is not None and asked.least > asked.most:
        return _("le plus petit nombre est au-dessus du plus grand.")
    return None


def why_not_grid(definition: GridDefinition) -> str | None:
    """What is wrong with a grid, or None: its weights sum to 100 (R23)."""
    for codes in ([block.code for block in definition.blocks], [criterion.code for criterion in definition.criteria]):
        if twice := first_twice(codes):
            return _("Le code {code} sert deux fois.").format(code=twice)
    total = sum(criterion.weight for criterion in definition.criteria)
    if total != 100:
        return _("Les poids font {total} au lieu de 100.").format(total=total)
    if not 1 <= definition.knock_out_below <= 5:
        return _("Le seuil bloquant est une note, de 1 à 5.")
    return None


def why_not_criteria(form: FormDefinition, grid: GridDefinition) -> str | None:
    """A form that cites a criterion its grid does not have says which, or None."""
    known = {criterion.code for criterion in grid.criteria}
    for question in form.questions:
        if strangers := [code for code in question.criteria if code not in known]:
            return _("La question {question} cite le critère {code}, que la grille n’a pas.").format(
                question=question.code, code=strangers[0]
            )
    return None
