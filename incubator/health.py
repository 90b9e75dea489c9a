"""Is it alive, is it ready; static files; the language of a visitor; the pages the law asks for."""

from __future__ import annotations

import gzip
import mimetypes
from functools import cache
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import Cookie
from litestar.params import FromPath

from incubator.core.database import value
from incubator.core.errors import NotFound, Unavailable
from incubator.core.language import language
from incubator.core.pages import lead_to, page, settings_of
from incubator.core.policy import PUBLIC
from incubator.core.readiness import pending
from incubator.core.templates import files


@get("/health/live", opt=PUBLIC, media_type="text/plain", sync_to_thread=False)
def live() -> str:
    """The process answers."""
    return "ok"


@get("/health/ready", opt=PUBLIC, media_type="text/plain")
async def ready() -> str:
    """The database answers and is as new as the code."""
    await value("SELECT 1")
    if await pending():
        raise Unavailable("migrations pending")
    return "ok"


@get("/static/{path:path}", opt=PUBLIC, sync_to_thread=False)
def static_file(request: Request[Any, Any, Any], path: FromPath[str]) -> Response[bytes]:
    """A file whose address changes with its content, so it may be kept for ever."""
    content, squeezed, kind = _content(path.lstrip("/").partition("/")[2])
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if squeezed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(squeezed, media_type=kind, headers=headers | {"Content-Encoding": "gzip"})
    return Response(content, media_type=kind, headers=headers)


@cache
def _content(name: str) -> tuple[bytes, bytes, str]:
    """A file, the same squeezed when that makes it smaller (it is public: nothing secret can be guessed from its length)."""
    known = files().get(name)
    if known is None:
        raise NotFound
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    content = known[0].read_bytes()
    if not (kind.startswith("text/") or "javascript" in kind or "svg" in kind):
        return content, b"", kind
    return content, gzip.compress(content, 9, mtime=0), f"{kind}; charset=utf-8"


@get("/language", opt=PUBLIC, sync_to_thread=False)
def other_language(request: Request[Any, Any, Any]) -> Response[Any]:
    """Read in the other language, until the browser closes; an account keeps its own."""
    response = lead_to(request, "/account" if request.user else "/")
    chosen = "en" if language.get() == "fr" else "fr"
    response.set_cookie(Cookie(key="language", value=chosen, samesite="lax", secure=settings_of(request).secure, httponly=True))
    return response


@get("/accessibility", opt=PUBLIC, sync_to_thread=False)
def accessibility(request: Request[Any, Any, Any]) -> Response[Any]:
    """What is known of the accessibility of these pages, and whom to tell."""
    return page(request, "health/accessibility.html")


HANDLERS = [live, ready, static_file, other_language, accessibility]
