"""What a section's page sent: which questions it showed, what of them changed, which places were picked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from incubator.applications.actions import Given
from incubator.applications.forms.answers import PICKED, Fields, field_name, read_answers, sent_answer, sent_fields
from incubator.applications.forms.values import Wrong
from incubator.applications.queries.dossiers import Dossier
from incubator.applications.rules.dossier import asked_codes, value_digest
from incubator.applications.rules.moves import why_not_answer
from incubator.calls.definitions import Kind, Question, Section
from incubator.core.errors import Invalid
from incubator.core.language import _
from incubator.territory.queries import FoundCommune, FoundEpci, meant_commune, meant_epci

OURS = frozenset({"csrf", "then"})
Options = dict[str, Sequence[FoundCommune | FoundEpci]]


class ReadPage(msgspec.Struct, frozen=True):
    """What a page sent: the values that can be taken, a sentence where one cannot, places to choose from where it is unclear."""

    questions: list[Question]
    raw: dict[str, Any]
    values: dict[str, Any]
    errors: dict[str, str]
    options: Options


async def read_page(dossier: Dossier, section: Section, sent: Fields) -> ReadPage:
    """Every answer of a page. Raises `Invalid` for a field that no page has."""
    questions = on_page(section, sent)
    raw: dict[str, Any] = {}
    errors: dict[str, str] = {}
    options: Options = {}
    for question in questions:
        try:
            raw[question.code] = sent_answer(question, sent)
        except Wrong as wrong:
            errors[question.code] = wrong.errors[""]
    errors |= await _pick_places(questions, sent, raw, options)
    values, wrongs = read_answers({one.code: one for one in questions}, raw, dossier.phase_names)
    return ReadPage(questions, raw, values, wrongs | errors, options)


def given_answers(dossier: Dossier, read: ReadPage, sent: Fields) -> dict[str, Given]:
    """The answers of a page that differ from what it showed. Raises `Invalid` with every place that is wrong."""
    if read.errors:
        raise Invalid(read.errors)
    askable = asked_codes(dossier.definition, dossier.answers) | asked_codes(dossier.definition, dossier.answers | read.values)
    return {
        one.code: Given(read.raw[one.code], _version(sent, one))
        for one in read.questions
        if one.code in askable and _changed(sent, one, read.values[one.code]) and not why_not_answer(dossier.facts, one.code)
    }


def touched(read: ReadPage, sent: Fields) -> Fields:
    """What was sent, without the answers left as the page showed them: these are a colleague's to change meanwhile."""
    for one in read.questions:
        if one.code not in read.errors and one.code in read.values and not _changed(sent, one, read.values[one.code]):
            sent = without(sent, one)
    return sent


def on_page(section: Section, sent: Fields) -> list[Question]:
    """The questions the page showed as fields. Raises `Invalid` for a field of no question of this section."""
    questions = [one for one in section.questions if f"was.{field_name(one.code)}" in sent and one.kind is not Kind.INFORMATION]
    known = OURS.union(*(sent_fields(one) for one in questions)) if questions else OURS
    if set(sent) - known:
        raise Invalid({}, _("Cette page a changé depuis que vous l’avez ouverte. Vérifiez vos réponses et renvoyez-les."))
    return questions


async def _pick_places(questions: Sequence[Question], sent: Fields, raw: dict[str, Any], options: Options) -> dict[str, str]:
    """Read each picker into `raw`; where it is not clear, a sentence, and in `options` what to choose from."""
    errors = {}
    for question in questions:
        if question.kind not in PICKED or question.code not in raw:
            continue
        text = sent.get(f"{field_name(question.code)}_text", [""])[0]
        meant = await (meant_commune if question.kind is Kind.COMMUNE else meant_epci)(raw[question.code], text)
        raw[question.code] = meant.code
        if meant.code is None and text.strip():
            options[question.code] = meant.options
            errors[question.code] = _unclear(question, found=bool(meant.options))
    return errors


def _unclear(question: Question, *, found: bool) -> str:
    if question.kind is Kind.COMMUNE:
        if found:
            return _("Plusieurs communes correspondent : choisissez la vôtre.")
        return _("Aucune commune ne correspond. Essayez une partie du nom, ou le code postal.")
    if found:
        return _("Plusieurs intercommunalités correspondent : choisissez la vôtre.")
    return _("Aucune intercommunalité ne correspond. Essayez une partie de son nom.")


def without(sent: Fields, question: Question) -> dict[str, list[str]]:
    """The fields of a page but for one question, left as it is stored."""
    gone = sent_fields(question)
    return {name: texts for name, texts in sent.items() if name not in gone}


def _was(sent: Fields, question: Question) -> tuple[str, str]:
    version, _dot, digest = sent[f"was.{field_name(question.code)}"][0].partition(".")
    return version, digest


def _version(sent: Fields, question: Question) -> int:
    version, _digest = _was(sent, question)
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0


def _changed(sent: Fields, question: Question, value: Any) -> bool:
    return value_digest(value) != _was(sent, question)[1]


def place_after(dossier: Dossier, section: Section, sent: Fields, saved: list[str], answers: Mapping[str, Any]) -> str:
    """Where to go on: to questions that the answers have just opened, to the same page, else to the next section."""
    base = f"/applications/{dossier.facts.id}"
    here = f"{base}/sections/{section.code}"
    then = sent.get("then", ["next"])[0]
    asked = asked_codes(dossier.definition, answers)
    shown = {one.code for one in on_page(section, sent)}
    opened = [one for one in section.questions if one.code in asked - shown and one.kind is not Kind.INFORMATION]
    if opened and saved:
        return f"{here}#f-{field_name(opened[0].code)}"
    if then.startswith("row.") and then[4:] in shown:
        rows = len(answers.get(then[4:]) or [])
        question = next(one for one in section.questions if one.code == then[4:])
        row = min(rows, question.rows_max - 1)
        return f"{here}#f-{field_name(question.code)}_{row}_{question.columns[0].code}"
    if then.startswith("files.") and then[6:] in shown:
        return f"{base}/files/{then[6:]}"
    if then == "stay" or then.startswith("theirs."):
        return here
    codes = [one.code for one in dossier.definition.sections]
    following = codes.index(section.code) + 1
    return f"{base}/sections/{codes[following]}" if then == "next" and following < len(codes) else base
