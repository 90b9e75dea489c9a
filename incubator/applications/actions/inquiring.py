"""A team asks, the programme answers, and what helps others is published (without saying whose project it was)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.applications import queries
from incubator.applications.forms.inquiries import InquiryForm, PublicationForm, ReplyForm
from incubator.applications.letters import tell
from incubator.applications.queries.handlers import handling
from incubator.applications.queries.inquiries import inquiries_of, inquiry_for, locked_inquiry, section_titles
from incubator.applications.rules.inquiries import InquiryFacts, why_not_ask, why_not_close, why_not_reply
from incubator.applications.tables import Inquiry, InquiryMessage
from incubator.calls.actions.faq import publish_answer
from incubator.core.database import execute, transaction
from incubator.core.errors import Conflict, Invalid, Refused
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.projects.queries import team_accounts


async def ask(application_id: UUID, form: InquiryForm, *, by: Person, at: datetime) -> UUID:
    """Ask the programme something; who instructs the application, or all who handle its programme's, are written to."""
    async with transaction():
        facts = await queries.locked_facts(by, application_id)
        if not facts.can_write:
            raise Refused(_("Seule l’équipe qui écrit le dossier pose des questions au programme."))
        open_count = sum(one.closed_at is None for one in await inquiries_of(facts.id))
        if reason := why_not_ask(facts, open_count):
            raise Conflict(reason)
        if form.section and form.section not in await section_titles(facts.form):
            raise Invalid({"section": _("Cette section n’existe pas.")})
        inquiry = Inquiry(application=facts.id, call=facts.call, section=form.section, asked_by=by.id, asked_at=at)
        await Inquiry.insert(inquiry)
        message = await _write(inquiry.id, form.text, by, at, is_staff=False)
        await record("inquiry.asked", inquiry.id, by=by.id, at=at, data={"section": form.section})
        await _tell_staff(await inquiry_for(by, inquiry.id), message, form.text, at)
        return inquiry.id


async def _write(inquiry: UUID, text: str, by: Person, at: datetime, *, is_staff: bool) -> UUID:
    message = InquiryMessage(inquiry=inquiry, author=by.id, is_staff=is_staff, text=text, written_at=at)
    await InquiryMessage.insert(message)
    return message.id


async def _tell_staff(facts: InquiryFacts, message: UUID, text: str, at: datetime) -> None:
    await tell(
        await handling(facts.application, facts.instructor), "inquiry_asked", about=message, path=f"/inquiries/{facts.id}", at=at,
        project=facts.project_name, call=facts.call_title, text=text,
    )  # fmt: skip


async def reply(inquiry_id: UUID, form: ReplyForm, *, by: Person, at: datetime) -> None:
    """Write on: the programme answers the team, or the team writes again, which opens a closed conversation."""
    async with transaction():
        facts = await locked_inquiry(by, inquiry_id)
        is_staff = not facts.is_mine
        if facts.is_mine and not facts.can_write:
            raise Refused(_("Vous êtes dans cette équipe pour lire."))
        if reason := why_not_reply(facts):
            raise Conflict(reason)
        message = await _write(inquiry_id, form.text, by, at, is_staff=is_staff)
        closed_at = at if is_staff and form.closes else None
        await execute("UPDATE inquiry SET closed_at = $2, version = version + 1 WHERE id = $1", inquiry_id, closed_at)
        await record("inquiry.answered" if is_staff else "inquiry.written", inquiry_id, by=by.id, at=at)
        if is_staff:
            await tell(
                await team_accounts(facts.project), "inquiry_answered", about=message, path=f"/inquiries/{facts.id}", at=at,
                project=facts.project_name, text=form.text,
            )  # fmt: skip
        else:
            await _tell_staff(facts, message, form.text, at)


async def close_inquiry(inquiry_id: UUID, *, by: Person, at: datetime) -> None:
    """Say that nothing more is to be said; writing in it opens it again."""
    async with transaction():
        facts = await _answered_by(inquiry_id, by)
        if reason := why_not_close(facts):
            raise Conflict(reason)
        await execute("UPDATE inquiry SET closed_at = $2, version = version + 1 WHERE id = $1", inquiry_id, at)
        await record("inquiry.closed", inquiry_id, by=by.id, at=at)


async def _answered_by(inquiry_id: UUID, by: Person) -> InquiryFacts:
    """The conversation, locked, for staff who are not of the team. Raises `NotFound`, `Refused`."""
    facts = await locked_inquiry(by, inquiry_id)
    if facts.is_mine:
        raise Refused(_("Seul le programme fait cela : vous êtes dans l’équipe de ce projet."))
    return facts


async def publish_inquiry(inquiry_id: UUID, form: PublicationForm, *, by: Person, at: datetime) -> UUID:
    """Let everybody read the question and its answer, in words that do not tell whose they were; again: the new words."""
    async with transaction():
        facts = await _answered_by(inquiry_id, by)
        entry = await publish_answer(
            facts.call,
            section=facts.section,
            question=form.question,
            answer=form.answer,
            asked_in=facts.id,
            version=form.version,
            by=by,
            at=at,
        )
        await record("inquiry.published", inquiry_id, by=by.id, at=at)
        return entry
