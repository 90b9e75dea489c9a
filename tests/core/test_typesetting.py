"""What we print: the words that were written and nothing they could command, the same bytes for the same data."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from datetime import UTC, datetime
from typing import Any

import pytest

from incubator.core import typesetting
from incubator.core.errors import Unavailable
from incubator.core.typesetting import Unprintable, typeset

AT = datetime(2026, 1, 30, 22, 59, tzinfo=UTC)
HOSTILE = [
    '#panic("x") #read("/etc/passwd") #import "@preview/x:1.0.0"',
    "$ a^2 $ ]] [[ } { @ref <label> = Titre",
    "*gras* _italique_ `code` // reste /* là */ \\ fin",
    "- liste + numéro / terme : ~ -- --- ...",
    "L’été coûte 1 234,50 € à Łódź ; « ça » va\u202f!",
    "🌱 pousse 👩‍👩‍👧",
    "Ελληνικά Кириллица",
]


def printed(pdf: bytes) -> str:
    """The text one copies from the page, spaces told once."""
    program = shutil.which("pdftotext")
    if program is None:
        assert os.environ.get("INCUBATOR_BROWSER") != "required", "pdftotext (poppler-utils) is missing"
        pytest.skip("pdftotext (poppler-utils) is missing")
    told = subprocess.run([program, "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return " ".join(told.split())


async def specimen(**data: Any) -> bytes:
    return await typeset("kit/specimen", {"title": "Reçu nº 1", "at": AT, **data})


@pytest.mark.parametrize("written", HOSTILE)
async def test_what_people_write_is_text_and_never_source(written: str) -> None:
    told = printed(await specimen(texts=[written], facts=[[written, written]], headings=["A"], rows=[[written]], note=written))
    assert told.count(" ".join(written.split())) == 5


async def test_the_title_may_be_hostile_too() -> None:
    told = printed(await specimen(title='#panic() $x$ ]] "*"'))
    assert '#panic() $x$ ]] "*"' in told


async def test_writing_from_right_to_left_and_letters_without_a_glyph_still_make_a_document() -> None:
    told = printed(await specimen(texts=["שלום עולם", "漢字 ᚠ 𓀀", "مرحبا", "fin"]))
    assert "שלום" in told
    assert told.count("fin") == 1


async def test_a_word_longer_than_the_line_is_cut_and_none_of_it_is_lost() -> None:
    told = printed(await specimen(texts=["x" * 10_000 + "y"]))
    assert told.count("x") == 10_000
    assert told.count("y") == 1


async def test_ten_long_texts_run_over_pages() -> None:
    told = printed(await specimen(texts=["mot " * 2_500] * 10))
    assert told.count("mot") == 25_000


async def test_lines_and_paragraphs_are_kept() -> None:
    pdf = await specimen(texts=["un\ndeux\n\ntrois"])
    assert "un deux trois" in printed(pdf)


async def test_the_same_data_gives_the_same_bytes() -> None:
    first, second = await asyncio.gather(specimen(texts=HOSTILE), specimen(texts=HOSTILE))
    assert first == second
    assert await specimen(texts=HOSTILE, at=AT.replace(minute=0)) != first


async def test_the_document_says_its_title_author_language_and_structure() -> None:
    pdf = await specimen()
    assert b"pdfuaid" in pdf
    assert b"/Lang(fr" in pdf.replace(b" ", b"")
    assert "Reçu nº 1".encode() in pdf
    assert "Alter’Incub".encode() in pdf
    assert b"/MarkInfo" in pdf
    assert b"2026-01-30T22:59:00" in pdf


async def test_a_letter_without_a_glyph_costs_the_standard_and_not_the_tags() -> None:
    pdf = await specimen(texts=["漢"])
    assert b"pdfuaid" not in pdf
    assert b"/MarkInfo" in pdf


async def test_data_the_template_does_not_take_is_a_fault_of_ours() -> None:
    with pytest.raises(Unprintable, match="TypstError"):
        await specimen(facts={"a": 1})


async def test_a_child_that_lasts_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "SECONDS", 0.001)
    with pytest.raises(Unavailable):
        await specimen(texts=["mot " * 2_500])


async def test_who_waits_too_long_for_a_turn_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "_turns", asyncio.Semaphore(0))
    monkeypatch.setattr(typesetting, "WAIT_SECONDS", 0.01)
    with pytest.raises(Unavailable):
        await specimen()


async def test_the_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of the server holds the key of the forms and the way to the database."""
    seen: dict[str, Any] = {}
    real = asyncio.create_subprocess_exec

    async def watched(*command: str, **options: Any) -> Any:
        seen.update(options)
        return await real(*command, **options)

    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    monkeypatch.setattr(asyncio, "create_subprocess_exec", watched)
    await specimen()
    assert set(seen["env"]) == {"PATH", "RAYON_NUM_THREADS"}
