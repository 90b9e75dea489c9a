"""Nonsense typed into every form a person can send: told beside the field, typed text kept, nothing written, never a fault."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote_plus

from tests.hostile.conftest import Target, Watch
from tests.hostile.inputs import BODIES, TYPED, TYPED_SELDOM, WITHOUT_TOKEN

FORM_TYPE = {"content-type": "application/x-www-form-urlencoded"}
KEPT_BY_US = {"csrf", "once", "version"}
UNREADABLE = {"raw bytes", "5,000 fields", "half an escape"}
ASK_NOTHING = {  # they act on who presses, or write nothing: what else is sent is not read
    "/sign-out",
    "/account/email/cancellation",
    "/account/security/authenticator",
    "/account/security/passkeys/options",
    "/account/sessions/others/end",
    "/second-factor/passkey/options",
    "/sign-in/passkey/options",
    "/calls/{code:str}/archive",
    "/forms/{form_id:uuid}/preview",
}
CANARY = "Un texte tapé longtemps"


class Form:
    """A form as a page shows it: where it leads, what stands in its fields, and which of them take free text."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.fields: list[tuple[str, str]] = []
        self.free: list[str] = []

    def body(self, changed: dict[str, str]) -> bytes:
        """Percent-encoded; what is in `changed` is so already."""
        pairs = [(name, changed.get(name, quote_plus(text))) for name, text in self.fields]
        return "&".join(f"{quote_plus(name)}={text}" for name, text in pairs).encode()


class Forms(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.forms = path, list[Form]()
        self._open: Form | None = None
        self._text: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: text or "" for name, text in attrs}
        if tag == "form" and told.get("method", "").lower() == "post":
            self._open = Form(told.get("action") or self.path)
            self.forms.append(self._open)
        elif self._open is not None and tag in ("input", "textarea", "select") and told.get("name"):
            self._field(tag, told)

    def _field(self, tag: str, told: dict[str, str]) -> None:
        assert self._open is not None
        kind, name = told.get("type", "text"), told["name"]
        if kind in ("checkbox", "radio") and "checked" not in told and name in dict(self._open.fields):
            return
        self._open.fields.append((name, told.get("value", "on" if kind == "checkbox" else "")))
        if tag == "textarea" or (tag == "input" and kind in ("text", "email", "url", "search")):
            self._open.free.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


async def _shown(targets: list[Target]) -> list[tuple[Target, Form]]:
    """Every form on every page, with whoever was shown it."""
    found: dict[str, tuple[Target, Form]] = {}
    for target in targets:
        if target.method == "GET" and not target.template.startswith(("/api/", "/demo")):
            answer = await target.browser.get(target.path)
            if answer.headers.get("content-type", "").startswith("text/html"):
                reader = Forms(target.path)
                reader.feed(answer.text)
                found |= {f"{form.action} {sorted(form.free)}": (target, form) for form in reader.forms}
    return list(found.values())


async def _post(target: Target, path: str, body: bytes, headers: dict[str, str] | None = None) -> Any:
    return await target.browser.post(path, content=body, headers=FORM_TYPE | (headers or {}))


def _fields(form: Form) -> Iterator[str]:
    yield from sorted({name for name, _text in form.fields} - KEPT_BY_US)


async def test_a_field_that_cannot_be_read_is_refused_and_nothing_typed_is_lost(targets, watch: Watch):
    for target, form in await _shown(targets):
        for field in _fields(form):
            for name, text in (TYPED | TYPED_SELDOM).items():
                others = {other: quote_plus(CANARY) for other in form.free if other != field}
                called = f"POST {form.action} {field} = {name}"
                answer = await watch.send(called, lambda: _post(target, form.action, form.body(others | {field: text})))  # noqa: B023
                if name in TYPED and field in form.free:
                    watch.expect(f"{called}: {answer.status_code}", answer.status_code >= 400)
                if answer.status_code == 422 and others and name not in ("bad UTF-8", "half a surrogate pair"):
                    watch.expect(f"{called}: text lost", html.escape(CANARY) in answer.text)
    assert watch.wrong == []
    assert watch.asked > 500


async def test_a_body_that_no_page_sends_is_refused(targets, watch: Watch):
    posting = [target for target in targets if target.method == "POST" and not target.template.startswith("/api/")]
    for target in posting:
        for name, body in BODIES.items():
            sent = body.replace(b"{csrf}", target.browser.token().encode())
            refused = name in UNREADABLE or (name == "unknown field" and target.template not in ASK_NOTHING)
            await watch.send(f"POST {target.template}: {name}", lambda: _post(target, target.path, sent), refused=refused)  # noqa: B023
        for name, body in WITHOUT_TOKEN.items():
            kind = {"content-type": "multipart/form-data; boundary=x"} if b"--x" in body else {}
            await watch.send(f"POST {target.template}: {name}", lambda: _post(target, target.path, body, kind), refused=True)  # noqa: B023
        junk = {"x-csrf-token": "é"}
        await watch.send(f"POST {target.template}: junk token", lambda: _junk(target, junk), refused=True)  # noqa: B023
    assert watch.wrong == []
    assert len(posting) > 40


async def _junk(target: Target, headers: dict[str, str]) -> Any:
    encoded = [(name.encode(), text.encode()) for name, text in headers.items()]
    return await target.browser.post(target.path, content=b"", headers=encoded)


async def test_the_sentence_stands_beside_its_field(built, targets, watch: Watch):
    """An unreadable character in the first free field of each form: its error is linked to that very field."""
    seen = 0
    for target, form in await _shown(targets):
        for field in form.free[:1]:
            answer = await watch.send(form.action, lambda: _post(target, form.action, form.body({field: "a%00b"})))  # noqa: B023
            if answer.status_code == 422:
                seen += 1
                watch.expect(f"{form.action} {field}: no sentence", re.search("caractère|illisible|proposées", answer.text))
                shown = re.findall(rf'<(?:input|textarea)[^>]*name="{re.escape(field)}"[^>]*>', answer.text)
                watch.expect(f"{form.action} {field}: not marked", any('aria-invalid="true"' in one for one in shown))
    assert watch.wrong == []
    assert seen > 10
