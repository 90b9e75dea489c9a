"""Saving one answer while it is being written: one read, one write, whatever else happens meanwhile (B06, B07)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

import msgspec

from incubator.applications.actions.writing import Change, Told, write_answers
from incubator.applications.forms import AnswerForm
from incubator.applications.forms.answers import PICKED, read_answer
from incubator.applications.forms.values import Wrong
from incubator.applications.queries.dossiers import Dossier, StoredAnswer, place_names
from incubator.applications.queries.writing import writing_for
from incubator.applications.rules.dossier import (
    SectionProgress,
    SetAside,
    asked_codes,
    kept_answers,
    missing,
    progress,
    set_aside,
    value_digest,
)
from incubator.applications.rules.moves import why_not_answer, why_not_write
from incubator.applications.rules.reading import places_in, text_in_words
from incubator.applications.rules.remarks import remarks
from incubator.calls.definitions import Kind, Question
from incubator.calls.rules import is_asked
from incubator.core.errors import Conflict, Invalid, NotFound, Refused, Stale
from incubator.core.language import _
from incubator.people.queries import Person


class SavedAnswer(msgspec.Struct, frozen=True):
    """An answer as it is kept now, and what follows from it. `digest`: of its value, as pages name it.

    `asked`: the questions of its section that are asked; `set_aside`: answers kept to questions that no longer are.
    """

    question: str
    version: int
    digest: str
    saved_at: datetime
    asked: list[str]
    set_aside: list[SetAside]
    remarks: dict[str, str]
    sections: list[SectionProgress]
    missing_count: int


async def save_answer(application_id: UUID, code: str, form: AnswerForm, *, by: Person, at: datetime) -> SavedAnswer:
    """Write one answer over the version named; what is stored already is not written again, so that a retry is safe.

    Raises `Invalid`, `Stale` with the words someone else wrote, `Conflict` when it is too late.
    """
    dossier, is_place = await writing_for(by, application_id, form.value)
    if not dossier.facts.can_write:
        raise Refused(why_reader_only(dossier))
    if reason := why_not_write(dossier.facts, at):
        raise Conflict(reason)
    question = next((one for one in dossier.definition.questions if one.code == code), None)
    if question is None:
        raise NotFound
    stored = dossier.stored.get(code, StoredAnswer())
    value = _readable(dossier, question, form.value, is_place=is_place)
    if value == stored.value:
        return _saved(dossier, code, value, stored.version, at)
    if reason := why_not_answer(dossier.facts, code):
        raise Conflict(reason)
    written = await write_answers(
        application_id, dossier.facts.form, {code: Change(value, form.version, stored.value)}, Told.PAUSE, by=by, at=at
    )
    if code not in written:
        await _why_nothing(application_id, dossier, question, by, at)
    return _saved(dossier, code, value, written[code], at)


def why_reader_only(dossier: Dossier) -> str:
    """Why someone who sees the dossier does not write in it."""
    if dossier.facts.is_mine:
        return _("Vous lisez ce dossier sans y écrire. Demandez à la personne qui dépose de changer votre rôle.")
    return _("Seule l’équipe du projet écrit dans son dossier.")


def why_not_files(question: Question, value: Any, stored: Any) -> str | None:
    """A file enters a dossier by being sent to it; an answer only leaves some out, or puts them in another order."""
    if question.kind is not Kind.FILE or set(value or []) <= set(stored or []):
        return None
    return _("Ce fichier n’est pas dans votre dossier. Ajoutez-le de nouveau.")


def _readable(dossier: Dossier, question: Question, sent: Any, *, is_place: bool) -> Any:
    """The value sent. Raises `Invalid`; a new answer to a question that is not asked is not taken (B14)."""
    try:
        value = read_answer(question, sent, dossier.phase_names)
    except Wrong as wrong:
        raise Invalid({f"{question.code}/{place}".rstrip("/"): sentence for place, sentence in wrong.errors.items()}) from None
    if value is None or value == dossier.stored.get(question.code, StoredAnswer()).value:
        return value
    if not is_asked(question, kept_answers(dossier.definition, dossier.answers)):
        raise Invalid({question.code: _("Cette question n’est pas posée, d’après vos autres réponses.")})
    if reason := why_not_files(question, value, dossier.stored.get(question.code, StoredAnswer()).value):
        raise Invalid({question.code: reason})
    if question.kind in PICKED and not is_place:
        raise Invalid({question.code: _("Ce lieu n’existe pas. Choisissez-le dans la liste proposée.")})
    return value


def _saved(dossier: Dossier, code: str, value: Any, version: int, at: datetime) -> SavedAnswer:
    definition, answers = dossier.definition, {**dossier.answers, code: value}
    codes = asked_codes(definition, answers)
    section = next(one for one in definition.sections if code in [question.code for question in one.questions])
    return SavedAnswer(
        question=code,
        version=version,
        digest=value_digest(value),
        saved_at=at,
        asked=[one.code for one in section.questions if one.code in codes],
        set_aside=set_aside(definition, answers),
        remarks=remarks(definition, answers),
        sections=progress(definition, answers),
        missing_count=len(missing(definition, answers)),
    )


async def _why_nothing(application_id: UUID, before: Dossier, question: Question, by: Person, at: datetime) -> NoReturn:
    """Say what happened between the read and the write: a deposit, a closing, another form, someone else's words."""
    dossier, _is_place = await writing_for(by, application_id, None)
    if not dossier.facts.can_write:
        raise Refused(why_reader_only(dossier))
    if reason := why_not_write(dossier.facts, at):
        raise Conflict(reason)
    if dossier.facts.form != before.facts.form:
        raise Conflict(_("Ce dossier est passé à une autre version du formulaire. Copiez votre texte, puis rechargez la page."))
    stored = dossier.stored.get(question.code, StoredAnswer())
    names = await place_names(places_in(dossier.definition, dossier.answers)) | dossier.phase_names
    words = text_in_words(question, stored.value, names) or _("(réponse effacée)")
    reason = _("Quelqu’un de l’équipe a changé la même réponse. Comparez les deux textes, puis enregistrez le bon.")
    raise Stale(reason, {question.code: words}, stored.version)
