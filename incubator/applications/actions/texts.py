"""The ready texts of a programme: its manager writes, changes and removes them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.applications.forms import TextForm
from incubator.applications.queries.texts import TEXTS_MAX, text_for, texts_desk
from incubator.applications.tables import TextTemplate
from incubator.core.database import execute, transaction
from incubator.core.errors import Conflict, Stale
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person


async def add_text(code: str, form: TextForm, *, by: Person, at: datetime) -> UUID:
    """A ready text more, for the staff of a programme."""
    async with transaction():
        await execute("SELECT FROM programme WHERE code = $1 FOR NO KEY UPDATE", code)
        desk = await texts_desk(by, code)
        if sum(one.id is not None for one in desk.texts) >= TEXTS_MAX:
            raise Conflict(_("Il y a déjà cent textes. Retirez ceux qui ne servent plus."))
        made = TextTemplate(programme=desk.programme, kind=form.kind.value, title=form.title, text=form.text)
        await TextTemplate.insert(made)
        await record("text.added", made.id, by=by.id, at=at, data={"kind": form.kind.value})
        return made.id


async def save_text(text_id: UUID, form: TextForm, *, by: Person, at: datetime) -> str:
    """Change a ready text; what was sent with it stays as it was sent. The code of its programme."""
    async with transaction():
        stored = await text_for(by, text_id)
        changed = await execute(
            "UPDATE text_template SET kind = $2, title = $3, text = $4, version = version + 1 WHERE id = $1 AND version = $5",
            text_id, form.kind.value, form.title, form.text, form.version or stored.version,
        )  # fmt: skip
        if not changed:
            reason = _("Quelqu’un d’autre a changé ce texte. Comparez, puis enregistrez le bon.")
            raise Stale(reason, {"title": stored.title, "text": stored.text}, stored.version)
        await record("text.changed", text_id, by=by.id, at=at, data={"kind": form.kind.value})
        return stored.code


async def remove_text(text_id: UUID, *, by: Person, at: datetime) -> str:
    """It is no longer proposed. The code of its programme."""
    async with transaction():
        await execute("SELECT FROM text_template WHERE id = $1 FOR UPDATE", text_id)
        stored = await text_for(by, text_id)
        await execute("UPDATE text_template SET removed_at = $2 WHERE id = $1", text_id, at)
        await record("text.removed", text_id, by=by.id, at=at)
        return stored.code
