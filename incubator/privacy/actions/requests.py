"""Cases: asking something about one's own data, answering (R56)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from incubator.core.database import execute, transaction
from incubator.core.errors import Conflict, Invalid, Refused
from incubator.core.language import _
from incubator.journal.actions import record
from incubator.mail.actions import post
from incubator.mail.letters import write
from incubator.people.queries import Person
from incubator.privacy.actions.erasing import forget_person
from incubator.privacy.forms import AnswerForm, RequestForm
from incubator.privacy.queries.cases import Case, case_for, ties_of
from incubator.privacy.rules.keeping import due_in_a_month
from incubator.privacy.rules.requests import why_not_erase
from incubator.privacy.tables import DataRequest, RequestKind, RequestState


async def ask(form: RequestForm, *, by: Person, at: datetime) -> UUID:
    """Open a case. Raises `Invalid` when an erasure is not confirmed, `Conflict` when the same is asked already."""
    if form.kind is RequestKind.ERASURE and form.confirmation.strip().casefold() != by.email:
        raise Invalid({"confirmation": _("Écrivez votre adresse pour confirmer : {email}").format(email=by.email)})
    if form.kind is not RequestKind.ACCESS and form.kind is not RequestKind.ERASURE and not form.text:
        raise Invalid({"text": _("Dites ce que vous demandez.")})
    async with transaction():
        asked = DataRequest(account=by.id, kind=form.kind.value, text=form.text, asked_at=at, due_on=due_in_a_month(at).date())
        await DataRequest.insert(asked)
        await record("data_request.opened", asked.id, by=by.id, at=at, data={"kind": form.kind.value})
        letter = write("privacy/letters/request_received.txt", by.language, name=by.name, due_on=asked.due_on)
        await post(
            letter, kind="privacy.request_received", about=asked.id, to_email=by.email, to_account=by.id, path="/data", at=at
        )
        return asked.id


async def answer(request_id: UUID, form: AnswerForm, *, by: Person, at: datetime) -> None:
    """Carry a request out, or refuse it for a legal reason; the person is told before anything is erased.

    Raises `Conflict` when an erasure cannot be: a hold stands, or a path or an examination is under way.
    """
    async with transaction():
        case = await case_for(by, request_id, lock=True)
        _check_may_answer(case, by)
        if case.kind is RequestKind.ERASURE and form.is_granted and (reason := why_not_erase(await ties_of(case.account))):
            raise Conflict(reason)
        state = RequestState.DONE if form.is_granted else RequestState.REFUSED
        await execute(
            "UPDATE data_request SET state = $2, answer = $3, answered_at = $4, answered_by = $5 WHERE id = $1",
            case.id, state.value, form.answer, at, by.id,
        )  # fmt: skip
        await record(f"data_request.{state.value}", case.id, by=by.id, at=at, data={"kind": case.kind.value})
        await _carry_out(case, form, by, at)
        await _tell(case, form, at)


def _check_may_answer(case: Case, by: Person) -> None:
    if case.state is not RequestState.OPEN:
        raise Conflict(_("Cette demande a déjà sa réponse."))
    if case.account == by.id:
        raise Refused(_("C’est votre propre demande : un autre responsable doit y répondre."))


async def _carry_out(case: Case, form: AnswerForm, by: Person, at: datetime) -> None:
    if not form.is_granted:
        return
    if case.kind is RequestKind.ERASURE:
        await forget_person(case.account, by=by.id, at=at)
    elif case.kind is RequestKind.LIMITATION:
        await execute("UPDATE account SET limited_at = $2, version = version + 1 WHERE id = $1", case.account, at)
        await record("account.limited", case.account, by=by.id, at=at)


async def _tell(case: Case, form: AnswerForm, at: datetime) -> None:
    """To the address the case was opened from: for an erasure it is the last mail it gets, and its copy is swept in a day."""
    letter = write(
        "privacy/letters/request_answered.txt", case.language, name=case.name, granted=form.is_granted, answer=form.answer,
        kind=case.kind.value,
    )  # fmt: skip
    await post(letter, kind="privacy.request_answered", about=case.id, to_email=case.email, path="", at=at)


async def lift_limitation(request_id: UUID, *, by: Person, at: datetime) -> None:
    """The person's data are used again as before. Raises `Conflict` when they are not limited."""
    async with transaction():
        case = await case_for(by, request_id, lock=True)
        lifted = await execute("UPDATE account SET limited_at = NULL, version = version + 1 WHERE id = $1"
                               " AND limited_at IS NOT NULL", case.account)  # fmt: skip
        if not lifted:
            raise Conflict(_("Les données de cette personne ne sont pas limitées."))
        await record("account.limitation_lifted", case.account, by=by.id, at=at)
