"""Who speaks to us, and letting them in."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Request, Response

from incubator.core.clock import now
from incubator.core.pages import safe_next, settings_of
from incubator.people import actions
from incubator.people.actions import Browser, Entered, Site
from incubator.people.authentication import cookie_name, device_cookie, session_cookie, visit_cookie
from incubator.people.queries import OpenSession
from incubator.people.rules import FULL, SECOND
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


def browser_of(request: AnyRequest) -> Browser:
    """Where someone signs in from."""
    device = request.cookies.get(cookie_name("device", settings_of(request)), "")
    known = device if 20 <= len(device) <= 100 else ""
    return Browser(request.headers.get("user-agent", ""), peer(request), known)


def site_of(request: AnyRequest) -> Site:
    """What passkeys are bound to."""
    return Site(settings_of(request).public_url, request.scope["state"]["session_secret"])


def opened_of(request: AnyRequest) -> OpenSession:
    """The session of who is signed in, wholly or by half."""
    return request.scope["state"]["opened"]  # type: ignore[no-any-return]


def next_step(standing: str, target: str) -> str:
    """Where someone who just entered goes: on, or to the second proof first."""
    target = safe_next(target)
    if standing == FULL:
        return target
    step = "/second-factor" if standing == SECOND else "/account/security/start"
    return f"{step}?next={quote(target, safe='/')}"


async def let_in(request: AnyRequest, response: Response[Any], entered: Entered) -> Response[Any]:
    """Give the browser its new session, and end the one it had."""
    settings = settings_of(request)
    response.set_cookie(device_cookie(entered.device, settings))
    previous = request.cookies.get(cookie_name("session", settings), "")
    if previous:
        await actions.end_session_by(hashed(previous), at=now())
    return with_session(request, response, entered.secret)


def turn_to(request: AnyRequest, secret: str) -> str:
    """From here on this request is of the session with that secret: what its answer says is said to that one."""
    request.scope["state"]["session_secret"] = secret
    return secret


def with_session(request: AnyRequest, response: Response[Any], secret: str) -> Response[Any]:
    """The answer, with this session's cookie; a visitor's own secret is over."""
    settings = settings_of(request)
    response.set_cookie(session_cookie(secret, settings))
    response.delete_cookie(cookie_name("visit", settings))
    return response


def without_session(request: AnyRequest, response: Response[Any]) -> Response[Any]:
    """The answer to a browser whose session has just ended: it visits from here on, and is told what this request says."""
    settings = settings_of(request)
    response.set_cookie(visit_cookie(request.scope["state"]["session_secret"], settings))
    response.set_cookie(session_cookie("", settings))
    return response


def where_to(request: AnyRequest, entered: Entered, target: str) -> str:
    """Where someone who just entered goes."""
    turn_to(request, entered.secret)
    return next_step(entered.standing(required=settings_of(request).second_factor_required), target)
