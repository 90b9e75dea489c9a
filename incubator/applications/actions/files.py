"""The files of a dossier: who may send and remove one, and when; the answer says which are there.

A file is part of the answer as soon as it is received, while the scanner still looks at it: one that came before the closing
never makes a team late. When it turns out dangerous after a deposit, staff are told and ask for it again (R6).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from incubator.applications import queries
from incubator.applications.actions.autosaving import why_reader_only
from incubator.applications.actions.writing import Change, Told, write_answers
from incubator.applications.letters import tell
from incubator.applications.queries.dossiers import Dossier, StoredAnswer, dossier_of
from incubator.applications.queries.files import frozen_documents, left_out, sizes_of, told_of
from incubator.applications.rules.dossier import asked_codes
from incubator.applications.rules.files import file_question, kept_in, limits_of
from incubator.applications.rules.moves import why_not_answer, why_not_write
from incubator.calls.definitions import Question
from incubator.core.database import transaction
from incubator.core.errors import Conflict, Invalid, NotFound, Refused
from incubator.core.language import _
from incubator.documents.actions import Prepared, add_document, finish_upload, remove_document, start_upload
from incubator.documents.forms import UploadForm
from incubator.documents.queries import DocumentView, StoredUpload, UploadView
from incubator.documents.rules import Limits, why_not_send
from incubator.people.queries import Person

LEFT_OUT_AFTER = timedelta(days=1)


class Place(msgspec.Struct, frozen=True):
    """A file question of a dossier that may be written to."""

    dossier: Dossier
    question: Question
    limits: Limits
    stored: StoredAnswer


async def place_for(dossier: Dossier, code: str, *, at: datetime) -> Place:
    """Where a file may be sent or removed now. Raises `NotFound`, `Refused`, `Conflict`."""
    facts = dossier.facts
    question = file_question(dossier.definition, code)
    if question is None or not facts.is_mine:
        raise NotFound
    if not facts.can_write:
        raise Refused(why_reader_only(dossier))
    if reason := why_not_write(facts, at) or why_not_answer(facts, code):
        raise Conflict(reason)
    if code not in asked_codes(dossier.definition, dossier.answers):
        raise Conflict(_("Cette question n’est pas posée, d’après vos autres réponses."))
    return Place(dossier, question, limits_of(dossier.definition, question), dossier.stored.get(code, StoredAnswer()))


async def check_file(place: Place, name: str, size: int) -> None:
    """Whether this file would be taken now. Raises `Invalid`."""
    facts = place.dossier.facts
    kept = kept_in(
        place.dossier.answers, place.question.code, await sizes_of(place.dossier.definition, place.dossier.answers, facts.id)
    )
    if reason := why_not_send(name, size, place.limits, kept):
        raise Invalid({"file": reason})


async def start_file(application_id: UUID, form: UploadForm, *, by: Person, at: datetime) -> UploadView:
    """Open an upload in pieces, when the file it announces would be taken."""
    async with transaction():
        place = await _locked(application_id, form.question, by, at)
        await check_file(place, form.name, form.size)
        return await start_upload(application_id, form.question, form.name, form.size, by=by, at=at)


async def add_file(
    application_id: UUID, code: str, made: Prepared, upload: StoredUpload | None = None, *, by: Person, at: datetime
) -> UUID:
    """Make a received file part of the answer, limits judged with the dossier held. Raises `Invalid`, `Conflict`."""
    async with transaction():
        place = await _locked(application_id, code, by, at)
        await check_file(place, made.name, made.size)
        document = await add_document(application_id, code, made, by=by, at=at)
        if upload is not None:
            await finish_upload(upload, document)
        await _write(place, [*(place.stored.value or []), str(document)], by, at)
        return document


async def remove_file(application_id: UUID, code: str, document_id: UUID, *, by: Person, at: datetime) -> None:
    """Take a file out of the answer. What was deposited stays with its deposit. Removing what is not there changes nothing."""
    async with transaction():
        place = await _locked(application_id, code, by, at)
        ids = list(place.stored.value or [])
        if str(document_id) not in ids:
            return
        await _write(place, [one for one in ids if one != str(document_id)] or None, by, at)
        if str(document_id) not in await frozen_documents(application_id):
            await remove_document(application_id, document_id, by=by, at=at)


async def remove_left_out(*, at: datetime) -> int:
    """Take away the files, a day old, that no answer names any more and no deposit keeps; how many."""
    async with transaction():
        left = await left_out(at - LEFT_OUT_AFTER)
        for one in left:
            await remove_document(one.about, one.id, by=None, at=at)
    return len(left)


async def _locked(application_id: UUID, code: str, by: Person, at: datetime) -> Place:
    facts = await queries.locked_facts(by, application_id)
    return await place_for(await dossier_of(by, facts), code, at=at)


async def _write(place: Place, ids: list[str] | None, by: Person, at: datetime) -> None:
    facts, code = place.dossier.facts, place.question.code
    changes = {code: Change(ids, place.stored.version)}
    if code not in await write_answers(facts.id, facts.form, changes, Told.SAVE, by=by, at=at):
        raise Conflict(_("Ces réponses viennent de changer. Rechargez la page et recommencez."))


async def tell_infected(document: DocumentView, *, at: datetime) -> None:
    """Tell those who run the call that a file of a deposited dossier was dangerous: they ask for it again (C05)."""
    told = await told_of(document.about)
    if told is not None:
        await tell(
            told.staff, "infected", about=document.id, path=f"/applications/{document.about}/eligibility", at=at,
            project=told.project_name, call=told.call_title, file=document.name, question=document.place,
        )  # fmt: skip
