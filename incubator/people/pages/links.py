"""Pages that links sent by mail lead to."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, page, safe_next, submit
from incubator.core.policy import PUBLIC
from incubator.people import actions
from incubator.people.forms import (
    LinkForm,
    NewPasswordForm,
    ResetForm,
)
from incubator.people.pages.peer import AnyRequest, peer


@get("/confirm", opt=PUBLIC)
async def confirm_page(request: AnyRequest) -> Response[Any]:
    """A button: only pressing it uses the link, so that a mail scanner that follows it does not."""
    asked = request.query_params
    return await _confirm(request, filled(token=asked.get("token", ""), next=asked.get("next", "")), "")


@post("/confirm", opt=PUBLIC)
async def confirm(request: AnyRequest) -> Response[Any]:
    """Confirm an address, and go on to where its owner was going."""

    async def act(form: LinkForm) -> str:
        await actions.confirm_address(form.token, at=now())
        return safe_next(form.next)

    async def shown(values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _confirm(request, values, reason)

    return await submit(request, LinkForm, act, shown, notice=_("Votre adresse est confirmée."), keyed=False)


async def _confirm(request: AnyRequest, values: Typed, reason: str) -> Response[Any]:
    return page(request, "people/confirm.html", values=values, reason=reason)


@get("/forgotten-password", opt=PUBLIC)
async def forgotten_page(request: AnyRequest) -> Response[Any]:
    """Ask for a new password."""
    return await _forgotten(request, filled(), {}, "")


@post("/forgotten-password", opt=PUBLIC)
async def forgotten(request: AnyRequest) -> Response[Any]:
    """Send a link to that address, when it is known."""

    async def act(form: ResetForm) -> str:
        await actions.ask_reset(form.email, address=peer(request), at=now())
        return "/forgotten-password/done"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _forgotten(request, values, errors, reason)

    return await submit(request, ResetForm, act, shown, keyed=False)


async def _forgotten(request: AnyRequest, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    return page(request, "people/forgotten_password.html", values=values, errors=errors, reason=reason)


@get("/forgotten-password/done", opt=PUBLIC)
async def forgotten_done(request: AnyRequest) -> Response[Any]:
    """Look into your mail."""
    return page(
        request,
        "people/look_into_mail.html",
        lead=_(
            "Si un compte existe pour cette adresse, un courriel vient de partir. Son lien sert une fois, pendant dix minutes."
        ),
        sign_in=False,
    )


@get("/new-password", opt=PUBLIC)
async def new_password_page(request: AnyRequest) -> Response[Any]:
    """Choose a password with a link sent by mail."""
    return await _new_password(request, filled(token=request.query_params.get("token", "")), {}, "")


@post("/new-password", opt=PUBLIC)
async def new_password(request: AnyRequest) -> Response[Any]:
    """Use the link; then sign in."""

    async def act(form: NewPasswordForm) -> str:
        await actions.choose_password(form, at=now())
        return "/sign-in"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _new_password(request, values, errors, reason)

    return await submit(
        request, NewPasswordForm, act, shown, notice=_("Votre mot de passe est enregistré. Connectez-vous."), keyed=False
    )


async def _new_password(request: AnyRequest, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    return page(request, "people/new_password.html", values=values, errors=errors, reason=reason)


HANDLERS = [confirm_page, confirm, forgotten_page, forgotten, forgotten_done, new_password_page, new_password]
