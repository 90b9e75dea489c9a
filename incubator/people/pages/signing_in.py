"""Signing in and out."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from incubator.core.clock import now
from incubator.core.pages import Typed, filled, lead_to, page, safe_next, settings_of, submit
from incubator.core.policy import PUBLIC
from incubator.people import actions
from incubator.people.authentication import cookie_name, session_cookie
from incubator.people.forms import (
    SignInForm,
)
from incubator.people.pages.peer import AnyRequest, peer
from incubator.people.secrets import hashed


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


HANDLERS = [sign_in_page, sign_in, sign_out]
