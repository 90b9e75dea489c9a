"""Questions often asked about a call: written, put in order and shown by who handles its files (managers and instructors)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.calls.public_forms import EditFaqForm, FaqForm
from incubator.calls.queries import CallView, call, call_by_code, form_version
from incubator.calls.queries.faq import FAQ_MAX, FaqView, entry_asked_in, faq_entry, faq_of
from incubator.calls.tables import FaqEntry
from incubator.core.database import execute, transaction, value
from incubator.core.errors import Conflict, Invalid, NotFound, Refused, Stale
from incubator.core.ids import new_id
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person


def check_handles(by: Person, programme: UUID) -> None:
    """Raises `NotFound` for someone from elsewhere, `Refused` for staff who do not handle the programme's files."""
    if not by.works_for(programme):
        raise NotFound
    if not by.handles(programme):
        raise Refused(_("Seuls le responsable et les instructeurs du programme répondent aux questions sur l’appel."))


async def add_faq_entry(code: str, form: FaqForm, *, by: Person, at: datetime) -> UUID:
    """Add a question and its answer, last of its section."""
    async with transaction():
        view = await call_by_code(code)
        check_handles(by, view.programme)
        await _check_section(view, form.section)
        return await _add(view.id, form, None, by, at)


async def publish_answer(
    call_id: UUID, *, section: str, question: str, answer: str, asked_in: UUID, version: int, by: Person, at: datetime
) -> UUID:
    """Let everybody read the answer given in a conversation; once a conversation: again, its entry says the new words where
    it stands by now. `section`: where it first goes.

    `version`: of the entry as it was read, 0 for none. Raises `Stale` when someone saved it meanwhile.
    """
    async with transaction():
        view = await call(call_id)
        check_handles(by, view.programme)
        await _lock(call_id)
        known = await entry_asked_in(call_id, asked_in)
        form = FaqForm(section=known.section if known else section, question=question, answer=answer, published=True)
        if known is None:
            return await _add(call_id, form, asked_in, by, at)
        if known.version != version:
            raise await _stale(known, view, form)
        await _write(known.id, form, by, at)
        return known.id


async def _stale(stored: FaqView, view: CallView, form: FaqForm) -> Stale:
    """Every field that says something else than what was typed, in words."""
    theirs = {name: getattr(stored, name) for name in ("question", "answer") if getattr(stored, name) != getattr(form, name)}
    if stored.section != form.section:
        section = (await form_version(view.form)).definition.section(stored.section)
        theirs["section"] = section.title if section else _("L’appel en général")
    if bool(stored.published_at) != form.published:
        theirs["published"] = _("oui") if stored.published_at else _("non")
    reason = _("Quelqu’un a enregistré cette réponse entre-temps. Comparez, puis enregistrez à nouveau.")
    return Stale(reason, theirs, stored.version)


async def edit_faq_entry(entry: UUID, form: EditFaqForm, *, by: Person, at: datetime) -> None:
    """Change an entry. Raises `Stale` when someone saved meanwhile."""
    async with transaction():
        stored, view = await _handled(entry, by)
        if form.version != stored.version:
            raise await _stale(stored, view, form)
        if form.section != stored.section:
            await _check_section(view, form.section)
        await _write(entry, form, by, at)


async def move_faq_entry(entry: UUID, *, up: bool, by: Person, at: datetime) -> None:
    """Change places with the entry before or after it in its section; at the end nothing changes."""
    async with transaction():
        stored, _view = await _handled(entry, by)
        order = [other.id for other in await faq_of(stored.call) if other.section == stored.section]
        here = order.index(entry)
        there = here - 1 if up else here + 1
        if not 0 <= there < len(order):
            return
        order[here], order[there] = order[there], order[here]
        await execute(
            "UPDATE faq_entry f SET position = o.position FROM unnest($1::uuid[]) WITH ORDINALITY AS o(id, position)"
            " WHERE f.id = o.id",
            order,
        )
        await record("faq.moved", entry, by=by.id, at=at)


async def remove_faq_entry(entry: UUID, *, by: Person, at: datetime) -> None:
    """Throw an entry away that nobody but the staff reads. Raises `Conflict` while visitors read it."""
    async with transaction():
        stored, _view = await _handled(entry, by)
        if stored.published_at is not None:
            raise Conflict(_("Cette réponse est publiée. Retirez-la d’abord de la page publique."))
        await execute("DELETE FROM faq_entry WHERE id = $1", entry)
        await record("faq.removed", entry, by=by.id, at=at, data={"call": str(stored.call)})


async def copy_faq(from_call: UUID, to_call: UUID, *, at: datetime) -> int:
    """Give a call the entries of another, in order, shown if they were; how many. Called by the act that clones a call."""
    return await execute(
        "INSERT INTO faq_entry (id, call, section, question, answer, position, published_at, asked_in, created_at, version)"
        " SELECT gen_random_uuid(), $2, section, question, answer, position,"
        " CASE WHEN published_at IS NOT NULL THEN $3::timestamptz END, NULL, $3, 1 FROM faq_entry WHERE call = $1",
        from_call, to_call, at,
    )  # fmt: skip


async def _handled(entry: UUID, by: Person) -> tuple[FaqView, CallView]:
    view = await call((await faq_entry(entry)).call)
    check_handles(by, view.programme)
    await _lock(view.id)
    return await faq_entry(entry, lock=True), view


async def _lock(call_id: UUID) -> None:
    """The entries of a call are written one at a time, whatever entry one came by."""
    await execute("SELECT 1 FROM call WHERE id = $1 FOR NO KEY UPDATE", call_id)


async def _check_section(view: CallView, section: str) -> None:
    """Raises `Invalid` for a section the call's form does not have."""
    if section and (await form_version(view.form)).definition.section(section) is None:
        raise Invalid({"section": _("Choisissez une section du formulaire de cet appel.")})


async def _add(call_id: UUID, form: FaqForm, asked_in: UUID | None, by: Person, at: datetime) -> UUID:
    await _lock(call_id)
    if await value("SELECT count(*) FROM faq_entry WHERE call = $1", call_id) >= FAQ_MAX:
        raise Conflict(_("Cet appel a déjà deux cents questions. Retirez celles qui ne servent plus."))
    last = await value("SELECT COALESCE(max(position), 0) FROM faq_entry WHERE call = $1 AND section = $2", call_id, form.section)
    made = FaqEntry(
        id=new_id(),
        call=call_id,
        section=form.section,
        question=form.question,
        answer=form.answer,
        position=last + 1,
        published_at=at if form.published else None,
        asked_in=asked_in,
        created_at=at,
    )
    await FaqEntry.insert(made)
    await record("faq.added", made.id, by=by.id, at=at, data={"call": str(call_id), "published": form.published})
    return made.id


async def _write(entry: UUID, form: FaqForm, by: Person, at: datetime) -> None:
    await execute(
        "UPDATE faq_entry SET section = $2, question = $3, answer = $4, version = version + 1,"
        " published_at = CASE WHEN $5 THEN COALESCE(published_at, $6) END WHERE id = $1",
        entry, form.section, form.question, form.answer, form.published, at,
    )  # fmt: skip
    await record("faq.edited", entry, by=by.id, at=at, data={"published": form.published})
