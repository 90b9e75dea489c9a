"""Publishing, extending and archiving calls."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from incubator.calls import rules
from incubator.calls.actions.managing import managed
from incubator.calls.forms import ExtensionForm
from incubator.calls.queries import StoredCall, call, publishing
from incubator.calls.tables import Extension
from incubator.core.clock import local_date
from incubator.core.database import execute, transaction
from incubator.core.errors import Conflict, Invalid
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person


async def publish_call(code: str, *, by: Person, at: datetime) -> None:
    """Let everybody see the call; it opens and closes by the clock. Raises `Conflict` with what is missing."""
    async with transaction():
        stored = await managed(code, by, at)
        if reason := rules.why_not_publish(await publishing(await call(stored.facts.id)), at):
            raise Conflict(reason)
        await execute("UPDATE call SET published_at = $2, version = version + 1 WHERE id = $1", stored.facts.id, at)
        dates = {"opens_at": stored.facts.opens_at.isoformat(), "closes_at": stored.facts.closes_at.isoformat()}
        await record("call.published", stored.facts.id, by=by.id, at=at, data={"code": code, **dates})


async def extend_call(code: str, form: ExtensionForm, *, by: Person, at: datetime) -> None:
    """Move the closing later while the call is open; the worker then tells every draft's team.

    Raises `Conflict` when it is not open, or the closing not later.
    """
    async with transaction():
        stored = await managed(code, by, at)
        if reason := rules.why_not_extend(stored.facts, form.closes_at, at):
            raise Conflict(reason)
        notify_on = form.notify_on or stored.facts.notify_on
        if notify_on < local_date(form.closes_at):
            raise Invalid({"notify_on": _("La réponse aux équipes doit venir après la nouvelle clôture. Repoussez-la aussi.")})
        await _extend(stored, form, notify_on, by, at)
        moved = {"closes_at": [stored.facts.closes_at.isoformat(), form.closes_at.isoformat()]}
        moved |= {"notify_on": [stored.facts.notify_on.isoformat(), notify_on.isoformat()]}
        await record("call.extended", stored.facts.id, by=by.id, at=at, reason=form.reason, data=moved)


async def _extend(stored: StoredCall, form: ExtensionForm, notify_on: date, by: Person, at: datetime) -> None:
    await Extension.insert(
        Extension(
            call=stored.facts.id,
            closes_from=stored.facts.closes_at,
            closes_to=form.closes_at,
            reason=form.reason,
            extended_at=at,
            extended_by=by.id,
        )
    )
    await execute(
        "UPDATE call SET closes_at = $2, notify_on = $3, version = version + 1 WHERE id = $1",
        stored.facts.id, form.closes_at, notify_on,
    )  # fmt: skip


async def mark_told(extension: UUID, *, at: datetime) -> bool:
    """Say that everybody concerned was written to; False when someone else already did. In the transaction that writes."""
    return bool(await execute("UPDATE extension SET told_at = $2 WHERE id = $1 AND told_at IS NULL", extension, at))


async def archive_call(code: str, *, by: Person, at: datetime) -> None:
    """Take a closed call off the lists; its address still leads to it. Raises `Conflict` when it is not closed."""
    async with transaction():
        stored = await managed(code, by, at)
        if reason := rules.why_not_archive(stored.facts, at):
            raise Conflict(reason)
        await _set_archived(stored, at, "call.archived", by, at)


async def restore_call(code: str, *, by: Person, at: datetime) -> None:
    """Put an archived call back on the lists, closed as it was. Raises `Conflict` when it is not archived."""
    async with transaction():
        stored = await managed(code, by, at)
        if reason := rules.why_not_restore(stored.facts, at):
            raise Conflict(reason)
        await _set_archived(stored, None, "call.restored", by, at)


async def _set_archived(stored: StoredCall, since: datetime | None, verb: str, by: Person, at: datetime) -> None:
    await execute("UPDATE call SET archived_at = $2, version = version + 1 WHERE id = $1", stored.facts.id, since)
    await record(verb, stored.facts.id, by=by.id, at=at, data={"code": stored.facts.code})
