"""What a page handler needs: show a template, read a form, do one act, lead on, or show the form again as it was typed."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote, unquote

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie

from incubator.core.clock import now
from incubator.core.errors import Conflict, Failure, Invalid, Stale
from incubator.core.forms import from_html
from incubator.core.language import _, language
from incubator.core.once import once
from incubator.core.settings import Settings
from incubator.core.templates import render

S = TypeVar("S", bound=msgspec.Struct)

FIELDS_MAX = 1000
NOTICE = "notice"


class Link(msgspec.Struct, frozen=True):
    """An entry of a menu."""

    label: str
    href: str
    current: bool = False


class Typed:
    """What stands in the fields of a form: `values.name` is text, "" when nothing does; `values.all("x")` is a list."""

    def __init__(self, texts: dict[str, list[str]]) -> None:
        self._texts = texts

    def __getattr__(self, name: str) -> str:
        return self._texts.get(name, [""])[0]

    def __getitem__(self, name: str) -> str:
        return getattr(self, name)  # type: ignore[no-any-return]

    def all(self, name: str) -> list[str]:
        return self._texts.get(name, [])


def filled(**values: Any) -> Typed:
    """A form filled with what is stored."""
    texts = {name: value if isinstance(value, list) else [_text(value)] for name, value in values.items()}
    return Typed({name: [_text(item) for item in items] for name, items in texts.items()})


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    return "on" if value is True else str(value)


def settings_of(request: Request[Any, Any, Any]) -> Settings:
    """The settings the application was made with."""
    return request.app.state.settings  # type: ignore[no-any-return]


def page(request: Request[Any, Any, Any], template: str, *, status_code: int = 200, **context: Any) -> Response[str]:
    """A whole page, or the fragment its template is."""
    notice, kept = _notice(request)
    frame = {
        "site_name": "Alter’Incub",
        "person": request.scope.get("user"),
        "nav": request.app.state.navigation(request),
        "footer_links": request.app.state.footer(),
        "notice": notice,
        "csrf_token": form_token(request),
        "nonce": request.scope["state"].get("nonce", ""),
        "lang": language.get(),
        "path": request.url.path,
        "viewed_by": request.scope["state"].get("viewed_by"),
        "demo": settings_of(request).demo,
    }
    response = Response(render(template, frame | context), status_code=status_code, media_type="text/html; charset=utf-8")
    if kept:
        response.delete_cookie(NOTICE)
    return response


def lead_to(request: Request[Any, Any, Any], where: str, notice: str = "") -> Response[Any]:
    """Go and see the result there (303); `notice` is said on the next page."""
    if request.headers.get("hx-request") == "true":
        response: Response[Any] = Response(None, status_code=204, headers={"HX-Redirect": where})
    else:
        response = Response(None, status_code=303, headers={"Location": where})
    if notice:
        signed = f"{_sign(request, notice)}.{quote(notice)}"
        secure = settings_of(request).secure
        response.set_cookie(Cookie(key=NOTICE, value=signed, max_age=60, httponly=True, samesite="lax", secure=secure))
    return response


async def sent_form(request: Request[Any, Any, Any]) -> dict[str, list[str]]:
    """The fields of a posted form, in order, without its files. Raises `Invalid` for what no browser sends."""
    if request.content_type[0] == "multipart/form-data":
        try:
            parts = await request.form()
        except (LookupError, UnicodeError):  # a part that names a charset of its own
            raise Invalid({}, _("Ce formulaire est illisible. Rechargez la page et recommencez.")) from None
        texts = {name: [part for part in parts.getall(name) if isinstance(part, str)] for name in parts}
        return {name: found for name, found in texts.items() if found}
    body = await request.body()
    try:
        text = body.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="strict")
    except ValueError:
        raise Invalid({}, _("Ce formulaire est illisible. Rechargez la page et recommencez.")) from None
    fields: dict[str, list[str]] = {}
    for name, content in pairs:
        fields.setdefault(name, []).append(content)
    return fields


async def submit(
    request: Request[Any, Any, Any],
    into: type[S],
    act: Callable[[S], Awaitable[str]],
    shown: Callable[[Typed, dict[str, str], str], Awaitable[Response[Any]]],
    *,
    notice: str = "",
    keyed: bool = True,
) -> Response[Any]:
    """Read the form, do the act once, lead to the address it returns; on a mistake show the form again with what was typed.

    `shown(values, errors, reason)` makes the page of the form. With a `once` field the same form sent twice is one act,
    unless `keyed` is False: an act whose failures must be remembered (a wrong password) is never inside a key's transaction.
    """
    sent = await sent_form(request)
    try:
        form = from_html(into, sent)
        key = sent.get("once", [""])[0] if keyed else ""
        where, _replayed = await once(owner_of(request), key, request.url.path, _without_token(sent), lambda: act(form), at=now())
    except (Invalid, Conflict) as failure:
        return await _shown_again(shown, sent, failure)
    return lead_to(request, where, notice)


async def _shown_again(
    shown: Callable[[Typed, dict[str, str], str], Awaitable[Response[Any]]],
    sent: dict[str, list[str]],
    failure: Failure,
) -> Response[Any]:
    typed = dict(sent)
    errors = failure.errors if isinstance(failure, Invalid) else {}
    if isinstance(failure, Stale):
        typed["version"] = [str(failure.version)]
        errors = {name: _("Texte enregistré entre-temps : {text}").format(text=text) for name, text in failure.theirs.items()}
    response = await shown(Typed(typed), errors, failure.reason)
    response.status_code = failure.status
    return response


def new_once() -> str:
    """A key for one showing of a creating form."""
    return secrets.token_urlsafe(16)


def owner_of(request: Request[Any, Any, Any]) -> str:
    """Who keys belong to: the person signed in, else this browser's visit."""
    person = request.scope.get("user")
    return str(person.id) if person else f"visit {_secret_of(request)[:16]}"


def form_token(request: Request[Any, Any, Any]) -> str:
    """Proof that a form came from a page we showed to this very session."""
    return _sign(request, "form")


def form_token_matches(request: Request[Any, Any, Any], given: str) -> bool:
    """Compare in constant time; any text may be given."""
    return hmac.compare_digest(form_token(request).encode(), given.encode("utf-8", "replace"))


def safe_next(target: str) -> str:
    """A path of ours to go on to after signing in, else the home page."""
    if not target.startswith("/") or target.startswith(("//", "/\\")) or any(not "!" <= c <= "~" or c == "\\" for c in target):
        return "/"
    return target


def _sign(request: Request[Any, Any, Any], text: str) -> str:
    key = settings_of(request).secret_key.encode()
    return hmac.new(key, f"{_secret_of(request)}\n{text}".encode(), hashlib.sha256).hexdigest()


def _secret_of(request: Request[Any, Any, Any]) -> str:
    return request.scope["state"].get("session_secret", "")  # type: ignore[no-any-return]


def _notice(request: Request[Any, Any, Any]) -> tuple[str | None, bool]:
    signature, _dot, text = request.cookies.get(NOTICE, "").partition(".")
    if not text:
        return None, False
    said = unquote(text)
    return (said if hmac.compare_digest(signature.encode(), _sign(request, said).encode()) else None), True


def _without_token(sent: dict[str, list[str]]) -> bytes:
    return msgspec.json.encode({name: texts for name, texts in sent.items() if name != "csrf"}, order="sorted")
