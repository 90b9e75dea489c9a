"""Making a draft of a call from a file: its versions are published when they are new, the call is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from incubator.calls import rules
from incubator.calls.actions.calls import CreatedCall, create_call
from incubator.calls.actions.managing import check_manages
from incubator.calls.actions.versions import lock_versions, publish_form, publish_grid
from incubator.calls.files import CallFile, FaqPart
from incubator.calls.forms import CallForm, ImportFields
from incubator.calls.queries.files import form_like, grid_like, plan_like
from incubator.calls.tables import FaqEntry
from incubator.core.database import transaction
from incubator.core.errors import Conflict
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.programmes.actions import publish_plan


async def import_call(file: CallFile, fields: ImportFields, *, by: Person, at: datetime) -> CreatedCall:
    """Make a draft of what the file says, under this code and on these dates.

    A form, grid or plan that was published before serves again; another becomes the next version. Raises `Conflict`
    when the file does not hold together, `Invalid` for a code or dates that cannot be.
    """
    check_manages(by, fields.programme)
    if reason := rules.why_not_file(file):
        raise Conflict(reason)
    async with transaction():
        await lock_versions(fields.programme)
        form = (await form_like(fields.programme, file.form)).id or await publish_form(fields.programme, file.form, by=by, at=at)
        grid = (await grid_like(fields.programme, file.grid)).id or await publish_grid(fields.programme, file.grid, by=by, at=at)
        plan = await _plan(file, fields.programme, by, at)
        made = await create_call(_call_form(file, fields, form, grid, plan), by=by, at=at)
        await _write_faq(made.id, file.faq, at)
        await record("call.imported", made.id, by=by.id, at=at, data={"code": made.code})
    return made


async def _plan(file: CallFile, programme: UUID, by: Person, at: datetime) -> UUID:
    found = await plan_like(programme, file.plan)
    if found is not None and found.id is not None:
        return found.id
    if file.plan is None:
        raise Conflict(_("Ce fichier n’a pas de plan des phases, et le programme n’en a publié aucun."))
    return await publish_plan(programme, file.plan, by=by, at=at)


def _call_form(file: CallFile, fields: ImportFields, form: UUID, grid: UUID, plan: UUID) -> CallForm:
    said = file.call
    return CallForm(
        title=said.title if said else file.form.title,
        code=fields.code,
        introduction=said.introduction if said else "",
        opens_at=fields.opens_at,
        closes_at=fields.closes_at,
        notify_on=fields.notify_on,
        departements=list(said.departements) if said else [],
        places=dict(said.places) if said else {},
        form=form,
        grid=grid,
        plan=plan,
    )


async def _write_faq(call: UUID, entries: Sequence[FaqPart], at: datetime) -> None:
    made = [
        FaqEntry(
            call=call,
            section=entry.section,
            question=entry.question,
            answer=entry.answer,
            position=position,
            published_at=at if entry.published else None,
            created_at=at,
        )
        for position, entry in enumerate(entries, start=1)
    ]
    if made:
        await FaqEntry.insert(*made)
