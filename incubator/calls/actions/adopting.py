"""A call takes a newer form or grid of its programme. Drafts of applications keep their form until their team rebases them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from incubator.calls import rules
from incubator.calls.actions.managing import check_manages
from incubator.calls.queries import call_by_code, form_of, grid_definition, grid_version, locked_call, visible_call
from incubator.calls.rules.adopting import why_not_adopt, why_not_take
from incubator.calls.rules.forms import why_not_phases
from incubator.core.database import execute, row, transaction
from incubator.core.errors import Conflict, Invalid
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person


class _Version(msgspec.Struct, frozen=True):
    id: UUID
    number: int


async def adopt_form(code: str, form: UUID, *, by: Person, at: datetime) -> None:
    """The call asks what this later published form asks, from now on. Raises `Conflict` once the call is closed."""
    await _adopt(code, "form", form, by=by, at=at)


async def adopt_grid(code: str, grid: UUID, *, by: Person, at: datetime) -> None:
    """The call is read by this later published grid; refused once it is closed, or has a committee (R23)."""
    await _adopt(code, "grid", grid, by=by, at=at)


async def _adopt(code: str, kind: Literal["form", "grid"], version: UUID, *, by: Person, at: datetime) -> None:
    async with transaction():
        await visible_call(by, code, at=at)
        stored = await locked_call(code)
        check_manages(by, stored.facts.programme)
        if reason := why_not_adopt(stored.facts, at):
            raise Conflict(reason)
        chosen, current = await _versions(stored.facts.id, stored.facts.programme, kind, version)
        if reason := why_not_take(chosen.number, current.number):
            raise Conflict(reason)
        view = await call_by_code(code)
        form = await form_of(version if kind == "form" else view.form)
        grid = grid_definition(await grid_version(version if kind == "grid" else view.grid))
        if reason := rules.why_not_criteria(form, grid) or why_not_phases(form, view.entry_phases_count):
            raise Conflict(reason)
        await execute(f"UPDATE call SET {kind} = $2, version = version + 1 WHERE id = $1", stored.facts.id, version)  # noqa: S608
        data = {"code": code, "from": current.number, "to": chosen.number}
        await record(f"call.{kind}_adopted", stored.facts.id, by=by.id, at=at, data=data)


async def _versions(call: UUID, programme: UUID, kind: str, version: UUID) -> tuple[_Version, _Version]:
    """The version chosen and the one in use. Raises `Invalid` for a draft, or one of another programme."""
    table = "form_version" if kind == "form" else "grid"
    chosen = await row(
        _Version,
        f"SELECT id, number FROM {table} WHERE id = $1 AND programme = $2 AND published_at IS NOT NULL",  # noqa: S608
        version,
        programme,
    )
    current = await row(_Version, f"SELECT v.id, v.number FROM {table} v JOIN call c ON c.{kind} = v.id WHERE c.id = $1", call)  # noqa: S608
    if chosen is None or current is None:
        raise Invalid({kind: _("Choisissez une version publiée de ce programme.")})
    return chosen, current
