"""A letter from its template: the first line is the subject, the rest the text; the HTML part says the same."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from markupsafe import Markup, escape

from incubator.core.language import language as reading
from incubator.core.templates import render

_ADDRESS = re.compile(r"https?://\S+")


class LetterText(msgspec.Struct, frozen=True):
    """What a letter says."""

    subject: str
    text: str
    html: str


class _Plain(str):
    """Text that goes into a mail as it is, not as HTML."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def write(template: str, language: str, **context: Any) -> LetterText:
    """Fill a template in the recipient's language. Texts of people go in as they are, on the subject line as one line.

    An address in them is never made a link: a stranger's name must not lead from a letter of ours to a page of theirs.
    """
    token = reading.set(language)
    try:
        plain = {name: _Plain(value) if isinstance(value, str) else value for name, value in context.items()}
        subject, _newline, text = str(render(template, plain)).strip().partition("\n")
        subject, text = " ".join(subject.split())[:200], text.strip() + "\n"
        paragraphs = [escape(paragraph).replace("\n", Markup("<br>")) for paragraph in text.strip().split("\n\n")]
        html = render("mail/letter.html", {"lang": language, "subject": subject, "paragraphs": paragraphs})
    finally:
        reading.reset(token)
    return LetterText(subject, text, html)


def with_link(text: str, html: str, address: str) -> tuple[str, str]:
    """Text and HTML of a letter with the address of the page it leads to at their end."""
    link = Markup('<p><a href="{0}">{0}</a></p>\n</body>').format(address)
    return f"{text.rstrip()}\n\n{address}\n", html.replace("</body>", link)


def linked(paragraph: str) -> Markup:
    """A paragraph with its addresses made links (every other character escaped)."""
    pieces, end = [], 0
    for found in _ADDRESS.finditer(paragraph):
        pieces += [escape(paragraph[end : found.start()]), Markup('<a href="{0}">{0}</a>').format(found[0])]
        end = found.end()
    pieces.append(escape(paragraph[end:]))
    return Markup("").join(pieces).replace("\n", Markup("<br>"))
