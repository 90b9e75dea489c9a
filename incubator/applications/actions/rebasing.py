"""Moving a draft onto the form its call asks for now. What was deposited never moves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.applications import queries
from incubator.applications.actions.autosaving import why_reader_only
from incubator.applications.actions.writing import Change, Told, write_answers
from incubator.applications.forms import RebaseForm
from incubator.applications.queries.dossiers import Dossier, dossier_of
from incubator.applications.rules.carrying import Carrying, carry
from incubator.applications.rules.moves import why_not_rebase
from incubator.calls.queries import form_of
from incubator.core.database import execute, transaction
from incubator.core.errors import Conflict, Refused
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person


async def rebase(application_id: UUID, form: RebaseForm, *, by: Person, at: datetime) -> Carrying:
    """Put a draft on its call's form: answers that fit go along; the others leave the dossier and stay among its revisions."""
    async with transaction():
        facts = await queries.locked_facts(by, application_id)
        dossier = await dossier_of(by, facts)
        if not facts.can_write:
            raise Refused(why_reader_only(dossier))
        if reason := why_not_rebase(facts, at):
            raise Conflict(reason)
        if form.form != facts.call_form:
            raise Conflict(_("Le formulaire a encore changé entre-temps. Relisez ce qui change, puis confirmez."))
        carrying = await carrying_of(dossier)
        await _write(dossier, carrying, by, at)
        await execute("UPDATE application SET form = $2, version = version + 1 WHERE id = $1", facts.id, facts.call_form)
        data = {"from": str(facts.form), "to": str(facts.call_form), "left": [one.question for one in carrying.left]}
        await record("application.rebased", facts.id, by=by.id, at=at, project=facts.project, data=data)
        return carrying


async def carrying_of(dossier: Dossier) -> Carrying:
    """What would become of the answers on the form the call asks for now."""
    facts = dossier.facts
    return carry(dossier.definition, await form_of(facts.call_form or facts.form), dossier.answers, dossier.phase_names)


async def _write(dossier: Dossier, carrying: Carrying, by: Person, at: datetime) -> None:
    """Converted answers in their new shape; those that do not fit as no answer, what they were being kept."""
    values = {one.question: one.value for one in carrying.converted} | dict.fromkeys(one.question for one in carrying.left)
    changes = {code: Change(value, dossier.stored[code].version, dossier.stored[code].value) for code, value in values.items()}
    if changes:
        written = await write_answers(dossier.facts.id, dossier.facts.form, changes, Told.BY_THE_ACT, by=by, at=at)
        if len(written) < len(changes):
            raise Conflict(_("Ces réponses viennent de changer. Rechargez la page et recommencez."))
