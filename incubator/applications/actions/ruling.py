"""What staff do with a deposited application: pronounce (R5), or ask for more (R6)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.applications import queries
from incubator.applications.forms import ComplementForm, RulingForm
from incubator.applications.letters import in_words, tell
from incubator.applications.queries.dossiers import dossier_of
from incubator.applications.queries.staff import checks_of
from incubator.applications.rules.complements import check_complement, complement_due, follow_ups
from incubator.applications.rules.eligibility import CheckResult, needs_reason
from incubator.applications.rules.moves import ApplicationFacts, why_not_pronounce, why_not_request_complement
from incubator.applications.tables import ComplementRequest, Outcome, Ruling
from incubator.calls.definitions import FormDefinition
from incubator.calls.queries import form_of
from incubator.core.clock import local_date
from incubator.core.database import execute, transaction
from incubator.core.errors import Conflict, Invalid, Refused
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.projects.queries import team_accounts


async def pronounce(application_id: UUID, form: RulingForm, *, by: Person, at: datetime) -> UUID:
    """Pronounce on eligibility, keeping what the rules said at that moment (R5). It can be revised until presented."""
    async with transaction():
        facts = await _judged(application_id, by)
        if reason := why_not_pronounce(facts, form.outcome, at):
            raise Conflict(reason)
        checks = await checks_of(await dossier_of(by, facts))
        _check_reason(form, checks)
        ruling = Ruling(
            application=facts.id, outcome=form.outcome.value, reason=form.reason, checks=msgspec.json.encode(checks).decode(),
            pronounced_at=at, pronounced_by=by.id,
        )  # fmt: skip
        await Ruling.insert(ruling)
        await execute("UPDATE application SET state = $2, version = version + 1 WHERE id = $1", facts.id, form.outcome.value)
        data = {"from": facts.state.value, "ruling": str(ruling.id)}
        verb = f"application.{form.outcome.value}"
        await record(verb, facts.id, by=by.id, at=at, project=facts.project, reason=form.reason, data=data)
        await tell(
            await team_accounts(facts.project), form.outcome.value, about=ruling.id, path=f"/applications/{facts.id}", at=at,
            project=facts.project_name, call=facts.call_title, reason=form.reason, notify_on=facts.notify_on,
        )  # fmt: skip
        return ruling.id


async def _judged(application_id: UUID, by: Person) -> ApplicationFacts:
    """The facts, locked, for staff who are not of the team. Raises `Refused` for others who see it."""
    facts = await queries.locked_facts(by, application_id)
    if not by.works_for(facts.programme):
        raise Refused(_("Seul le programme se prononce sur la recevabilité."))
    if facts.is_mine:
        raise Refused(_("Vous êtes dans l’équipe de ce projet : un autre membre du programme doit se prononcer."))
    return facts


def _check_reason(form: RulingForm, checks: list[CheckResult]) -> None:
    """Refusing has its reason; so has admitting against a blocking rule (a derogation)."""
    if form.reason:
        return
    if form.outcome is Outcome.INADMISSIBLE:
        raise Invalid({"reason": _("Dites pourquoi : l’équipe le lira.")})
    if against := needs_reason(checks):
        raise Invalid({"reason": _("Une règle bloquante n’est pas remplie ({codes}). Dites pourquoi vous y dérogez.").format(
            codes=", ".join(against)
        )})  # fmt: skip


async def request_complement(application_id: UUID, form: ComplementForm, *, by: Person, at: datetime) -> UUID:
    """Ask for more on these questions within fifteen days or more; every other answer stays as deposited (R6)."""
    async with transaction():
        facts = await _judged(application_id, by)
        if reason := why_not_request_complement(facts):
            raise Conflict(reason)
        definition = await form_of(facts.form)
        questions = {one.code: one for one in definition.questions}
        if errors := check_complement(form.questions, questions, form.message, form.sentences, form.due_on, local_date(at)):
            raise Invalid(errors)
        request = await _ask(facts, form, definition, by=by, at=at)
        data = {"questions": request.questions, "due_at": request.due_at}
        await record("complement.requested", facts.id, by=by.id, at=at, project=facts.project, data=data)
        items = [(questions[code].label, form.sentences.get(code, "")) for code in request.questions]
        await tell(
            await team_accounts(facts.project), "complement_requested", about=request.id, path=f"/applications/{facts.id}", at=at,
            project=facts.project_name, message=form.message, due_at=request.due_at, items=in_words(items),
        )  # fmt: skip
        return request.id


async def _ask(
    facts: ApplicationFacts, form: ComplementForm, definition: FormDefinition, *, by: Person, at: datetime
) -> ComplementRequest:
    asked = [one.code for one in definition.questions if one.code in form.questions]
    sentences = {code: form.sentences[code] for code in asked if form.sentences.get(code)}
    request = ComplementRequest(
        application=facts.id, questions=asked, follow_ups=follow_ups(definition, asked), message=form.message,
        sentences=msgspec.json.encode(sentences).decode(), asked_at=at, asked_by=by.id, due_at=complement_due(at, form.due_on),
    )  # fmt: skip
    await ComplementRequest.insert(request)
    await execute("UPDATE application SET state = 'complement_requested', version = version + 1 WHERE id = $1", facts.id)
    return request
