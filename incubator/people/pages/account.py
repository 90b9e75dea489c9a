"""One’s own account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from incubator.core.clock import now
from incubator.core.language import _
from incubator.core.pages import Typed, filled, lead_to, new_once, page, submit
from incubator.core.policy import SIGNED_IN
from incubator.people import actions, rules
from incubator.people.forms import (
    AccountForm,
    TokenForm,
)
from incubator.people.pages.peer import AnyRequest
from incubator.people.queries import own_account


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


HANDLERS = [account_page, save_account, end_session, create_token, revoke_token]
