"""Who handles an application: they present it to the committee and never score it (R13)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.applications import queries
from incubator.applications.forms import InstructorForm
from incubator.applications.rules.instructors import Instructing, why_not_assign
from incubator.core.database import execute, row, transaction
from incubator.core.errors import Conflict, NotFound, Refused
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person, person


class _Ties(msgspec.Struct, frozen=True):
    is_team: bool
    has_scored: bool
    has_interest: bool


async def assign_instructor(application_id: UUID, form: InstructorForm, *, by: Person, at: datetime) -> None:
    """Give an application to someone who handles those of the programme, or take it oneself; or leave it to nobody.

    The manager gives it to anyone; an instructor takes one that is nobody's, and gives up their own.
    """
    async with transaction():
        facts = await queries.locked_facts(by, application_id)
        if not by.handles(facts.programme) or facts.is_mine:
            raise Refused(_("Seul le programme désigne qui instruit un dossier."))
        chosen = await person(form.instructor) if form.instructor else None
        if chosen is not None and not chosen.handles(facts.programme):
            raise NotFound
        ties = await _ties(facts.id, facts.project, chosen.id) if chosen else _Ties(False, False, False)
        asked = Instructing(
            facts.instructor, by.id, by.manages(facts.programme), ties.is_team, ties.has_scored, ties.has_interest
        )
        if reason := why_not_assign(asked, form.instructor):
            raise Conflict(reason)
        await execute("UPDATE application SET instructor = $2 WHERE id = $1", facts.id, form.instructor)
        data = {"instructor": form.instructor, "from": facts.instructor}
        await record("application.assigned", facts.id, by=by.id, at=at, data=data)


async def _ties(application: UUID, project: UUID, account: UUID) -> _Ties:
    """What may keep someone from handling this application."""
    found = await row(
        _Ties,
        "SELECT EXISTS (SELECT FROM team_member t WHERE t.project = $2 AND t.account = $3 AND t.left_at IS NULL),"
        " EXISTS (SELECT FROM assessment x JOIN seat s ON s.id = x.seat AND s.account = $3"
        " JOIN presentation p ON p.id = x.presentation AND p.application = $1),"
        " EXISTS (SELECT FROM declaration d JOIN seat s ON s.id = d.seat AND s.account = $3"
        " JOIN presentation p ON p.id = d.presentation AND p.application = $1 WHERE d.has_interest)",
        application, project, account,
    )  # fmt: skip
    if found is None:
        raise NotFound
    return found
