"""Pages of cohorts (staff) and of a project's place and agreement (its team and the staff)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.cohorts import actions, queries, rules
from incubator.cohorts.forms import AnswerForm, CapacityForm, CohortForm, Nothing, SignatureForm
from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, lead_to, new_once, page, submit
from incubator.core.policy import SIGNED_IN, STAFF

AnyRequest = Request[Any, Any, Any]


@get("/cohorts", opt=STAFF)
async def cohorts_page(request: AnyRequest) -> Response[Any]:
    """The cohorts of one's programmes, and the calls that wait for theirs."""
    found = await queries.cohorts_for(request.user)
    to_create = await queries.calls_without_cohort(request.user)
    return page(request, "cohorts/cohorts.html", cohorts=found.items, to_create=to_create)


@get("/calls/{code:str}/cohort", opt=STAFF)
async def cohort_form(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """The form that creates the cohort of a call."""
    return await _cohort_form(request, code, None, {}, "")


@post("/calls/{code:str}/cohort", opt=STAFF)
async def create_cohort(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Create the cohort; the retained projects are told that they can answer."""

    async def act(form: CohortForm) -> str:
        return f"/cohorts/{await actions.create_cohort(code, form, by=request.user, at=now())}"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _cohort_form(request, code, values, errors, reason)

    return await submit(request, CohortForm, act, shown, notice=_("La promotion est créée. Les équipes retenues sont prévenues."))


async def _cohort_form(
    request: AnyRequest, code: str, values: Typed | None, errors: dict[str, str], reason: str
) -> Response[Any]:
    call = await queries.call_to_gather(request.user, code)
    values = values or filled(name=call.title)
    return page(request, "cohorts/cohort_form.html", call=call, values=values, errors=errors, reason=reason, once=new_once())


@get("/cohorts/{cohort_id:uuid}", opt=STAFF)
async def cohort_page(request: AnyRequest, cohort_id: FromPath[UUID]) -> Response[Any]:
    """A cohort: its places, the answers awaited, its members."""
    return await _cohort(request, cohort_id, {}, "")


@post("/cohorts/{cohort_id:uuid}/capacities/{phase_id:uuid}", opt=STAFF)
async def resize_cohort(request: AnyRequest, cohort_id: FromPath[UUID], phase_id: FromPath[UUID]) -> Response[Any]:
    """Change how many places an entry phase has."""

    async def act(form: CapacityForm) -> str:
        await actions.resize_cohort(cohort_id, phase_id, form, by=request.user, at=now())
        return f"/cohorts/{cohort_id}"

    return await submit(
        request, CapacityForm, act, _again(request, cohort_id, phase_id), notice=_("Le nombre de places est enregistré.")
    )


@post("/cohorts/{cohort_id:uuid}/offers/{phase_id:uuid}", opt=STAFF)
async def offer_place(request: AnyRequest, cohort_id: FromPath[UUID], phase_id: FromPath[UUID]) -> Response[Any]:
    """Offer a free place to the first of the waiting list."""

    async def act(_form: Nothing) -> str:
        await actions.offer_place(cohort_id, phase_id, by=request.user, at=now())
        return f"/cohorts/{cohort_id}"

    return await submit(
        request, Nothing, act, _again(request, cohort_id), notice=_("La place est proposée. L’équipe est prévenue.")
    )


@post("/cohorts/{cohort_id:uuid}/releases/{decision_id:uuid}", opt=STAFF)
async def release_place(request: AnyRequest, cohort_id: FromPath[UUID], decision_id: FromPath[UUID]) -> Response[Any]:
    """Free a place left without an answer."""

    async def act(form: AnswerForm) -> str:
        await actions.release_place(decision_id, form, by=request.user, at=now())
        return f"/cohorts/{cohort_id}"

    return await submit(request, AnswerForm, act, _again(request, cohort_id), notice=_("La place est libérée."))


def _again(
    request: AnyRequest, cohort_id: UUID, phase: UUID | None = None
) -> Callable[[Typed, dict[str, str], str], Awaitable[Response[Any]]]:
    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _cohort(request, cohort_id, errors, reason, {phase: values.places_count})

    return shown


async def _cohort(
    request: AnyRequest, cohort_id: UUID, errors: dict[str, str], reason: str, typed: dict[UUID | None, str] | None = None
) -> Response[Any]:
    found = await queries.cohort(request.user, cohort_id)
    return page(
        request, "cohorts/cohort.html", cohort=found, errors=errors, reason=reason, at=now(), words=_WORDS,
        why_not_offer=rules.why_not_offer, typed=typed or {},
    )  # fmt: skip


_WORDS = {"place": rules.PLACE_STATES, "enrolment": rules.ENROLMENT_STATES}


@get("/projects/{project_id:uuid}/place", opt=SIGNED_IN)
async def place_page(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """The place a project was given, promised or offered."""
    return await _place(request, project_id, filled(), {}, "")


@post("/projects/{project_id:uuid}/place/acceptance", opt=SIGNED_IN)
async def accept_place(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """Accept; the agreement comes next."""

    async def act(_form: Nothing) -> str:
        await actions.accept_place(project_id, by=request.user, at=now())
        return f"/projects/{project_id}/agreement"

    return await submit(request, Nothing, act, _place_again(request, project_id), notice=_("Votre place est prise. Bienvenue !"))


@post("/projects/{project_id:uuid}/place/refusal", opt=SIGNED_IN)
async def decline_place(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """Decline."""

    async def act(form: AnswerForm) -> str:
        await actions.decline_place(project_id, form, by=request.user, at=now())
        return f"/projects/{project_id}/place"

    return await submit(request, AnswerForm, act, _place_again(request, project_id), notice=_("Votre réponse est enregistrée."))


@post("/projects/{project_id:uuid}/place/withdrawal", opt=SIGNED_IN)
async def withdraw_place(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """Give an accepted place back."""

    async def act(form: AnswerForm) -> str:
        await actions.withdraw_place(project_id, form, by=request.user, at=now())
        return f"/projects/{project_id}/place"

    return await submit(request, AnswerForm, act, _place_again(request, project_id), notice=_("La place est rendue."))


def _place_again(request: AnyRequest, project_id: UUID) -> Callable[[Typed, dict[str, str], str], Awaitable[Response[Any]]]:
    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _place(request, project_id, values, errors, reason)

    return shown


async def _place(request: AnyRequest, project_id: UUID, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    place = await queries.place_of(request.user, project_id)
    at = now()
    return page(
        request, "cohorts/place.html", place=place, project_id=project_id, values=values, errors=errors, reason=reason,
        states=rules.PLACE_STATES, manages=request.user.manages(place.programme),
        why_not_accept=rules.why_not_accept(place, at), why_not_decline=rules.why_not_decline(place, at),
        why_not_withdraw=rules.why_not_withdraw(place, at),
    )  # fmt: skip


@get("/projects/{project_id:uuid}/agreement", opt=SIGNED_IN)
async def agreement_page(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """The agreement, and who has signed it."""
    return await _agreement(request, project_id, {}, "")


@post("/projects/{project_id:uuid}/agreement", opt=SIGNED_IN)
async def sign_agreement(request: AnyRequest, project_id: FromPath[UUID]) -> Response[Any]:
    """Sign for the team or for the programme."""

    async def act(form: SignatureForm) -> str:
        await actions.sign_agreement(project_id, form, by=request.user, at=now())
        return f"/projects/{project_id}/agreement"

    async def shown(_values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _agreement(request, project_id, errors, reason)

    return await submit(request, SignatureForm, act, shown, notice=_("Votre signature est enregistrée."))


async def _agreement(request: AnyRequest, project_id: UUID, errors: dict[str, str], reason: str) -> Response[Any]:
    place = await queries.place_of(request.user, project_id)
    found = await queries.agreement_of(place)
    if found is None:
        return lead_to(request, f"/projects/{project_id}/place")
    me = request.user
    side = "project" if place.is_depositor else "programme" if me.manages(place.programme) else ""
    why_not = (rules.why_not_sign_for_project if side == "project" else rules.why_not_sign_for_programme)(place, me.id)
    return page(
        request, "cohorts/agreement.html", place=place, agreement=found, project_id=project_id, side=side,
        why_not=why_not, errors=errors, reason=reason,
    )  # fmt: skip


HANDLERS = [
    cohorts_page,
    cohort_form,
    create_cohort,
    cohort_page,
    resize_cohort,
    offer_place,
    release_place,
    place_page,
    accept_place,
    decline_place,
    withdraw_place,
    agreement_page,
    sign_agreement,
]
