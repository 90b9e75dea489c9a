"""Letting one draft in after the closing (domain, 5.3): with a reason, until an instant, before the committee reads."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.applications.forms import DerogationForm
from incubator.applications.letters import tell
from incubator.applications.queries.late import late_draft_for
from incubator.applications.rules.derogations import check_until, why_not_derogate
from incubator.core.database import execute, transaction
from incubator.core.errors import Conflict, Invalid, Refused
from incubator.core.ids import new_id
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.projects.queries import team_accounts


async def give_derogation(application_id: UUID, form: DerogationForm, *, by: Person, at: datetime) -> None:
    """Let a draft be completed and deposited until then; its team is told, the committee will read the reason."""
    async with transaction():
        await execute("SELECT FROM application WHERE id = $1 FOR UPDATE", application_id)
        draft = await late_draft_for(by, application_id)
        if draft.is_mine:
            raise Refused(_("Vous êtes dans l’équipe de ce projet : un autre responsable doit en décider."))
        if reason := why_not_derogate(draft, at):
            raise Conflict(reason)
        if errors := check_until(form.until_at, at):
            raise Invalid(errors)
        derogation = new_id()
        await execute(
            "INSERT INTO derogation (id, application, reason, until_at, given_by, given_at) VALUES ($1, $2, $3, $4, $5, $6)"
            " ON CONFLICT (application) DO UPDATE SET reason = EXCLUDED.reason, until_at = EXCLUDED.until_at,"
            " given_by = EXCLUDED.given_by, given_at = EXCLUDED.given_at",
            derogation, draft.id, form.reason, form.until_at, by.id, at,
        )  # fmt: skip
        data = {"until_at": form.until_at}
        await record("derogation.given", draft.id, by=by.id, at=at, project=draft.project, reason=form.reason, data=data)
        await tell(
            await team_accounts(draft.project), "derogation_given", about=derogation, path=f"/applications/{draft.id}", at=at,
            project=draft.project_name, call=draft.call_title, reason=form.reason, until_at=form.until_at,
        )  # fmt: skip
