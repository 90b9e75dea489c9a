"""What images lose and keep (C09), what is remarked of documents, and that nothing costs much memory (C03)."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from incubator.documents.inspection import look
from tests.files.making import DOCUMENT, MAIN, a_chunk, a_photo, an_image, an_office, an_open, announcing


def stripped(content: bytes, extension: str, folder: Path) -> bytes:
    """What is kept of it."""
    file = folder / "arriving"
    file.write_bytes(content)
    look(file, extension)
    assert list(folder.iterdir()) == [file]
    return file.read_bytes()


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_photo_loses_all_but_its_picture_and_which_way_up_it_is(orientation: int, tmp_path: Path):
    before = a_photo(orientation)
    assert b"Camille" in before
    after = stripped(before, "jpg", tmp_path)
    assert b"Camille" not in after
    seen = Image.open(io.BytesIO(after))
    exif = seen.getexif()
    assert dict(exif) == ({} if orientation == 1 else {0x0112: orientation})
    assert exif.get_ifd(0x8825) == {}
    assert not ImageChops.difference(seen.convert("RGB"), Image.open(io.BytesIO(before)).convert("RGB")).getbbox()


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}, {"icc_profile": b"c" * 70_000}])
def test_the_picture_is_the_same_to_the_last_point(options: dict[str, object], tmp_path: Path):
    before = an_image("JPEG", (200, 150), **options)
    after = stripped(before + b"<script>", "jpg", tmp_path)
    assert Image.open(io.BytesIO(after)).tobytes() == Image.open(io.BytesIO(before)).tobytes()
    assert b"<script>" not in after
    assert Image.open(io.BytesIO(after)).info.get("icc_profile") == options.get("icc_profile")


def test_a_png_loses_its_words(tmp_path: Path):
    before = an_image("PNG")
    at = before.find(b"IDAT") - 4
    told = b"".join(a_chunk(kind, b"Author\x00Camille") for kind in (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"acTL"))
    after = stripped(before[:at] + told + before[at:] + b"PK\x03\x04Camille", "png", tmp_path)
    assert after == before


INITIAL = "<meta:initial-creator>Camille</meta:initial-creator>"


@pytest.mark.parametrize(
    ("content", "extension", "remark"),
    [
        (an_office("docx", {MAIN["docx"][0]: DOCUMENT.replace("<w:p>", '<w:p><w:ins w:author="Camille">')}), "docx", "tracked"),
        (an_open("odt", {"content.xml": "<text:tracked-changes>"}), "odt", "tracked"),
        (an_office("docx", {"docProps/core.xml": "<dc:creator>Camille</dc:creator>"}), "docx", "named"),
        (an_office("xlsx", {"docProps/core.xml": "<cp:lastModifiedBy>Camille</cp:lastModifiedBy>"}), "xlsx", "named"),
        (an_office("docx", {"docProps/core.xml": "<dc:creator> </dc:creator><cp:lastModifiedBy/>"}), "docx", ""),
        (an_open("odt", {"content.xml": "<text:tracked-changes>", "meta.xml": INITIAL}), "odt", "tracked named"),
        (an_office("docx"), "docx", ""),
        (an_open("odt"), "odt", ""),
    ],
)
def test_who_wrote_it_and_changes_still_told_are_remarked(content: bytes, extension: str, remark: str, tmp_path: Path):
    file = tmp_path / "arriving"
    file.write_bytes(content)
    assert look(file, extension) == remark


def test_a_bomb_is_refused_without_being_unpacked(tmp_path: Path):
    """C03: 500 MB in a small docx, looked into by a process that may not grow by 50 MB."""
    bomb = tmp_path / "bomb.docx"
    bomb.write_bytes(announcing(an_office("docx", {"word/media/a.bmp": bytes(50_000_000)}), 3, 500_000_000))
    assert bomb.stat().st_size < 600_000
    said = subprocess.run([sys.executable, "-c", _LOOK, str(bomb)], capture_output=True, text=True, check=True).stdout
    words, grown = said.rsplit(" ", 1)
    assert "énorme" in words
    assert int(grown) < 50_000


_LOOK = """
import resource, sys
from pathlib import Path
from incubator.documents.inspection import look
from incubator.documents.rules import Unfit
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    look(Path(sys.argv[1]), "docx")
except Unfit as unfit:
    print(unfit, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
