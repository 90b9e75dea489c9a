"""Taking up, in a draft, the answers of another of one's applications (R8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from incubator.applications import queries
from incubator.applications.actions.autosaving import why_reader_only
from incubator.applications.actions.writing import Change, Told, write_answers
from incubator.applications.forms import ImportForm
from incubator.applications.queries.dossiers import Dossier, StoredAnswer, answers_of, dossier_of
from incubator.applications.queries.sources import Source, source_for
from incubator.applications.rules.carrying import Carried, Carrying, carry
from incubator.applications.rules.dossier import value_digest
from incubator.applications.rules.moves import why_not_answer, why_not_import
from incubator.calls.queries import form_of
from incubator.core.database import transaction
from incubator.core.errors import Conflict, Refused
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person


class Importing(msgspec.Struct, frozen=True):
    """What another application brings. `fresh`: to questions with no answer here; `written`: to those answered otherwise.

    `seen`: a digest of the answers that `written` would replace.
    """

    source: Source
    fresh: list[Carried]
    written: list[Carried]
    same_count: int
    carrying: Carrying
    seen: str


async def importing_from(source_id: UUID, dossier: Dossier, *, by: Person) -> Importing:
    """What would be taken from one's other application. Raises `NotFound` for an application that is not one's own."""
    source = await source_for(by, source_id, dossier.facts)
    values = {code: one.value for code, one in (await answers_of(source.id)).items() if one.value is not None}
    carrying = carry(await form_of(source.form), dossier.definition, values, dossier.phase_names, to_another=True)
    here = dossier.answers
    takeable = [one for one in carrying.carried if not why_not_answer(dossier.facts, one.question)]
    written = [one for one in takeable if here.get(one.question, one.value) != one.value]
    return Importing(
        source=source,
        fresh=[one for one in takeable if one.question not in here],
        written=written,
        seen=value_digest([[one.question, here[one.question]] for one in written]),
        same_count=sum(here.get(one.question) == one.value for one in takeable),
        carrying=carrying,
    )


async def import_answers(application_id: UUID, form: ImportForm, *, by: Person, at: datetime) -> list[str]:
    """Write what fits where nothing is written, and over what is written when asked to; the codes of what was taken."""
    async with transaction():
        facts = await queries.locked_facts(by, application_id)
        dossier = await dossier_of(by, facts)
        if not facts.can_write:
            raise Refused(why_reader_only(dossier))
        if reason := why_not_import(facts, at):
            raise Conflict(reason)
        importing = await importing_from(form.source, dossier, by=by)
        if form.replace and form.seen and form.seen != importing.seen:
            raise Conflict(_("Quelqu’un de l’équipe a écrit entre-temps. Relisez ce qui serait remplacé, puis recommencez."))
        taken = [*importing.fresh, *(importing.written if form.replace else [])]
        changes = _changes(dossier, {one.question: one.value for one in taken})
        written = await write_answers(application_id, facts.form, changes, Told.BY_THE_ACT, by=by, at=at) if changes else {}
        if len(written) < len(changes):
            raise Conflict(_("Ces réponses viennent de changer. Rechargez la page et recommencez."))
        data = {"source": str(form.source), "questions": sorted(written)}
        await record("answers.imported", application_id, by=by.id, at=at, data=data)
        return sorted(written)


def _changes(dossier: Dossier, values: Mapping[str, Any]) -> dict[str, Change]:
    stored = {code: dossier.stored.get(code, StoredAnswer()) for code in values}
    return {code: Change(value, stored[code].version, stored[code].value) for code, value in values.items()}
