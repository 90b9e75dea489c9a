"""The self-test: ten questions, an answer in words, nothing kept unless one asks to be called back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.calls.actions.prospects import keep_self_test, mark_called_back
from incubator.calls.definitions import FormDefinition
from incubator.calls.forms import Confirmation
from incubator.calls.public_forms import CallBackForm, SelfTestForm
from incubator.calls.queries import CallAnswer, form_of, visible_call
from incubator.calls.queries.prospects import self_tests_of
from incubator.calls.rules.self_test import Outcome, outcome
from incubator.core.clock import now
from incubator.core.errors import Failure, Invalid, NotFound
from incubator.core.forms import from_html
from incubator.core.language import _
from incubator.core.pages import Typed, filled, page, sent_form, submit
from incubator.core.policy import PUBLIC, STAFF
from incubator.people.pages.peer import peer

AnyRequest = Request[Any, Any, Any]
FEW = 3


@get("/calls/{code:str}/self-test", opt=PUBLIC)
async def self_test_page(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The questions."""
    return await _questions(request, await _tested(request, code), Typed({}), {}, "")


@post("/calls/{code:str}/self-test", opt=PUBLIC, status_code=200)
async def take_self_test(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """What the answers say; they are read, answered and forgotten."""
    call = await _tested(request, code)
    sent = await sent_form(request)
    try:
        answers = from_html(SelfTestForm, sent).answers
    except Invalid as failure:
        return await _questions(request, call, Typed(sent), failure.errors, failure.reason, failure)
    told = outcome(await form_of(call.form), answers)
    if told.unanswered:
        return await _questions(request, call, Typed(sent), _unanswered(await form_of(call.form), told), "", Invalid({}))
    return _result(request, call, told, answers, filled(), {}, "")


def _unanswered(form: FormDefinition, told: Outcome) -> dict[str, str]:
    """A sentence beside each question that waits for its answer."""
    numbers = {question.code: number for number, question in enumerate(form.self_test, start=1)}
    sentence = _("Question {number} : répondez par oui ou par non.")
    return {f"answers.{code}": sentence.format(number=numbers[code]) for code in told.unanswered}


def _summed_up(errors: dict[str, str]) -> dict[str, str]:
    """What stands on top of the page: each error, or how many when they are many."""
    if len(errors) <= FEW:
        return errors
    several = _("{n} questions attendent votre réponse, à commencer par celle-ci.").format(n=len(errors))
    return {next(iter(errors)): several}


@post("/calls/{code:str}/self-test/call-back", opt=PUBLIC)
async def ask_call_back(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Keep the answers of someone who ticked the box and left an address."""
    call = await _tested(request, code)

    async def act(form: CallBackForm) -> str:
        await keep_self_test(code, form, by=request.user, address=peer(request), at=now())
        return f"/calls/{code}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        form = await form_of(call.form)
        answers = {question.code: values[f"answers.{question.code}"] for question in form.self_test}
        return _result(request, call, outcome(form, answers), answers, values, errors, reason)

    notice = _("C’est noté : l’équipe vous écrira. Vos réponses seront effacées trois mois après la clôture.")
    return await submit(request, CallBackForm, act, shown, notice=notice, keyed=False)


async def _tested(request: AnyRequest, code: str) -> CallAnswer:
    call = await visible_call(request.user, code, at=now())
    if not (await form_of(call.form)).self_test:
        raise NotFound
    return call


async def _questions(
    request: AnyRequest, call: CallAnswer, values: Typed, errors: dict[str, str], reason: str, failure: Failure | None = None
) -> Response[Any]:
    form = await form_of(call.form)
    status_code = failure.status if failure else 200
    context = {"call": call, "questions": form.self_test, "values": values, "errors": errors, "reason": reason}
    context["summary"] = _summed_up(errors) or ({"": reason} if reason else {})
    return page(request, "calls/self_test.html", status_code=status_code, **context)


def _result(
    request: AnyRequest,
    call: CallAnswer,
    told: Outcome,
    answers: dict[str, str],
    values: Typed,
    errors: dict[str, str],
    reason: str,
) -> Response[Any]:
    return page(
        request,
        "calls/self_test_result.html",
        call=call,
        told=told,
        answers=answers,
        values=values,
        errors=errors,
        reason=reason,
    )


class Line(msgspec.Struct, frozen=True):
    """Someone to call back and what their answers say."""

    stored: Any
    told: Outcome


@get("/calls/{code:str}/self-tests", opt=STAFF)
async def self_test_list(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Those who asked to be called back, who waits first."""
    call = await visible_call(request.user, code, at=now())
    if not request.user.works_for(call.programme):
        raise NotFound
    form = await form_of(call.form)
    lines = [Line(stored, outcome(form, stored.answers)) for stored in await self_tests_of(call.id)]
    return page(request, "calls/self_tests.html", call=call, lines=lines)


@post("/self-tests/{result_id:uuid}/call-back", opt=STAFF)
async def called_back(request: AnyRequest, result_id: FromPath[UUID]) -> Response[Any]:
    """Say that one called back."""

    async def act(_form: Confirmation) -> str:
        return f"/calls/{await mark_called_back(result_id, by=request.user, at=now())}/self-tests"

    async def shown(_values: Typed, _errors: dict[str, str], _reason: str) -> Response[Any]:
        raise NotFound

    return await submit(request, Confirmation, act, shown, notice=_("C’est noté."))


HANDLERS = [self_test_page, take_self_test, ask_call_back, self_test_list, called_back]
