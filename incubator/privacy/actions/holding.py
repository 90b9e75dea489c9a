"""Holds: what a control or a dispute forbids to erase (R50); holds win over retention and over requests (R55)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.database import execute, transaction, value
from incubator.core.errors import Invalid, NotFound
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.privacy.forms import HoldForm
from incubator.privacy.tables import Hold

# Which of these programmes ($2) a thing that can be held is in, by its id; a person is in any.
_KNOWN = (
    "SELECT g FROM unnest($2::uuid[]) WITH ORDINALITY AS t (g, place) WHERE EXISTS (SELECT FROM call WHERE id = $1"
    " AND programme = g UNION ALL SELECT FROM project WHERE id = $1 AND programme = g"
    " UNION ALL SELECT FROM application a JOIN call c ON c.id = a.call WHERE a.id = $1 AND c.programme = g"
    " UNION ALL SELECT FROM committee k JOIN call c ON c.id = k.call WHERE k.id = $1 AND c.programme = g"
    " UNION ALL SELECT FROM account WHERE id = $1 UNION ALL SELECT FROM programme WHERE id = $1 AND id = g)"
    " ORDER BY place LIMIT 1"
)


async def place_hold(among: list[UUID], form: HoldForm, *, by: Person, at: datetime) -> UUID:
    """Forbid erasing this thing, in that of these programmes it is in. Raises `Invalid` when nothing there has this id."""
    async with transaction():
        if not among or not all(by.manages(one) for one in among):
            raise NotFound
        programme = await value(_KNOWN, form.subject, among)
        if programme is None:
            raise Invalid({"subject": _("Rien ne porte cet identifiant dans ce programme.")})
        hold = Hold(programme=programme, subject=form.subject, reason=form.reason, placed_by=by.id, placed_at=at)
        await Hold.insert(hold)
        await record("hold.placed", form.subject, by=by.id, at=at, reason=form.reason, data={"hold": str(hold.id)})
        return hold.id


async def lift_hold(hold_id: UUID, *, by: Person, at: datetime) -> None:
    """Let it be erased again when its time comes. Raises `NotFound` when it does not stand, or not in one's programmes."""
    async with transaction():
        programme = await value("SELECT programme FROM hold WHERE id = $1 AND lifted_at IS NULL FOR UPDATE", hold_id)
        if programme is None or not by.manages(programme):
            raise NotFound
        await execute("UPDATE hold SET lifted_at = $2, lifted_by = $3 WHERE id = $1", hold_id, at, by.id)
        subject = await value("SELECT subject FROM hold WHERE id = $1", hold_id)
        await record("hold.lifted", subject, by=by.id, at=at, data={"hold": str(hold_id)})
