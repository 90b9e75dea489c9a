"""Images keep their picture and lose the rest: place, camera, author, thumbnail, and whatever follows the picture (C09).

Nothing is decoded: the pieces of the file are copied or left. The picture stays the same to the last bit, and a photo keeps
the one word of its metadata that says which way up it is.
"""

from __future__ import annotations

import mmap
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from incubator.core.language import _
from incubator.documents.rules import PIXELS_MAX, Unfit

_PNG_HEAD = 8
_PNG_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"cICP"}
_NEXT_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]", re.DOTALL)
_SOF = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_SOI, _EOI, _SOS, _APP0, _APP1, _APP2, _APP14, _COM = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_ORIENTATION = 0x0112


def strip_png(content: mmap.mmap, file: Path) -> None:
    """Rewrite a PNG with the chunks of its picture alone. Raises `Unfit`."""
    kept = list(_png_chunks(content))
    _write(file, [content[:_PNG_HEAD], *(content[start:end] for start, end in kept)])


def _png_chunks(content: mmap.mmap) -> Iterator[tuple[int, int]]:
    place, is_first = _PNG_HEAD, True
    while place + 12 <= len(content):
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        end = place + 12 + length
        if end > len(content) or is_first != (kind == b"IHDR"):
            break
        if zlib.crc32(memoryview(content)[place + 4 : end - 4]) != int.from_bytes(content[end - 4 : end], "big"):
            break
        if is_first:
            _check_pixels(*struct.unpack(">II", content[place + 8 : place + 16]))
            is_first = False
        if kind in _PNG_KEPT:
            yield place, end
        if kind == b"IEND":
            return
        place = end
    raise _damaged()


def strip_jpeg(content: mmap.mmap, file: Path) -> None:
    """Rewrite a JPEG with its picture, its colours and its orientation. Raises `Unfit`."""
    kept, orientation, has_size = [], 1, False
    for marker, start, end in _jpeg_segments(content):
        if marker in _SOF:
            height, width = struct.unpack(">HH", content[start + 5 : start + 9])
            _check_pixels(width, height)
            has_size = True
        if marker == _APP1 and content[start + 4 : start + 10] == b"Exif\x00\x00":
            orientation = _orientation(content[start + 10 : end])
        elif _is_kept(marker, content[start + 4 : start + 16], end - start):
            kept.append((start, end))
    if not has_size:
        raise _damaged()
    exif = [_exif(orientation)] if 2 <= orientation <= 8 else []
    _write(file, [b"\xff\xd8", *exif, *(content[start:end] for start, end in kept), b"\xff\xd9"])


def _is_kept(marker: int, head: bytes, length: int) -> bool:
    if marker == _APP0:
        return head.startswith(b"JFIF\x00") and length == 18
    if marker == _APP2:
        return head.startswith(b"ICC_PROFILE\x00")
    if marker == _APP14:
        return head.startswith(b"Adobe")
    return not (_APP0 <= marker <= 0xEF or marker == _COM)


def _jpeg_segments(content: mmap.mmap) -> Iterator[tuple[int, int, int]]:
    """Marker, start, end of each segment; that of a scan goes on to the next marker. What follows the picture is not read."""
    place = 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker == _EOI:
            return
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        if marker < 0xC0 or marker == _SOI or 0xD0 <= marker <= 0xD7 or end < place + 4:
            break
        if marker == _SOS:
            following = _NEXT_MARKER.search(content, end)
            end = following.start() if following else len(content)
        if end + 2 > len(content):
            break
        yield marker, place, end
        place = end
    if content[place : place + 2] != b"\xff\xd9":
        raise _damaged()


def _orientation(tiff: bytes) -> int:
    """Which way up: 1 to 8; 1 when the metadata do not say it, or wrongly."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return 1
    try:
        place = struct.unpack(f"{order}I", tiff[4:8])[0]
        count = struct.unpack(f"{order}H", tiff[place : place + 2])[0]
        for index in range(min(count, 200)):
            tag, kind, _many, told = struct.unpack(f"{order}HHIH", tiff[place + 2 + index * 12 : place + 12 + index * 12])
            if tag == _ORIENTATION and kind == 3:
                return int(told)
    except struct.error:
        return 1
    return 1


def _exif(orientation: int) -> bytes:
    """Metadata that say the orientation and nothing else."""
    tiff = b"MM\x00\x2a\x00\x00\x00\x08" + struct.pack(">HHHIHHI", 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\x00\x00" + tiff


def _check_pixels(width: int, height: int) -> None:
    """A few bytes may announce a picture that fills the memory of whoever opens it."""
    if not width or not height:
        raise _damaged()
    if width * height > PIXELS_MAX:
        raise Unfit(_("Cette image est trop grande (plus de 40 millions de points). Réduisez-la, puis envoyez-la."))


def _write(file: Path, pieces: list[bytes]) -> None:
    """The file, replaced at once; the pieces are views of the old one."""
    made = file.with_name(file.name + ".new")
    with made.open("wb") as opened:
        opened.writelines(pieces)
    made.replace(file)


def _damaged() -> Unfit:
    return Unfit(_("Cette image est abîmée ou incomplète. Ouvrez-la, enregistrez-la de nouveau, puis envoyez-la."))
