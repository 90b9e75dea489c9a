"""Pages of accounts: signing up, in and out; links sent by mail; one's own account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from incubator.core.clock import now
from incubator.core.language import _, language
from incubator.core.pages import Typed, filled, lead_to, new_once, page, safe_next, settings_of, submit
from incubator.core.policy import PUBLIC, SIGNED_IN
from incubator.people import actions, rules
from incubator.people.authentication import cookie_name, session_cookie
from incubator.people.forms import (
    AccountForm,
    LinkForm,
    NewPasswordForm,
    ResetForm,
    SignInForm,
    SignUpForm,
    TokenForm,
)
from incubator.people.queries import own_account
from incubator.people.secrets import hashed

AnyRequest = Request[Any, Any, Any]


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form that only confirms."""


def peer(request: AnyRequest) -> str:
    """The address that speaks to us. What a client says in X-Forwarded-For is believed only behind our own proxy."""
    if settings_of(request).behind_proxy:
        forwarded = request.headers.get("x-forwarded-for", "").rsplit(",", 1)[-1].strip()
        if forwarded:
            return forwarded[:45]
    return request.client.host if request.client else "local"


@get("/sign-up", opt=PUBLIC)
async def sign_up_page(request: AnyRequest) -> Response[Any]:
    """The form that creates an account."""
    return await _sign_up(request, filled(next=request.query_params.get("next", "")), {}, "")


@post("/sign-up", opt=PUBLIC)
async def sign_up(request: AnyRequest) -> Response[Any]:
    """Create an account (R1); the same answer whether or not the address was known."""

    async def act(form: SignUpForm) -> str:
        await actions.sign_up(form, language=language.get(), address=peer(request), at=now())
        return "/sign-up/done"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _sign_up(request, values, errors, reason)

    return await submit(request, SignUpForm, act, shown, keyed=False)


async def _sign_up(request: AnyRequest, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    return page(request, "people/sign_up.html", values=values, errors=errors, reason=reason)


@get("/sign-up/done", opt=PUBLIC)
async def signed_up(request: AnyRequest) -> Response[Any]:
    """Look into your mail."""
    return page(
        request,
        "people/look_into_mail.html",
        lead=_("Nous vous avons écrit : ouvrez le courriel pour confirmer votre adresse. Vous pouvez déjà vous connecter."),
        sign_in=True,
    )


@get("/sign-in", opt=PUBLIC)
async def sign_in_page(request: AnyRequest) -> Response[Any]:
    """The sign-in form."""
    return await _sign_in(request, filled(next=request.query_params.get("next", "")), {}, "")


@post("/sign-in", opt=PUBLIC)
async def sign_in(request: AnyRequest) -> Response[Any]:
    """Open a session with a new secret and go where one was going."""
    opened: list[str] = []

    async def act(form: SignInForm) -> str:
        agent = request.headers.get("user-agent", "")
        secret, _person = await actions.sign_in(form, address=peer(request), agent=agent, at=now())
        opened.append(secret)
        return safe_next(form.next)

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _sign_in(request, values, errors, reason)

    response = await submit(request, SignInForm, act, shown, keyed=False)
    if opened:
        response.set_cookie(session_cookie(opened[0], settings_of(request)))
        response.delete_cookie(cookie_name("visit", settings_of(request)))
    return response


async def _sign_in(request: AnyRequest, values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
    return page(request, "people/sign_in.html", values=values, errors=errors, reason=reason)


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


@get("/account", opt=SIGNED_IN)
async def account_page(request: AnyRequest) -> Response[Any]:
    """One's own account: name, language, sessions, API tokens."""
    return await _account(request, None, {}, "")


@post("/account", opt=SIGNED_IN)
async def save_account(request: AnyRequest) -> Response[Any]:
    """Change one's name and language."""

    async def act(form: AccountForm) -> str:
        await actions.save_account(form, by=request.user, at=now())
        return "/account"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _account(request, values, errors, reason)

    return await submit(request, AccountForm, act, shown, notice=_("Votre compte est à jour."))


async def _account(
    request: AnyRequest, values: Typed | None, errors: dict[str, str], reason: str, *, secret: str | None = None
) -> Response[Any]:
    mine = await own_account(request.user, at=now())
    values = values or filled(name=mine.name, language=mine.language, version=mine.version)
    return page(
        request,
        "people/account.html",
        mine=mine,
        values=values,
        errors=errors,
        reason=reason,
        once=new_once(),
        secret=secret,
        device_words=rules.device_words,
    )


@post("/account/sessions/{session_id:uuid}/end", opt=SIGNED_IN)
async def end_session(request: AnyRequest, session_id: FromPath[UUID]) -> Response[Any]:
    """End one of one's own sessions."""
    await actions.end_session(session_id, by=request.user, at=now())
    return lead_to(request, "/account", _("La session est fermée."))


@post("/account/tokens", opt=SIGNED_IN)
async def create_token(request: AnyRequest) -> Response[Any]:
    """Make an API token; its secret is shown once, on the page that answers."""
    made: list[str] = []

    async def act(form: TokenForm) -> str:
        made.append(await actions.create_api_token(form.name, by=request.user, at=now()))
        return "/account"

    async def shown(values: Typed, errors: dict[str, str], reason: str) -> Response[Any]:
        return await _account(request, None, errors, reason)

    response = await submit(request, TokenForm, act, shown)
    if not made:
        return response
    return await _account(request, None, {}, "", secret=made[0])


@post("/account/tokens/{token_id:uuid}/revocation", opt=SIGNED_IN)
async def revoke_token(request: AnyRequest, token_id: FromPath[UUID]) -> Response[Any]:
    """Make a token worthless."""
    await actions.revoke_api_token(token_id, by=request.user, at=now())
    return lead_to(request, "/account", _("Le jeton ne vaut plus rien."))


HANDLERS = [
    sign_up_page,
    sign_up,
    signed_up,
    sign_in_page,
    sign_in,
    sign_out,
    confirm_page,
    confirm,
    forgotten_page,
    forgotten,
    forgotten_done,
    new_password_page,
    new_password,
    account_page,
    save_account,
    end_session,
    create_token,
    revoke_token,
]
