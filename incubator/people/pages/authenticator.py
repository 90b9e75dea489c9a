"""The authenticator application and its recovery codes."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, lead_to, page, settings_of, submit
from incubator.core.policy import OWN, SET_UP, need_proof
from incubator.people import actions
from incubator.people.forms import CodeForm
from incubator.people.pages.peer import AnyRequest, opened_of, turn_to, with_session
from incubator.people.pages.security import SECURITY

AUTHENTICATOR = "/account/security/authenticator"


@post(AUTHENTICATOR, opt=SET_UP)
async def start(request: AnyRequest) -> Response[Any]:
    """Draw a secret for an application."""
    need_proof(request, SECURITY)
    await actions.start_totp(by=request.user, key=settings_of(request).secret_key, at=now())
    return lead_to(request, AUTHENTICATOR)


@get(AUTHENTICATOR, opt=SET_UP)
async def authenticator_page(request: AnyRequest) -> Response[Any]:
    """A square to scan, the same in letters, and the field of the first code."""
    need_proof(request, SECURITY)
    return await _authenticator(request, {}, "")


async def _authenticator(request: AnyRequest, errors: dict[str, str], reason: str) -> Response[Any]:
    set_up = await actions.totp_set_up(by=request.user, key=settings_of(request).secret_key)
    if set_up is None:
        return lead_to(request, SECURITY)
    letters = " ".join(set_up.secret[start : start + 4] for start in range(0, len(set_up.secret), 4))
    picture = _picture(set_up.address)
    return page(request, "people/authenticator.html", errors=errors, reason=reason, letters=letters, picture=picture)


def _picture(address: str) -> str:
    import segno  # noqa: PLC0415 - 40 ms at start-up that only this page needs

    return segno.make_qr(address, error="m").svg_data_uri(scale=5, border=4, light="#fff", dark="#000")


@post("/account/security/authenticator/confirmation", opt=SET_UP)
async def confirm(request: AnyRequest) -> Response[Any]:
    """The first code: the application counts from now on. The recovery codes are shown, this once."""
    need_proof(request, SECURITY)
    made: list[tuple[str, list[str]]] = []

    async def act(form: CodeForm) -> str:
        opened, key = opened_of(request), settings_of(request).secret_key
        made.append(await actions.confirm_totp(form.code, opened=opened, by=request.user, key=key, at=now()))
        return SECURITY

    async def shown(_values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _authenticator(request, errors, reason)

    response = await submit(request, CodeForm, act, shown, keyed=False)
    if not made:
        return response
    secret, codes = made[0]
    turn_to(request, secret)  # the page that answers belongs to the renewed session
    return with_session(request, _codes(request, codes), secret)


def _codes(request: AnyRequest, codes: list[str]) -> Response[Any]:
    return page(request, "people/recovery_codes.html", codes=codes)


@post("/account/security/codes", opt=OWN)
async def regenerate(request: AnyRequest) -> Response[Any]:
    """New recovery codes, shown this once; the old ones stop working."""
    need_proof(request, SECURITY)
    return _codes(request, await actions.regenerate_codes(opened=opened_of(request), by=request.user, at=now()))


@post("/account/security/authenticator/removal", opt=OWN)
async def remove(request: AnyRequest) -> Response[Any]:
    """Stop asking for codes."""
    need_proof(request, SECURITY)
    required = settings_of(request).second_factor_required
    await actions.remove_totp(opened=opened_of(request), by=request.user, required=required, at=now())
    return lead_to(request, SECURITY, _("L’application est retirée, et ses codes de secours avec elle."))


HANDLERS = [start, authenticator_page, confirm, regenerate, remove]
