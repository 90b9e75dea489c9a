"""Pages that letters lead to: confirming an address, choosing a password, changing address."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Response, get, post

from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, lead_to, page, safe_next, submit
from incubator.core.policy import PUBLIC
from incubator.people import actions
from incubator.people.forms import LinkForm, NewPasswordForm, ResetForm
from incubator.people.pages.peer import AnyRequest, browser_of, let_in, peer, turn_to, where_to, without_session
from incubator.people.queries import address_of_link, email_link
from incubator.people.rules import masked
from incubator.people.secrets import new_secret
from incubator.people.tables import Purpose


@get("/confirm", opt=PUBLIC)
async def confirm_page(request: AnyRequest) -> Response[Any]:
    """A button: only pressing it uses the link, so that a mail scanner that follows it does not."""
    asked = request.query_params
    return await _confirm(request, filled(token=asked.get("token", ""), next=asked.get("next", "")), "")


@post("/confirm", opt=PUBLIC)
async def confirm(request: AnyRequest) -> Response[Any]:
    """Confirm an address; the browser that signed up goes on to where its owner was going, another or a late one signs in."""
    done: list[actions.Confirmed] = []

    async def act(form: LinkForm) -> str:
        secret = request.scope["state"].get("session_secret", "") if request.auth == "session" else ""
        browser = browser_of(request)
        done.append(await actions.confirm_address(form.token, session_secret=secret, browser=browser, at=now()))
        if done[0].entered:
            return where_to(request, done[0].entered, form.next)
        if done[0].is_late:
            turn_to(request, new_secret())
        if request.user is None or done[0].is_late:
            return f"/sign-in?next={quote(safe_next(form.next), safe='/')}"
        return safe_next(form.next)

    async def shown(values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _confirm(request, values, reason)

    response = await submit(request, LinkForm, act, shown, notice=_("Votre adresse est confirmée."), keyed=False)
    if done and done[0].entered:
        return await let_in(request, response, done[0].entered)
    return without_session(request, response) if done and done[0].is_late else response


async def _confirm(request: AnyRequest, values: Typed, reason: str) -> Response[Any]:
    email = await address_of_link(values.token, Purpose.CONFIRM, at=now())
    return page(request, "people/confirm.html", values=values, reason=reason, address=masked(email) if email else "")


@get("/forgotten-password", opt=PUBLIC)
async def forgotten_page(request: AnyRequest) -> Response[Any]:
    """Ask for a new password."""
    return await _forgotten(request, filled(), {}, "")


@post("/forgotten-password", opt=PUBLIC)
async def forgotten(request: AnyRequest) -> Response[Any]:
    """Send a link to that address, when it is known."""

    async def act(form: ResetForm) -> str:
        device = browser_of(request).device
        await actions.ask_link(form.email, Purpose.RESET, address=peer(request), device=device, at=now())
        return "/forgotten-password/done"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _forgotten(request, values, errors, reason)

    return await submit(request, ResetForm, act, shown, keyed=False)


async def _forgotten(request: AnyRequest, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    return page(request, "people/forgotten_password.html", values=values, errors=errors, reason=reason)


@get("/forgotten-password/done", opt=PUBLIC)
async def forgotten_done(request: AnyRequest) -> Response[Any]:
    """Look into your mail."""
    lead = _("Si un compte existe pour cette adresse, un courriel vient de partir. Son lien sert une fois, pendant dix minutes.")
    return page(request, "people/look_into_mail.html", lead=lead)


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

    notice = _("Votre mot de passe est enregistré. Connectez-vous.")
    return await submit(request, NewPasswordForm, act, shown, notice=notice, keyed=False)


async def _new_password(request: AnyRequest, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    return page(request, "people/new_password.html", values=values, errors=errors, reason=reason)


@get("/account/email/use", opt=PUBLIC)
async def email_link_page(request: AnyRequest) -> Response[Any]:
    """The button behind one of the two letters of a change of address."""
    return await _email_link(request, filled(token=request.query_params.get("token", "")), "")


@post("/account/email/use", opt=PUBLIC)
async def use_email_link(request: AnyRequest) -> Response[Any]:
    """Agree to the change from this mailbox; with the other one's, it is done."""
    changed: list[bool] = []

    async def act(form: LinkForm) -> str:
        changed.append(await actions.press_email_link(form.token, at=now()))
        return "/account" if request.user else "/sign-in"

    async def shown(values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _email_link(request, values, reason)

    response = await submit(request, LinkForm, act, shown, keyed=False)
    if not changed:
        return response
    done, half = _("Votre adresse est changée."), _("C’est noté. Ouvrez maintenant le courriel reçu à l’autre adresse.")
    return lead_to(request, "/account" if request.user else "/sign-in", done if changed[0] else half)


async def _email_link(request: AnyRequest, values: Typed, reason: str) -> Response[Any]:
    link = await email_link(values.token, at=now())
    return page(request, "people/use_email_link.html", values=values, reason=reason, link=link, masked=masked)


HANDLERS = [
    confirm_page,
    confirm,
    forgotten_page,
    forgotten,
    forgotten_done,
    new_password_page,
    new_password,
    email_link_page,
    use_email_link,
]
