"""What the page counts is what the server keeps and judges, in every script (R3, docs/characters.md)."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from playwright.async_api import Browser, Page, Route

from incubator.applications.forms.values import Wrong, simple_value
from incubator.calls.definitions import Kind, Question
from incubator.core.text import Unreadable, clean

SCRIPT = Path(__file__).parents[2] / "incubator/static/app.js"
TEXTS, LIMIT = 600, 24
COUNTED = 'data-left="{n}" data-left-one="{n}" data-over="{n}" data-over-one="{n}"'
PAGE = f"""<!doctype html><html lang="fr"><title>Compteurs</title><body>
<div class="field"><textarea id="text" data-counted></textarea><p id="text-count" data-limit="{LIMIT}" {COUNTED}></p></div>
<div class="field"><input id="line" data-counted><p id="line-count" data-limit="{LIMIT}" {COUNTED}></p></div>
<div class="field" data-kind="line"><textarea id="wide" data-counted></textarea>
<p id="wide-count" data-limit="{LIMIT}" {COUNTED}></p></div>
<div id="notices" tabindex="-1"></div><script src="/app.js"></script></body></html>"""
COUNT = """([id, texts]) => {
  const field = document.getElementById(id), count = document.getElementById(`${id}-count`);
  return texts.map((text) => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const number = Number(count.textContent.replace(/[^0-9]/g, ""));
    return { held: field.value, left: count.classList.contains("over") ? -number : number };
  });
}"""
QUESTIONS = {
    "text": Question("1", "Texte", Kind.TEXT, limit=LIMIT), "line": Question("1", "Ligne", Kind.LINE, limit=LIMIT),
    "wide": Question("1", "Ligne", Kind.LINE, limit=LIMIT),
}  # fmt: skip

MARKS = "\u0300\u0301\u0308\u0327\u0323\u0345\u05b0\u064e\u093c\u0e38\u1dc4\u20e3\u3099\ufe0f\U0001d165"
SPACES = " \t\n\r\u00a0\u1680\u2003\u202f\u205f\u3000\u180e"
LINE_ENDS = ("\r\n", "\r", "\n", "\v", "\f", "\x85", "\u2028", "\u2029", "\r\n\r\n", "\n\r")
HIDDEN = "\x01\x08\x0e\x1f\x7f\x80\x9f\xad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u061c\u202a\u202e\u2066\u2069\u034f\u2061"
EMOJI = (
    "👩🏽‍🔬", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇫🇷", "🇫", "1️⃣", "❤️", "🧑🏿‍🤝‍🧑🏻", "🏴\U000e0067\U000e0062\U000e007f", "\U0001f3fd",
)  # fmt: skip
CHANGED = "\u212b\u2126\u0958\u0344\u0374\u037e\u0387\u1f71\u2000\u2001\u2329\ufb1d\ufb2c\uf900\U0001d15e\U0002f800\u1fef"
JAMO = "\u1100\u1112\u1161\u1175\u11a8\u11c2\uac00\uac01\ud7a3\ua960\ud7b0"
LETTERS = st.one_of(
    st.sampled_from((*"aeoAé ß", *"שלום", *"مرحبا", *"नमस्ते", *"日本", "\U00020000", *LINE_ENDS, *EMOJI)),
    st.sampled_from(MARKS), st.sampled_from(SPACES), st.sampled_from(HIDDEN), st.sampled_from(CHANGED), st.sampled_from(JAMO),
    st.characters(codec="utf-8", exclude_categories=("Cn", "Co", "Cs")),
)  # fmt: skip


def _is_legible(text: str) -> bool:
    """Neither refused at the border, nor with what this Python's Unicode does not know yet."""
    try:
        clean(text)
    except Unreadable:
        return False
    return all(unicodedata.category(letter) != "Cn" for letter in text)


def generated() -> list[str]:
    """Texts of every sort, always the same ones; and each edge by itself, at the limit and one beyond."""
    found: list[str] = []

    @settings(max_examples=TEXTS, derandomize=True, database=None, deadline=None, phases=[Phase.generate])
    @given(st.lists(LETTERS, max_size=40).map("".join).filter(_is_legible))
    def collect(text: str) -> None:
        found.append(text)

    collect()
    edges = ["e\u0301", "é", "\U0001f469", "\U00020000", "\u0958", "\u1100\u1161", "\r\n", "x\u200b", "ש", "\u00a0", "👩🏽‍🔬"]
    return found + [edge * count for edge in edges for count in (1, LIMIT // 2, LIMIT - 1, LIMIT, LIMIT + 1)]


def _is_too_long(question: Question, sent: str) -> bool:
    """The server's own judgement of what a form sends."""
    try:
        simple_value(question, sent)
    except Wrong:
        return True
    return False


@pytest.fixture
async def counters(chromium: Browser) -> Any:
    """A page with the script that every page has, and three counted fields."""
    context = await chromium.new_context()
    page = await context.new_page()

    async def serve(route: Route) -> None:
        is_script = route.request.url.endswith("/app.js")
        body, kind = (SCRIPT.read_text("utf-8"), "text/javascript") if is_script else (PAGE, "text/html")
        await route.fulfill(body=body, content_type=f"{kind}; charset=utf-8")

    await page.route("**/*", serve)
    await page.goto("http://compteurs.test/")
    yield page
    await context.close()


async def test_the_page_counts_and_the_server_judges_alike(counters: Page) -> None:
    texts = generated()
    for name, question in QUESTIONS.items():
        told = await counters.evaluate(COUNT, [name, texts])
        assert len(told) == len(texts) > TEXTS // 2
        wrong = []
        for text, one in zip(texts, told, strict=True):
            sent = one["held"].replace("\n", "\r\n")  # as forms send it
            kept = clean(sent, line=question.kind is Kind.LINE)
            if (LIMIT - len(kept), one["left"] < 0) != (one["left"], _is_too_long(question, sent)):
                wrong.append((name, text, one, len(kept)))
        assert wrong == []
        assert {one["left"] < 0 for one in told} == {True, False}
