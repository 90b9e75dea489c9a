"""Depositing, with a receipt (R4); withdrawing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from incubator.applications import queries
from incubator.applications.actions.writing import Change, write_answers
from incubator.applications.forms import DepositForm, WithdrawalForm
from incubator.applications.letters import tell
from incubator.applications.queries.committee import CommitteeFile, draft_for_committee
from incubator.applications.queries.dossiers import Dossier, StoredAnswer, dossier_of, latest_deposit
from incubator.applications.queries.files import infected_in
from incubator.applications.queries.filing import files_of, project_now
from incubator.applications.queries.handlers import handling
from incubator.applications.rules.dossier import (
    Content,
    canonical,
    chosen_phase,
    content_hash,
    kept_answers,
    missing,
    value_digest,
)
from incubator.applications.rules.filed import FiledCard
from incubator.applications.rules.moves import (
    ApplicationFacts,
    later_number,
    receipt_number,
    why_not_answer,
    why_not_answer_complement,
    why_not_deposit,
    why_not_prove,
    why_not_withdraw,
    why_not_write,
)
from incubator.applications.rules.statements import accepted_now, missing_beside
from incubator.applications.tables import Deposit
from incubator.core.database import execute, transaction, value
from incubator.core.errors import Conflict, Invalid, Refused, Stale
from incubator.core.language import _
from incubator.core.text import search_form
from incubator.journal.actions import record
from incubator.people.queries import Person
from incubator.projects.queries import team_accounts

WhyNot = Callable[[ApplicationFacts, int, datetime], str | None]


class Deposited(msgspec.Struct, frozen=True):
    """The receipt: its number, the instant of reception, the SHA-256 of the content in hexadecimal."""

    id: UUID
    number: str
    received_at: datetime
    content_hash: str


async def deposit(application_id: UUID, form: DepositForm, *, by: Person, at: datetime) -> Deposited:
    """Freeze the answers as they are and give a receipt (R4).

    Raises `Refused` for who is not the depositor (R2), `Conflict` when it is too late or something is missing.
    """
    return await _deposit(application_id, form, why_not_deposit, by=by, at=at)


async def answer_complement(application_id: UUID, form: DepositForm, *, by: Person, at: datetime) -> Deposited:
    """Send what was asked for: a second deposit, with its own receipt (R6). Raises as `deposit` does."""
    return await _deposit(application_id, form, why_not_answer_complement, by=by, at=at)


async def _deposit(application_id: UUID, form: DepositForm, why_not: WhyNot, *, by: Person, at: datetime) -> Deposited:
    async with transaction():
        facts = await _own(application_id, by, _("Seule la personne désignée pour déposer dépose pour l’équipe."))
        if form.version is not None and form.version != facts.version:
            raise Stale(_("Le dossier a changé depuis que vous l’avez ouvert. Relisez-le."), {}, facts.version)
        dossier = await dossier_of(by, facts)
        await execute("SELECT FROM project WHERE id = $1 FOR SHARE", facts.project)  # its card and its team are frozen too
        if form.seen and form.seen != seen(dossier, await draft_for_committee(dossier)):
            raise Stale(_("Le dossier a changé depuis que vous l’avez ouvert. Relisez-le."), {}, facts.version)
        dossier = await _accept(dossier, form.statements, by=by, at=at)
        if reason := why_not_prove(is_confirmed=by.is_confirmed):
            raise Conflict(reason)
        if reason := why_not(facts, len(missing_beside(dossier.definition, dossier.answers)), at):
            raise Conflict(reason)
        if missing(dossier.definition, dossier.answers):
            raise Invalid({"statements": _("Cochez chaque engagement obligatoire : sans eux, le dossier ne se dépose pas.")})
        if infected := await infected_in(dossier.definition, dossier.answers, facts.id):
            raise Conflict(_("Remplacez d’abord cette pièce, qui ne pourra pas être ouverte : {name}.").format(name=infected[0]))
        made = await _freeze(dossier, by, at)
        await _tell_deposit(facts, made, by=by, at=at)
        return made


def seen(dossier: Dossier, file: CommitteeFile) -> str:
    """A digest of what the page before the deposit shows: nothing that anyone changes later is deposited unread."""
    project = [file.name, file.summary, file.commune, file.team, [(one.name, one.sha256) for one in file.files]]
    return value_digest([kept_answers(dossier.definition, dossier.answers), project])


async def _own(application_id: UUID, by: Person, otherwise: str) -> ApplicationFacts:
    """The facts, locked, for the depositor. Raises `Refused` for the rest of the team and for staff."""
    facts = await queries.locked_facts(by, application_id)
    if not facts.is_depositor:
        raise Refused(otherwise)
    return facts


async def _accept(dossier: Dossier, codes: list[str], *, by: Person, at: datetime) -> Dossier:
    """The dossier with these statements accepted, as far as it may still be written to."""
    facts = dossier.facts
    accepted = accepted_now(dossier.definition, dossier.answers, codes)
    wanted = [code for code in accepted if why_not_write(facts, at) is None and why_not_answer(facts, code) is None]
    if not wanted:
        return dossier
    changes = {code: Change(True, dossier.stored.get(code, StoredAnswer()).version) for code in wanted}
    await write_answers(facts.id, facts.form, changes, by=by, at=at)
    return await dossier_of(by, facts)


async def _freeze(dossier: Dossier, by: Person, at: datetime) -> Deposited:
    facts = dossier.facts
    content = await _content(dossier)
    phase = next(one.id for one in dossier.phases if one.code == content.phase)
    made = Deposit(
        application=facts.id, ordinal=content.ordinal, number=await _number(facts, content.ordinal), received_at=at,
        deposited_by=by.id, content=canonical(content).decode(), content_hash=content_hash(content),
    )  # fmt: skip
    await Deposit.insert(made)
    await execute(
        "UPDATE application SET state = 'deposited', phase = $2, deposited_at = COALESCE(deposited_at, $3), filed_name = $4,"
        " filed_commune = COALESCE($5, filed_commune), version = version + 1 WHERE id = $1",
        facts.id, phase, at, content.project_name, content.card.commune if isinstance(content.card, FiledCard) else None,
    )  # fmt: skip
    await execute("UPDATE complement_request SET answered_at = $2 WHERE application = $1 AND answered_at IS NULL", facts.id, at)
    verb = "application.deposited" if content.ordinal == 1 else "complement.answered"
    data = {"number": made.number, "hash": made.content_hash, "ordinal": content.ordinal, "phase": content.phase}
    await record(verb, facts.id, by=by.id, at=at, project=facts.project, data=data)
    return Deposited(made.id, made.number, at, made.content_hash)


async def _content(dossier: Dossier) -> Content:
    """What is frozen: the answers asked for, their documents, and the project as it is the first time (R6)."""
    facts = dossier.facts
    phase = chosen_phase(dossier.definition, dossier.answers, {one.code: one.id for one in dossier.phases})
    if phase is None:
        raise Conflict(_("La phase demandée n’est pas choisie."))
    answers = kept_answers(dossier.definition, dossier.answers)
    first = await latest_deposit(facts.id) if facts.deposits_count else None
    card, team = (first.content.card, first.content.team) if first else await project_now(facts.project)
    return Content(
        answers=answers,
        call=facts.call_code,
        ordinal=facts.deposits_count + 1,
        form=facts.form,
        project=facts.project,
        project_name=first.content.project_name if first else facts.project_name,
        phase=phase,
        card=card,
        team=team,
        files=await files_of(dossier.definition, answers, facts.id),
    )


async def _number(facts: ApplicationFacts, ordinal: int) -> str:
    """The next number of the call, one depositor at a time; or the first one's, with the ordinal."""
    if ordinal > 1:
        first = await value("SELECT number FROM deposit WHERE application = $1 AND ordinal = 1", facts.id)
        return later_number(first, ordinal)
    rank = await value(
        "INSERT INTO receipt_counter (call, last) VALUES ($1, 1)"
        " ON CONFLICT (call) DO UPDATE SET last = receipt_counter.last + 1 RETURNING last",
        facts.call,
    )
    return receipt_number(facts.call_code, rank)


async def _tell_deposit(facts: ApplicationFacts, made: Deposited, *, by: Person, at: datetime) -> None:
    """The receipt to the team; to whoever asked for a complement and whoever handles it, that it is there."""
    page = f"/applications/{facts.id}"
    told: dict[str, Any] = {"project": facts.project_name, "call": facts.call_title, "number": made.number, "received_at": at}
    await tell(
        await team_accounts(facts.project), "receipt", about=made.id, path=f"{page}/receipt", at=at,
        content_hash=made.content_hash, deposited_by=by.name, notify_on=facts.notify_on, **told,
    )  # fmt: skip
    if facts.complement_by is not None:
        people = await handling(facts.id, facts.complement_by, facts.instructor)
        await tell(people, "complement_answered", about=made.id, path=f"{page}/eligibility", at=at, **told)


async def withdraw(application_id: UUID, form: WithdrawalForm, *, by: Person, at: datetime) -> None:
    """Withdraw for good, before the decision is published; the team and whoever handles the file are told."""
    async with transaction():
        facts = await _own(application_id, by, _("Seule la personne désignée pour déposer peut retirer la candidature."))
        if reason := why_not_withdraw(facts, at):
            raise Conflict(reason)
        if search_form(form.confirmation) != search_form(facts.project_name):
            raise Invalid({"confirmation": _("Écrivez le nom du projet pour confirmer : {name}").format(name=facts.project_name)})
        await execute("UPDATE application SET state = 'withdrawn', version = version + 1 WHERE id = $1", facts.id)
        data = {"from": facts.state.value}
        await record("application.withdrawn", facts.id, by=by.id, at=at, project=facts.project, reason=form.reason, data=data)
        handler = await handling(facts.id, facts.instructor) if facts.instructor else []
        await tell(
            [*await team_accounts(facts.project), *handler], "withdrawn", about=facts.id, path=f"/applications/{facts.id}", at=at,
            project=facts.project_name, call=facts.call_title, by=by.name,
        )  # fmt: skip
