"""Signing in, by password, by a link sent by mail or by a passkey; signing out."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, lead_to, page, settings_of, submit
from incubator.core.policy import PUBLIC, fresh
from incubator.people import actions
from incubator.people.authentication import cookie_name, session_cookie
from incubator.people.forms import AskLinkForm, CredentialForm, LinkForm, SignInForm
from incubator.people.pages.peer import AnyRequest, browser_of, let_in, next_step, peer, site_of, where_to
from incubator.people.queries import address_of_link
from incubator.people.rules import masked
from incubator.people.secrets import hashed
from incubator.people.tables import Purpose


@get("/sign-in", opt=PUBLIC)
async def sign_in_page(request: AnyRequest) -> Response[Any]:
    """The sign-in form; whoever already gave the first of two proofs is led to the second."""
    target = request.query_params.get("next", "")
    standing = request.scope["state"].get("standing")
    if standing and fresh(request):
        return lead_to(request, next_step(standing, target))
    return await _sign_in(request, filled(next=target), {}, "")


@post("/sign-in", opt=PUBLIC)
async def sign_in(request: AnyRequest) -> Response[Any]:
    """Open a session with a new secret and go where one was going."""
    opened: list[actions.Entered] = []

    async def act(form: SignInForm) -> str:
        browser = browser_of(request)
        entered, _person = await actions.sign_in(
            form, address=browser.address, agent=browser.agent, device=browser.device, at=now()
        )
        opened.append(entered)
        return where_to(request, entered, form.next)

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _sign_in(request, values, errors, reason)

    response = await submit(request, SignInForm, act, shown, keyed=False)
    return await let_in(request, response, opened[0]) if opened else response


async def _sign_in(request: AnyRequest, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    return page(request, "people/sign_in.html", values=values, errors=errors, reason=reason)


@post("/sign-in/link", opt=PUBLIC)
async def ask_link(request: AnyRequest) -> Response[Any]:
    """Send a link to that address, when it has an account; the answer never says whether it does."""

    async def act(form: AskLinkForm) -> str:
        browser = browser_of(request)
        await actions.ask_link(
            form.email, Purpose.SIGN_IN, address=browser.address, device=browser.device, next_path=form.next, at=now()
        )
        return "/sign-in/link/sent"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _sign_in(request, values, errors, reason)

    return await submit(request, AskLinkForm, act, shown, keyed=False)


@get("/sign-in/link/sent", opt=PUBLIC)
async def link_sent(request: AnyRequest) -> Response[Any]:
    """Look into your mail."""
    lead = _("Si un compte existe pour cette adresse, un lien vient de partir. Il sert une fois, pendant dix minutes.")
    return page(request, "people/look_into_mail.html", lead=lead)


@get("/sign-in/link/use", opt=PUBLIC)
async def link_page(request: AnyRequest) -> Response[Any]:
    """A button and the address it is for: only pressing it uses the link, so a mail scanner does not (A06)."""
    asked = request.query_params
    return await _link(request, filled(token=asked.get("token", ""), next=asked.get("next", "")), "")


@post("/sign-in/link/use", opt=PUBLIC)
async def use_link(request: AnyRequest) -> Response[Any]:
    """Use the link up, and enter."""
    opened: list[actions.Entered] = []

    async def act(form: LinkForm) -> str:
        opened.append(await actions.sign_in_with_link(form.token, browser=browser_of(request), at=now()))
        return where_to(request, opened[0], form.next)

    async def shown(values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _link(request, values, reason)

    response = await submit(request, LinkForm, act, shown, keyed=False)
    return await let_in(request, response, opened[0]) if opened else response


async def _link(request: AnyRequest, values: Typed, reason: str) -> Response[Any]:
    email = await address_of_link(values.token, Purpose.SIGN_IN, at=now())
    return page(request, "people/use_link.html", values=values, reason=reason, address=masked(email) if email else "")


@post("/sign-in/passkey/options", opt=PUBLIC, status_code=200)
async def passkey_options(request: AnyRequest) -> Response[str]:
    """What the browser asks its authenticator."""
    options = await actions.ask_sign_in(site=site_of(request), address=peer(request), at=now())
    return Response(options, media_type="application/json; charset=utf-8")


@post("/sign-in/passkey", opt=PUBLIC)
async def sign_in_with_passkey(request: AnyRequest) -> Response[Any]:
    """Enter by a key."""
    opened: list[actions.Entered] = []

    async def act(form: CredentialForm) -> str:
        opened.append(
            await actions.sign_in_with_passkey(form.credential, site=site_of(request), browser=browser_of(request), at=now())
        )
        return where_to(request, opened[0], form.next)

    async def shown(values: Typed, _errors: dict[str, str], reason: str) -> Response[Any]:
        return await _sign_in(request, filled(next=values.next), {}, reason or _("Recommencez."))

    response = await submit(request, CredentialForm, act, shown, keyed=False)
    return await let_in(request, response, opened[0]) if opened else response


@post("/sign-out", opt=PUBLIC)
async def sign_out(request: AnyRequest) -> Response[Any]:
    """End this session, here and in the database."""
    settings = settings_of(request)
    secret = request.cookies.get(cookie_name("session", settings), "")
    await actions.end_session_by(hashed(secret), at=now())
    response = lead_to(request, "/")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.set_cookie(session_cookie("", settings))
    return response


HANDLERS = [
    sign_in_page,
    sign_in,
    ask_link,
    link_sent,
    link_page,
    use_link,
    passkey_options,
    sign_in_with_passkey,
    sign_out,
]
