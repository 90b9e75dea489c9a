"""Starting an application and writing its answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from incubator.applications import queries
from incubator.applications.actions.autosaving import why_not_files, why_reader_only
from incubator.applications.actions.writing import Change, Told, write_answers
from incubator.applications.forms import NewProjectStartForm, StartForm
from incubator.applications.forms.answers import PICKED, read_answers
from incubator.applications.queries.dossiers import Dossier, StoredAnswer, dossier_of, known_places, place_names
from incubator.applications.rules.dossier import asked_codes
from incubator.applications.rules.moves import why_not_answer, why_not_start, why_not_write
from incubator.applications.rules.prefilling import prefilled
from incubator.applications.rules.reading import places_in, text_in_words
from incubator.applications.tables import Application
from incubator.calls.definitions import Prefill
from incubator.calls.queries import CallView, call_by_code, form_of
from incubator.calls.rules import CallState
from incubator.core.database import transaction
from incubator.core.errors import Conflict, Invalid, NotFound, Refused, Stale
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.projects.actions import create_project
from incubator.projects.forms import NewProjectForm
from incubator.projects.queries import project_for


class Given(msgspec.Struct, frozen=True):
    """An answer as it was sent, and the version of it that was read (0: none)."""

    value: Any
    version: int = 0


async def start_with_new_project(call_code: str, form: NewProjectStartForm, *, by: Person, at: datetime) -> UUID:
    """Create a project and start its draft, both or neither."""
    async with transaction():
        call = await _published(call_code, at)
        named = NewProjectForm(form.name, "", form.commune, form.commune_text, call.programme_code)
        project = await create_project(named, by=by, at=at)
        return await start_application(call_code, StartForm(project), by=by, at=at)


async def _published(code: str, at: datetime) -> CallView:
    call = await call_by_code(code)
    if call.state_at(at) is CallState.DRAFT:
        raise NotFound
    return call


async def start_application(call_code: str, form: StartForm, *, by: Person, at: datetime) -> UUID:
    """Start a draft, while the call is open; one for a call and a project. It begins with what the project's card says."""
    async with transaction():
        call = await _published(call_code, at)
        project = await project_for(by, form.project)
        if not project.can_write:
            raise Refused(_("Seule l’équipe du projet peut candidater."))
        if reason := why_not_start(call.state_at(at), call.opens_at):
            raise Conflict(reason)
        if project.programme != call.programme:
            raise Invalid({"project": _("Ce projet n’est pas dans le programme de cet appel.")})
        if await queries.application_to(call.id, project.id):
            raise Conflict(_("Ce projet a déjà une candidature à cet appel."))
        started = Application(call=call.id, project=project.id, form=call.form, started_at=at, started_by=by.id)
        await Application.insert(started)
        card = {Prefill.NAME: project.name, Prefill.SUMMARY: project.summary, Prefill.COMMUNE: project.commune}
        answers = {code: Change(value, 0) for code, value in prefilled(await form_of(call.form), card).items()}
        if answers:
            await write_answers(started.id, call.form, answers, Told.BY_THE_ACT, by=by, at=at)
        data = {"call": call.code, "answers": sorted(answers)}
        await record("application.started", started.id, by=by.id, at=at, project=project.id, data=data)
        return started.id


async def save_answers(application_id: UUID, given: Mapping[str, Given], *, by: Person, at: datetime) -> list[str]:
    """Write the answers that differ from what is stored; their question codes.

    All or nothing: raises `Invalid` by place, `Stale` by question with the stored words, `Conflict` when it is too late.
    """
    async with transaction():
        facts = await queries.locked_facts(by, application_id)
        dossier = await dossier_of(by, facts)
        if not facts.can_write:
            raise Refused(why_reader_only(dossier))
        if reason := why_not_write(facts, at):
            raise Conflict(reason)
        values = await _readable(dossier, given)
        changed = {code: value for code, value in values.items() if value != _stored(dossier, code).value}
        await _check_versions(dossier, given, changed)
        changes = {code: Change(value, given[code].version, _stored(dossier, code).value) for code, value in changed.items()}
        written = await write_answers(application_id, facts.form, changes, Told.SAVE, by=by, at=at) if changes else {}
        if len(written) < len(changes):
            raise Conflict(_("Ces réponses viennent de changer. Rechargez la page et recommencez."))
        return sorted(written)


def _stored(dossier: Dossier, code: str) -> StoredAnswer:
    return dossier.stored.get(code, StoredAnswer())


async def _readable(dossier: Dossier, given: Mapping[str, Given]) -> dict[str, Any]:
    """The values sent. Raises `Invalid` with every place that is wrong.

    An answer is taken when its question is asked before these answers or after them: the very answer that hides a question
    never costs what was typed under it; it is kept, and comes back with the question.
    """
    questions = {one.code: one for one in dossier.definition.questions}
    sent = {code: one.value for code, one in given.items()}
    values, errors = read_answers(questions, sent, dossier.phase_names)
    places = [value for code, value in values.items() if value and questions[code].kind in PICKED]
    known = await known_places(places) if places else set()
    askable = asked_codes(dossier.definition, dossier.answers) | asked_codes(dossier.definition, dossier.answers | values)
    for code, value in values.items():
        changed = value != _stored(dossier, code).value
        if changed and (reason := why_not_answer(dossier.facts, code)):
            errors[code] = reason
        elif changed and value is not None and code not in askable:
            errors[code] = _("Cette question n’est pas posée, d’après vos autres réponses.")
        elif reason := why_not_files(questions[code], value, _stored(dossier, code).value):
            errors[code] = reason
        elif questions[code].kind in PICKED and value is not None and value not in known:
            errors[code] = _("Ce lieu n’existe pas. Choisissez-le dans la liste proposée.")
    if errors:
        raise Invalid(errors)
    return values


async def _check_versions(dossier: Dossier, given: Mapping[str, Given], changed: Mapping[str, Any]) -> None:
    """Nobody's words are overwritten unseen (B07)."""
    late = [code for code in changed if _stored(dossier, code).version != given[code].version]
    if not late:
        return
    names = await place_names(places_in(dossier.definition, dossier.answers)) | dossier.phase_names
    questions = {one.code: one for one in dossier.definition.questions}
    theirs = {}
    for code in late:
        theirs[code] = text_in_words(questions[code], _stored(dossier, code).value, names) or _("(réponse effacée)")
    reason = _("Quelqu’un de l’équipe a changé les mêmes réponses. Comparez les deux textes, puis enregistrez le bon.")
    raise Stale(reason, theirs, dossier.facts.version)
