"""A page as a browser without JavaScript has it: its words, its links, its forms with what stands in their fields."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = {"input", "meta", "link", "br", "hr", "img", "source", "path", "circle", "rect"}
SILENT = {"script", "style", "head", "svg"}


def plain(text: str) -> str:
    """Words with one ordinary space between them, whatever French typography puts there."""
    return re.sub(r"\s+", " ", text).strip()


class Form:
    """A form and its fields as they would be sent now."""

    def __init__(self, action: str, method: str) -> None:
        self.action, self.method = action, method.lower()
        self.fields: dict[str, list[str]] = {}
        self.choices: dict[str, list[str]] = {}

    def put(self, name: str, value: str) -> None:
        """One more value of a field."""
        self.fields.setdefault(name, []).append(value)


class Page:
    """What a GET or a POST answered."""

    def __init__(self, status: int, url: str, html: str, headers: dict[str, str]) -> None:
        self.status, self.url, self.html, self.headers = status, url, html, headers
        reader = _Reader()
        reader.feed(html)
        self.forms, self.links = reader.forms, reader.links
        self.text = plain(" ".join(reader.words))
        self.title = reader.title.strip()

    def says(self, *sentences: str) -> bool:
        """True when every sentence stands on the page."""
        return all(plain(sentence) in self.text for sentence in sentences)

    def form(self, action: str) -> Form:
        """The first form whose address ends so, one that does something before one that only looks."""
        for form in sorted(self.forms, key=lambda form: form.method.lower() != "post"):
            if form.action.split("?")[0].endswith(action):
                return form
        raise LookupError(f"{self.url}: no form to {action!r}, only {[form.action for form in self.forms]}")

    def link(self, ending: str) -> str:
        """The first link that ends so."""
        for link in self.links:
            if link.split("?")[0].split("#")[0].endswith(ending):
                return link
        raise LookupError(f"{self.url}: no link to {ending!r}, only {self.links}")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.title = ""
        self._form: Form | None = None
        self._silent = 0
        self._in_title = False
        self._select: tuple[str, list[str]] | None = None
        self._textarea: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in SILENT:
            self._silent += 1
        if tag == "title":
            self._in_title = True
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._form)
        if self._form is not None:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        assert self._form is not None
        if tag == "input" and name and "disabled" not in given:
            self._input(name, given)
        elif tag == "textarea" and name:
            self._textarea = (name, [])
        elif tag == "select" and name:
            self._select = (name, [])
        elif tag == "option" and self._select:
            self._form.choices.setdefault(self._select[0], []).append(given.get("value", ""))
            if "selected" in given or not self._select[1]:
                self._select[1][:] = [given.get("value", "")]

    def _input(self, name: str, given: dict[str, str]) -> None:
        assert self._form is not None
        kind = given.get("type", "text")
        if kind in ("radio", "checkbox"):
            self._form.choices.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                self._form.put(name, given.get("value", "on"))
        elif kind not in ("submit", "button", "image", "reset"):
            self._form.put(name, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT and tag not in VOID:
            self._silent -= 1
        if tag == "title":
            self._in_title = False
        if self._form is not None and tag == "textarea" and self._textarea:
            self._form.put(self._textarea[0], "".join(self._textarea[1]).removeprefix("\n"))
            self._textarea = None
        if self._form is not None and tag == "select" and self._select:
            for value in self._select[1]:
                self._form.put(self._select[0], value)
            self._select = None
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._textarea[1].append(data)
        elif self._in_title:
            self.title += data
        elif not self._silent:
            self.words.append(data)
