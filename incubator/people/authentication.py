"""Who sends this request: a live session's cookie, or, on the API, a program's bearer token. One statement a request."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, MutableScopeHeaders

from incubator.core.clock import now
from incubator.core.language import LANGUAGES, language
from incubator.core.settings import Settings
from incubator.people.actions import touch_session
from incubator.people.queries import OpenSession, person_by_api_token, session_by
from incubator.people.rules import FULL
from incubator.people.secrets import hashed

TOUCH_AFTER = timedelta(minutes=1)
DEVICE_SECONDS = 180 * 86400


def cookie_name(kind: str, settings: Settings) -> str:
    """`__Host-session` over https; plain names on a developer's http."""
    return f"__Host-{kind}" if settings.secure else kind


def session_cookie(secret: str, settings: Settings) -> Cookie:
    """The cookie of a session; an empty secret removes it."""
    name = cookie_name("session", settings)
    lasts = 7 * 86400 if secret else 0
    return Cookie(key=name, value=secret, max_age=lasts, httponly=True, secure=settings.secure, samesite="lax", path="/")


def visit_cookie(secret: str, settings: Settings) -> Cookie:
    """The secret of a visitor, signed in to nothing: the forms they see and what is said to them are theirs alone."""
    name, secure = cookie_name("visit", settings), settings.secure
    return Cookie(key=name, value=secret, httponly=True, secure=secure, samesite="lax", path="/")


def device_cookie(secret: str, settings: Settings) -> Cookie:
    """What a browser is known by when someone signs in again; it opens nothing."""
    name = cookie_name("device", settings)
    secure = settings.secure
    return Cookie(key=name, value=secret, max_age=DEVICE_SECONDS, httponly=True, secure=secure, samesite="lax", path="/")


class Authentication:
    """ASGI middleware that says who asks (`request.user`) and how (`request.auth`: session, token or None)."""

    def __init__(self, app: Any, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"].startswith(("/static/", "/health/")):
            scope["user"] = scope["auth"] = None
            await self.app(scope, receive, send)
            return
        connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
        scope["user"] = scope["auth"] = None
        bearer = connection.headers.get("authorization", "")
        if bearer[:7].lower() == "bearer " and scope["path"].startswith("/api/"):  # pages are for people: no token makes a token
            secret = bearer[7:].strip()[:200]
            scope["user"] = await person_by_api_token(hashed(secret), strong=self.settings.second_factor_required)
            scope["auth"] = "token"
            await self.app(scope, receive, send)
            return
        secret = connection.cookies.get(cookie_name("session", self.settings), "")
        opened = await self._open_session(scope, secret)
        if not opened:
            send = self._with_visit(connection, scope, send)
        chosen = connection.cookies.get("language", "")
        if opened:
            language.set(opened.language)
        elif chosen in LANGUAGES:
            language.set(chosen)
        await self.app(scope, receive, send)

    async def _open_session(self, scope: Any, secret: str) -> OpenSession | None:
        if not 20 <= len(secret) <= 100:
            return None
        at = now()
        opened = await session_by(hashed(secret), at=at)
        if opened is None:
            return None
        scope["auth"] = "session"
        scope["state"] |= {"session_secret": secret, "opened": opened, "proven_at": opened.proven_at}
        if opened.is_viewing:
            scope["state"] |= {"viewed_by": opened.owner_name, "proven_at": None}
        standing = opened.standing(required=self.settings.second_factor_required)
        if standing == FULL:
            scope["user"] = opened.person
        else:
            scope["state"] |= {"half_in": opened.person, "standing": standing}
        if at - opened.seen_at > TOUCH_AFTER:
            await touch_session(opened.session, opened.created_at, is_staff=opened.person.is_staff, at=at)
        return opened

    def _with_visit(self, connection: ASGIConnection[Any, Any, Any, Any], scope: Any, send: Any) -> Any:
        """Give a visitor a secret of their own, so that the forms they see are theirs alone."""
        visit = connection.cookies.get(cookie_name("visit", self.settings), "")
        if 20 <= len(visit) <= 100:
            scope["state"]["session_secret"] = visit
            return send
        scope["state"]["session_secret"] = visit = secrets.token_urlsafe(24)
        cookie = visit_cookie(visit, self.settings)

        async def send_with_cookie(message: Any) -> None:
            if message["type"] == "http.response.start" and scope["method"] == "GET":
                MutableScopeHeaders.from_message(message).add("set-cookie", cookie.to_header(header=""))
            await send(message)

        return send_with_cookie
