"""In the demo, the letters that would have left. Elsewhere these pages do not exist."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath, FromQuery

from incubator.core.errors import NotFound
from incubator.core.pages import page, settings_of
from incubator.core.policy import PUBLIC
from incubator.mail.letters import linked, with_link
from incubator.mail.queries import letter, letters

AnyRequest = Request[Any, Any, Any]


@get("/demo/mails", opt=PUBLIC)
async def letters_page(request: AnyRequest, after: FromQuery[str | None] = None, to: FromQuery[str] = "") -> Response[Any]:
    """Every letter of the demo, newest first."""
    _only_in_demo(request)
    return page(request, "mail/letters.html", letters=await letters(after, to[:254]), to=to[:254])


@get("/demo/mails/{letter_id:uuid}", opt=PUBLIC)
async def letter_page(request: AnyRequest, letter_id: FromPath[UUID]) -> Response[Any]:
    """One letter as it leaves; its links work."""
    _only_in_demo(request)
    found = await letter(letter_id)
    text = found.text
    for path in (found.path, found.unsubscribe_path):
        if path:
            text, _html = with_link(text, "", settings_of(request).public_url + path)
    paragraphs = [linked(paragraph) for paragraph in text.strip().split("\n\n")]
    return page(request, "mail/one_letter.html", letter=found, paragraphs=paragraphs)


def _only_in_demo(request: AnyRequest) -> None:
    if not settings_of(request).demo:
        raise NotFound


HANDLERS = [letters_page, letter_page]
