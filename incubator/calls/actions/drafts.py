"""Drafts of the form: started, changed, published, discarded. Only the programme's manager does; its staff reads.

Every change names the version of the draft it was made on: whoever comes second sees what is there and chooses.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from incubator.calls.actions.managing import check_manages
from incubator.calls.actions.versions import lock_versions
from incubator.calls.definitions import FormDefinition, Section
from incubator.calls.queries.building import BuiltForm, built_form, codes_ever_given, grid_in_force, next_number
from incubator.calls.queries.versions import form_version
from incubator.calls.rules.editing import codes_of
from incubator.calls.rules.forms import Fault, form_faults
from incubator.calls.rules.grids import criteria_faults
from incubator.calls.tables import FormVersion
from incubator.core.database import column, execute, transaction
from incubator.core.errors import Conflict, NotFound, Stale
from incubator.core.language import _
from incubator.core.words import instant_words
from incubator.journal.actions import record
from incubator.people.queries import Person

CODES_GIVEN_MAX = 5000


class Draft(msgspec.Struct, frozen=True):
    """A draft as a change finds it, locked; `taken`: the codes no new thing may take (R54)."""

    form: BuiltForm
    taken: set[str]

    @property
    def definition(self) -> FormDefinition:
        """The form as it stands."""
        return self.form.definition


async def start_form(programme: UUID, based_on: UUID | None, *, by: Person, at: datetime) -> UUID:
    """Start a draft from a published version of the programme's form, or from nothing; its id. Raises `NotFound`."""
    async with transaction():
        check_manages(by, programme)
        await lock_versions(programme)
        definition = await _beginning(programme, based_on)
        number = await next_number("form_version", programme)
        text = msgspec.json.encode(definition).decode()
        made = FormVersion(programme=programme, number=number, title=definition.title, definition=text, codes_given=[])
        made.based_on, made.changed_at, made.changed_by = based_on, at, by.id
        await FormVersion.insert(made)
        await record("form.started", made.id, by=by.id, at=at, data={"programme": str(programme), "number": number})
        return made.id


async def _beginning(programme: UUID, based_on: UUID | None) -> FormDefinition:
    if based_on is None:
        return FormDefinition(title=_("Dossier de candidature"), sections=(Section("S1", _("Première section")),))
    stored = await form_version(based_on)
    if stored.programme != programme:
        raise NotFound
    return stored.definition


async def change_form(
    form_id: UUID, version: int | None, what: str, change: Callable[[Draft], FormDefinition], *, by: Person, at: datetime
) -> FormDefinition:
    """Change a draft; the form as it became. `what` is journaled. Raises `Stale` when someone changed it meanwhile."""
    async with transaction():
        draft = await locked_draft(form_id, by)
        if version is not None and version != draft.form.version:
            raise stale_draft(draft.form)
        return await write_draft(draft, change(draft), what, by=by, at=at)


async def locked_draft(form_id: UUID, by: Person) -> Draft:
    """A draft its manager changes, locked with its programme's others, so that no code is given twice at once (R54).

    Raises `NotFound`, `Refused`, or `Conflict` once it is published.
    """
    await lock_versions((await built_form(by, form_id)).programme)
    form = await built_form(by, form_id, lock=True)
    check_manages(by, form.programme)
    if form.published_at is not None:
        raise Conflict(_("Cette version est publiée : elle ne change plus. Préparez-en une nouvelle."))
    return Draft(form, await codes_ever_given(form.programme))


def stale_draft(form: BuiltForm) -> Stale:
    """Someone changed the draft meanwhile: who, and when."""
    sentence = _(
        "{name} a changé ce formulaire entre-temps ({at}). Voici où il en est : refaites votre changement s’il convient."
    )
    at = instant_words(form.changed_at) if form.changed_at else ""
    return Stale(sentence.format(name=form.changed_by or "?", at=at), {}, form.version)


async def write_draft(draft: Draft, changed: FormDefinition, what: str, *, by: Person, at: datetime) -> FormDefinition:
    """Store a draft as it became, one version later; nothing is written when nothing changed."""
    before = draft.definition
    if changed == before:
        return before
    given = sorted((codes_of(changed) | codes_of(before)) - {""})[:CODES_GIVEN_MAX]
    await execute(
        "UPDATE form_version SET definition = $2, title = $3, version = version + 1, changed_at = $4, changed_by = $5,"
        " codes_given = ARRAY(SELECT DISTINCT c FROM unnest(codes_given || $6::text[]) c ORDER BY c) WHERE id = $1",
        draft.form.id,
        msgspec.json.encode(changed).decode(),
        changed.title,
        at,
        by.id,
        given,
    )
    data: dict[str, Any] = {"what": what, "version": draft.form.version + 1}
    await record("form.changed", draft.form.id, by=by.id, at=at, data=data)
    return changed


class Published(msgspec.Struct, frozen=True):
    """A version that was published."""

    id: UUID
    number: int


async def publish_draft(form_id: UUID, version: int | None, *, by: Person, at: datetime) -> Published:
    """Freeze a draft: it becomes the form in force. Raises `Conflict` with the first thing to mend."""
    async with transaction():
        draft = await locked_draft(form_id, by)
        if version is not None and version != draft.form.version:
            raise stale_draft(draft.form)
        if faults := await faults_of(draft.form):
            raise Conflict(faults[0].reason)
        number = await _number_at_last(draft.form)
        await execute(
            "UPDATE form_version SET published_at = $2, number = $3, version = version + 1 WHERE id = $1", form_id, at, number
        )
        data = {"programme": str(draft.form.programme), "number": number}
        await record("form.published", form_id, by=by.id, at=at, data=data)
        return Published(form_id, number)


async def faults_of(form: BuiltForm) -> list[Fault]:
    """Everything to mend before a form is published, alone and with the grid in force."""
    grid = await grid_in_force(form.programme)
    return [*form_faults(form.definition), *(criteria_faults(form.definition, grid) if grid else ())]


async def _number_at_last(form: BuiltForm) -> int:
    """Its own number, unless a later one was published before it: versions are numbered as they were published."""
    later = "SELECT 1 FROM form_version WHERE programme = $1 AND published_at IS NOT NULL AND number > $2"
    return await next_number("form_version", form.programme) if await column(later, form.programme, form.number) else form.number


async def discard_draft(form_id: UUID, version: int | None, *, by: Person, at: datetime) -> UUID:
    """Throw a draft away; the programme it was of. What was published is never discarded."""
    async with transaction():
        draft = await locked_draft(form_id, by)
        if version is not None and version != draft.form.version:
            raise stale_draft(draft.form)
        await execute("DELETE FROM form_version WHERE id = $1", form_id)
        data = {"programme": str(draft.form.programme), "number": draft.form.number}
        await record("form.discarded", form_id, by=by.id, at=at, data=data)
        return draft.form.programme
