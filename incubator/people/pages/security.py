"""How one signs in, and where one is signed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, lead_to, page, settings_of, submit
from incubator.core.policy import OWN, SET_UP, fresh, need_proof
from incubator.people import actions, rules
from incubator.people.forms import PasskeyForm, PasswordForm
from incubator.people.pages.peer import AnyRequest, opened_of, site_of, turn_to, with_session
from incubator.people.queries import own_security

SECURITY = "/account/security"


@get(SECURITY, opt=OWN)
async def security_page(request: AnyRequest) -> Response[Any]:
    """Password, passkeys, application, recovery codes, open sessions."""
    return await _security(request)


async def _security(request: AnyRequest) -> Response[Any]:
    return page(
        request,
        "people/security.html",
        mine=await own_security(request.user, at=now()),
        opened=opened_of(request),
        is_fresh=fresh(request),
        is_required=settings_of(request).second_factor_required,
        device_words=rules.device_words,
    )


@get("/account/security/start", opt=SET_UP)
async def start_page(request: AnyRequest) -> Response[Any]:
    """For who must have a second proof and has none: choose one."""
    return page(request, "people/security_start.html", next=request.query_params.get("next", ""))


@get("/account/password", opt=OWN)
async def password_page(request: AnyRequest) -> Response[Any]:
    """Choose or change one's password."""
    need_proof(request, "/account/password")
    return await _password(request, {}, "")


@post("/account/password", opt=OWN)
async def set_password(request: AnyRequest) -> Response[Any]:
    """Keep the new password; other sessions end."""
    need_proof(request, "/account/password")

    async def act(form: PasswordForm) -> str:
        await actions.set_password(form.password, opened=opened_of(request), by=request.user, at=now())
        return SECURITY

    async def shown(_values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _password(request, errors, reason)

    notice = _("Votre mot de passe est enregistré. Vos autres sessions sont fermées.")
    return await submit(request, PasswordForm, act, shown, notice=notice, keyed=False)


async def _password(request: AnyRequest, errors: dict[str, str], reason: str) -> Response[Any]:
    return page(request, "people/password.html", errors=errors, reason=reason)


@get("/account/security/passkeys/new", opt=SET_UP)
async def new_passkey_page(request: AnyRequest) -> Response[Any]:
    """Name a new passkey, and let the device make it."""
    need_proof(request, "/account/security/passkeys/new")
    return await _new_passkey(request, filled(), {}, "")


@post("/account/security/passkeys/options", opt=SET_UP, status_code=200)
async def passkey_options(request: AnyRequest) -> Response[str]:
    """What the browser asks its authenticator."""
    need_proof(request, "/account/security/passkeys/new")
    options = await actions.ask_registration(by=request.user, site=site_of(request), at=now())
    return Response(options, media_type="application/json; charset=utf-8")


@post("/account/security/passkeys", opt=SET_UP)
async def add_passkey(request: AnyRequest) -> Response[Any]:
    """Keep a new passkey; other sessions end."""
    need_proof(request, "/account/security/passkeys/new")
    renewed: list[str] = []

    async def act(form: PasskeyForm) -> str:
        opened, site = opened_of(request), site_of(request)
        secret = await actions.register(form.credential, form.name, opened=opened, by=request.user, site=site, at=now())
        renewed.append(turn_to(request, secret))
        return SECURITY

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _new_passkey(request, values, errors, reason)

    response = await submit(request, PasskeyForm, act, shown, notice=_("La clé d’accès est enregistrée."), keyed=False)
    return with_session(request, response, renewed[0]) if renewed else response


async def _new_passkey(request: AnyRequest, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    return page(request, "people/new_passkey.html", values=values, errors=errors, reason=reason)


@post("/account/security/passkeys/{passkey_id:uuid}/removal", opt=OWN)
async def remove_passkey(request: AnyRequest, passkey_id: FromPath[UUID]) -> Response[Any]:
    """Forget a passkey."""
    need_proof(request, SECURITY)
    required = settings_of(request).second_factor_required
    await actions.remove_passkey(passkey_id, opened=opened_of(request), by=request.user, required=required, at=now())
    return lead_to(request, SECURITY, _("La clé d’accès est retirée."))


@post("/account/sessions/{session_id:uuid}/end", opt=OWN)
async def end_session(request: AnyRequest, session_id: FromPath[UUID]) -> Response[Any]:
    """End one of one's own sessions."""
    await actions.end_session(session_id, by=request.user, at=now())
    return lead_to(request, SECURITY, _("La session est fermée."))


@post("/account/sessions/others/end", opt=OWN)
async def end_other_sessions(request: AnyRequest) -> Response[Any]:
    """End every session but this one."""
    await actions.end_other_sessions(opened_of(request).session, by=request.user, at=now())
    return lead_to(request, SECURITY, _("Vos autres sessions sont fermées."))


HANDLERS = [
    security_page,
    start_page,
    password_page,
    set_password,
    new_passkey_page,
    passkey_options,
    add_passkey,
    remove_passkey,
    end_session,
    end_other_sessions,
]
