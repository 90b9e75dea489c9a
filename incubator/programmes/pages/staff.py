"""Who works for a programme: its managers see, invite and withdraw."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, lead_to, new_once, page, submit
from incubator.core.policy import PUBLIC, SIGNED_IN, STAFF
from incubator.people import actions
from incubator.people.forms import LinkForm, RoleForm
from incubator.people.queries import offer_by, roles_held, roles_offered
from incubator.people.rules import is_confusable, masked, role_words
from incubator.people.tables import Role
from incubator.programmes.queries import programme_by_code, programme_name

AnyRequest = Request[Any, Any, Any]


class WithdrawalForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which role of whom is withdrawn."""

    account: UUID
    role: Role


@get("/programmes/{code:str}/staff", opt=STAFF)
async def staff(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Staff and roles, offers that wait, and the form that makes one."""
    return await _staff(request, code, filled(role=Role.INSTRUCTOR.value), {}, "")


@post("/programmes/{code:str}/staff", opt=STAFF)
async def offer_role(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Offer a role by mail."""

    async def act(form: RoleForm) -> str:
        programme = await programme_by_code(code)
        await actions.offer_role(programme.id, programme.name, form, by=request.user, at=now())
        return f"/programmes/{code}/staff"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _staff(request, code, values, errors, reason)

    return await submit(request, RoleForm, act, shown, notice=_("L’invitation est partie."))


async def _staff(request: AnyRequest, code: str, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    programme = await programme_by_code(code)
    held = await roles_held(request.user, programme.id)
    return page(
        request,
        "programmes/staff.html",
        programme=programme,
        held=held,
        offered=await roles_offered(request.user, programme.id, at=now()),
        managers=sum(one.role == Role.MANAGER.value for one in held),
        roles=[(role.value, role_words(role.value).capitalize()) for role in Role],
        role_words=role_words,
        is_confusable=is_confusable,
        values=values,
        errors=errors,
        reason=reason,
        once=new_once(),
    )


@post("/programmes/{code:str}/staff/withdrawal", opt=STAFF)
async def withdraw_role(request: AnyRequest, code: FromPath[str]) -> Response[Any]:
    """Take a role away; it counts at the next request (A13)."""

    async def act(form: WithdrawalForm) -> str:
        programme = await programme_by_code(code)
        await actions.withdraw_role(form.account, form.role, programme.id, by=request.user, at=now())
        still = form.account != request.user.id or form.role is not Role.MANAGER
        return f"/programmes/{code}/staff" if still else f"/programmes/{code}"

    async def shown(_values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _staff(request, code, filled(role=Role.INSTRUCTOR.value), {}, reason or " ".join(errors.values()))

    return await submit(request, WithdrawalForm, act, shown, notice=_("Le rôle est retiré."))


@post("/programmes/{code:str}/staff/offers/{offer_id:uuid}/revocation", opt=STAFF)
async def revoke_offer(request: AnyRequest, code: FromPath[str], offer_id: FromPath[UUID]) -> Response[Any]:
    """Take an offer back."""
    programme = await programme_by_code(code)
    await actions.revoke_offer(offer_id, programme.id, by=request.user, at=now())
    return lead_to(request, f"/programmes/{code}/staff", _("L’invitation ne vaut plus rien."))


@get("/role-invitation", opt=PUBLIC)
async def offer_page(request: AnyRequest) -> Response[Any]:
    """What is offered, to which address; a button for who has proven it."""
    return await _offer(request, filled(token=request.query_params.get("token", "")), "")


@post("/role-invitation", opt=SIGNED_IN)
async def accept_role(request: AnyRequest) -> Response[Any]:
    """Take the role up."""

    async def act(form: LinkForm) -> str:
        await actions.accept_role(form.token, by=request.user, at=now())
        return "/"

    async def shown(values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _offer(request, values, reason)

    return await submit(request, LinkForm, act, shown, notice=_("Bienvenue dans l’équipe."), keyed=False)


async def _offer(request: AnyRequest, values: Typed, reason: str) -> Response[Any]:
    offer = await offer_by(values.token, at=now())
    return page(
        request,
        "programmes/role_invitation.html",
        offer=offer,
        programme=await programme_name(offer.programme) if offer else "",
        role_words=role_words,
        address=masked(offer.email) if offer else "",
        is_theirs=bool(offer and request.user and request.user.is_confirmed and request.user.email == offer.email),
        values=values,
        reason=reason,
    )


HANDLERS = [staff, offer_role, withdraw_role, revoke_offer, offer_page, accept_role]
