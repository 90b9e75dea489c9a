"""What managers answer and confirm: requests, proposals of the week, holds."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.core.clock import now
from incubator.core.errors import Conflict
from incubator.core.language import _
from incubator.core.pages import Typed, filled, new_once, page, submit
from incubator.core.policy import STAFF
from incubator.privacy.actions.holding import lift_hold, place_hold
from incubator.privacy.actions.requests import answer, lift_limitation
from incubator.privacy.actions.retention import decide
from incubator.privacy.forms import AnswerForm, HoldForm, LinesForm, Nothing
from incubator.privacy.queries.cases import Case, case_for, cases, managed, ties_of
from incubator.privacy.queries.files import NamedFile, files_naming
from incubator.privacy.queries.retention import holds, lines
from incubator.privacy.rules.keeping import LIVES, Keep
from incubator.privacy.rules.requests import KIND_WORDS, STATE_WORDS, why_not_erase
from incubator.privacy.tables import RequestKind, RequestState

AnyRequest = Request[Any, Any, Any]


@get("/data-requests", opt=STAFF)
async def request_list(request: AnyRequest) -> Response[Any]:
    """Requests to answer, the most pressing first."""
    return page(request, "privacy/requests.html", cases=await cases(request.user), kinds=KIND_WORDS, states=STATE_WORDS)


@get("/data-requests/{request_id:uuid}", opt=STAFF)
async def request_page(request: AnyRequest, request_id: FromPath[UUID]) -> Response[Any]:
    """One request, and what stands in its way."""
    return await _case(request, request_id, filled(is_granted=True), {}, "")


@post("/data-requests/{request_id:uuid}", opt=STAFF)
async def answer_request(request: AnyRequest, request_id: FromPath[UUID]) -> Response[Any]:
    """Carry it out, or refuse it for a stated reason."""

    async def act(form: AnswerForm) -> str:
        await answer(request_id, form, by=request.user, at=now())
        return "/data-requests"

    async def again(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _case(request, request_id, values, errors, reason)

    return await submit(request, AnswerForm, act, again, notice=_("La réponse est partie."))


async def _case(request: AnyRequest, request_id: UUID, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    case = await case_for(request.user, request_id)
    return page(
        request, "privacy/case.html", case=case, values=values, errors=errors, reason=reason, kinds=KIND_WORDS,
        states=STATE_WORDS, why_not_erase=why_not_erase(await ties_of(case.account)), is_own=case.account == request.user.id,
        files=await _files(request, case),
    )  # fmt: skip


async def _files(request: AnyRequest, case: Case) -> list[NamedFile]:
    is_asked = case.kind is RequestKind.ERASURE and case.state is RequestState.OPEN
    return await files_naming(case, by=request.user) if is_asked else []


@post("/data-requests/{request_id:uuid}/limitation-end", opt=STAFF)
async def end_limitation(request: AnyRequest, request_id: FromPath[UUID]) -> Response[Any]:
    """Use the person's data again."""

    async def act(_form: Nothing) -> str:
        await lift_limitation(request_id, by=request.user, at=now())
        return f"/data-requests/{request_id}"

    async def again(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _case(request, request_id, filled(is_granted=True), {}, reason)

    return await submit(request, Nothing, act, again, notice=_("Les données de cette personne servent de nouveau."))


@get("/retention", opt=STAFF)
async def retention(request: AnyRequest) -> Response[Any]:
    """What has been kept long enough, class by class, and the holds."""
    return await _retention(request, filled(), {}, "")


async def _retention(request: AnyRequest, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    waiting = await lines(request.user)
    classes = [(LIVES[Keep(keep)], list(found)) for keep, found in groupby(waiting, key=lambda line: line.keep)]
    return page(
        request, "privacy/retention.html", classes=classes, holds=await holds(request.user), values=values, errors=errors,
        reason=reason, once=new_once(),
    )  # fmt: skip


@post("/retention/confirmation", opt=STAFF)
async def confirm(request: AnyRequest) -> Response[Any]:
    """Let the worker erase or anonymise these."""
    done = _(
        "C’est confirmé. L’effacement se fait dans les minutes qui viennent."
        " Ce qui est retenu ou sert de nouveau n’est plus proposé."
    )
    return await _decide(request, True, done)


@post("/retention/postponement", opt=STAFF)
async def keep_longer(request: AnyRequest) -> Response[Any]:
    """Keep these a year more."""
    return await _decide(request, False, _("C’est gardé un an de plus."))


async def _decide(request: AnyRequest, confirmed: bool, notice: str) -> Response[Any]:
    async def act(form: LinesForm) -> str:
        if not await decide(form.lines, confirmed=confirmed, by=request.user, at=now()):
            raise Conflict(_("Ces propositions n’ont plus lieu d’être : ce qu’elles visent est retenu, ou sert de nouveau."))
        return "/retention"

    async def again(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _retention(request, values, errors, reason)

    return await submit(request, LinesForm, act, again, notice=notice)


@post("/retention/holds", opt=STAFF)
async def hold(request: AnyRequest) -> Response[Any]:
    """Forbid erasing a thing of the programme one manages."""

    async def act(form: HoldForm) -> str:
        await place_hold(managed(request.user), form, by=request.user, at=now())
        return "/retention#holds"

    async def again(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _retention(request, values, errors, reason)

    return await submit(request, HoldForm, act, again, notice=_("La retenue est posée."))


@post("/retention/holds/{hold_id:uuid}/lift", opt=STAFF)
async def lift(request: AnyRequest, hold_id: FromPath[UUID]) -> Response[Any]:
    """Let it be erased when its time comes."""

    async def act(_form: Nothing) -> str:
        await lift_hold(hold_id, by=request.user, at=now())
        return "/retention#holds"

    async def again(_values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _retention(request, filled(), {}, reason)

    return await submit(request, Nothing, act, again, notice=_("La retenue est levée."))


HANDLERS = [
    request_list, request_page, answer_request, end_limitation, retention, confirm, keep_longer, hold, lift,
]  # fmt: skip
