"""The team's pages around the deposit: reading it all, depositing, withdrawing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.applications import actions, queries
from incubator.applications.actions.depositing import seen
from incubator.applications.forms import DepositForm, WithdrawalForm
from incubator.applications.queries.committee import draft_for_committee, reserved_sections
from incubator.applications.queries.confirmations import changed_since, confirmations_of
from incubator.applications.queries.dossiers import Dossier
from incubator.applications.rules.dossier import set_aside
from incubator.applications.rules.moves import (
    ASKED,
    DRAFT,
    ApplicationFacts,
    deposit_deadline,
    why_not_answer_complement,
    why_not_deposit,
    why_not_prove,
    why_not_withdraw,
)
from incubator.applications.rules.statements import missing_beside, statements_of
from incubator.calls.definitions import Readers
from incubator.core.clock import now
from incubator.core.errors import NotFound
from incubator.core.language import _
from incubator.core.pages import Typed, filled, lead_to, new_once, page, submit
from incubator.core.policy import SIGNED_IN
from incubator.people.queries import Person

AnyRequest = Request[Any, Any, Any]


@get("/applications/{application_id:uuid}/deposit", opt=SIGNED_IN)
async def deposit_page(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Everything as the committee will read it, then one button."""
    dossier = await _mine(request, application_id)
    if dossier.facts.state not in (DRAFT, ASKED):
        return lead_to(request, f"/applications/{application_id}" + ("/receipt" if dossier.facts.number else ""))
    return await _deposit(request, dossier, [], {}, "")


async def _mine(request: AnyRequest, application_id: UUID) -> Dossier:
    """A dossier of one's team. Raises `NotFound`."""
    dossier = await queries.dossier_for(request.user, application_id)
    if not dossier.facts.is_mine:
        raise NotFound
    return dossier


@post("/applications/{application_id:uuid}/deposit", opt=SIGNED_IN)
async def deposit(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Deposit, or send the complement that was asked for; the receipt follows."""
    facts = (await _mine(request, application_id)).facts
    send = actions.answer_complement if facts.state is ASKED else actions.deposit

    async def act(form: DepositForm) -> str:
        await send(application_id, form, by=request.user, at=now())
        return f"/applications/{application_id}/receipt"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _deposit(request, await _mine(request, application_id), values.all("statements"), errors, reason)

    return await submit(request, DepositForm, act, shown)


async def _deposit(
    request: AnyRequest, dossier: Dossier, ticked: list[str], errors: dict[str, str], reason: str
) -> Response[Any]:
    """Everything as the committee will read it, apart what others alone read, then the one act."""
    facts, definition, answers = dossier.facts, dossier.definition, dossier.answers
    since = changed_since(dossier, await confirmations_of(facts.id)) if facts.state is DRAFT else []
    lacking, file = missing_beside(definition, answers), await draft_for_committee(dossier)
    return page(
        request, "applications/deposit.html", facts=facts, project_id=facts.project, reason=reason, errors=errors, ticked=ticked,
        file=file, for_staff=await reserved_sections(dossier, Readers.STAFF),
        for_manager=await reserved_sections(dossier, Readers.MANAGER), statements=statements_of(definition, answers),
        missing=lacking, unconfirmed=facts.unconfirmed, since=since, aside=set_aside(definition, answers),
        until=deposit_deadline(facts), once=new_once(),
        why_not=_why_not_send(facts, len(lacking), request.user), seen=seen(dossier, file),
    )  # fmt: skip


def _why_not_send(facts: ApplicationFacts, missing_count: int, me: Person) -> str | None:
    """Why the button does nothing, or None."""
    judge = why_not_answer_complement if facts.state is ASKED else why_not_deposit
    if reason := judge(facts, missing_count, now()):
        return reason
    if reason := why_not_prove(is_confirmed=me.is_confirmed):
        return reason
    if not facts.is_depositor:
        return _("Seule la personne désignée pour déposer dépose pour l’équipe. Prévenez-la : le dossier est prêt.")
    return None


@get("/applications/{application_id:uuid}/withdrawal", opt=SIGNED_IN)
async def withdrawal_page(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """What withdrawing changes, and the project's name to type."""
    return await _withdrawal(request, application_id, filled(), {}, "")


@post("/applications/{application_id:uuid}/withdrawal", opt=SIGNED_IN)
async def withdraw(request: AnyRequest, application_id: FromPath[UUID]) -> Response[Any]:
    """Withdraw for good."""

    async def act(form: WithdrawalForm) -> str:
        await actions.withdraw(application_id, form, by=request.user, at=now())
        return f"/applications/{application_id}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _withdrawal(request, application_id, values, errors, reason)

    return await submit(request, WithdrawalForm, act, shown, notice=_("La candidature est retirée."))


async def _withdrawal(
    request: AnyRequest, application_id: UUID, values: Typed, errors: dict[str, str], reason: str
) -> Response[Any]:
    facts = (await _mine(request, application_id)).facts
    why_not = why_not_withdraw(facts, now())
    if why_not is None and not facts.is_depositor:
        why_not = _("Seule la personne désignée pour déposer peut retirer la candidature.")
    return page(
        request, "applications/withdrawal.html", facts=facts, project_id=facts.project, values=values, errors=errors,
        reason=reason, why_not=why_not,
    )  # fmt: skip


HANDLERS: list[Any] = [deposit_page, deposit, withdrawal_page, withdraw]
