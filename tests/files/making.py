"""Files made for the zoo: archives, images and PDFs, sound ones and the others."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image

from tests.world.documents import a_pdf, assembled

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
MAIN = {
    "docx": ("word/document.xml", f"{OFFICE}wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OFFICE}spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{OFFICE}presentationml.presentation.main+xml"),
}
DOCUMENT = '<w:document xmlns:w="x"><w:body><w:p><w:t>Budget</w:t></w:p></w:body></w:document>'
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def a_zip(entries: dict[str, bytes | str], *, stored: tuple[str, ...] = (), comment: bytes = b"") -> bytes:
    """An archive of these entries, in order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
        archive.comment = comment
    return made.getvalue()


def an_office(kind: str, more: dict[str, bytes | str] | None = None, *, main: str = "", types: str = "") -> bytes:
    """A docx, xlsx or pptx."""
    part, told = MAIN[kind]
    content = f'<Types xmlns="x"><Override PartName="/{part}" ContentType="{main or told}"/>{types}</Types>'
    relations = f'<Relationships><Relationship Id="rId1" Type="officeDocument" Target="{part}"/></Relationships>'
    entries: dict[str, bytes | str] = {"[Content_Types].xml": content, "_rels/.rels": relations, part: DOCUMENT}
    return a_zip(entries | (more or {}))


def an_open(kind: str, more: dict[str, bytes | str] | None = None, *, mimetype: str = "", manifest: str = "") -> bytes:
    """An odt, ods or odp."""
    told = mimetype or OPEN + {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}[kind]
    entries: dict[str, bytes | str] = {
        "mimetype": told,
        "content.xml": "<office:document-content/>",
        "META-INF/manifest.xml": f"<manifest:manifest>{manifest}</manifest:manifest>",
    }
    return a_zip(entries | (more or {}), stored=("mimetype",))


def with_flag(archive: bytes, bit: int) -> bytes:
    """The archive with a flag set on every entry, in its directory and beside each."""
    made = bytearray(archive)
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = made.find(mark)
        while at >= 0:
            made[at + place] |= bit
            at = made.find(mark, at + 4)
    return bytes(made)


def announcing(archive: bytes, entry: int, size: int) -> bytes:
    """The archive whose directory announces that an entry unpacks to `size` bytes."""
    made, at = bytearray(archive), -1
    for _one in range(entry + 1):
        at = made.find(b"PK\x01\x02", at + 1)
    made[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(made)


def an_image(kind: str, size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    """A picture."""
    made = io.BytesIO()
    picture = Image.radial_gradient("L").resize(size).convert("RGB")
    picture.save(made, kind, **options)
    return made.getvalue()


def a_photo(orientation: int = 6) -> bytes:
    """A JPEG that says where it was taken, by what, and which way up."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Appareil de Camille", orientation
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = "N", (47.0, 23.0, 38.0)
    return an_image("JPEG", exif=exif, comment=b"chez Camille")


def a_chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def a_flood(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few bytes that announces a huge picture."""
    head = a_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + a_chunk(b"IDAT", zlib.compress(b"\x00" * 64)) + a_chunk(b"IEND", b"")


def a_jpeg_flood() -> bytes:
    """A JPEG whose header announces 65,000 × 65,000 points."""
    made = bytearray(an_image("JPEG"))
    at = made.find(b"\xff\xc0")
    made[at + 5 : at + 9] = struct.pack(">HH", 65_000, 65_000)
    return bytes(made)


def a_pdf_with(extra: str, *, trailer: str = "", more: tuple[str, ...] = ()) -> bytes:
    """A PDF of one page whose catalogue also says `extra`."""
    return assembled(
        [
            f"<< /Type /Catalog /Pages 2 0 R {extra} >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
            *more,
        ],
        trailer,
    )


def a_packed_pdf(hidden: str, filters: str = "/FlateDecode") -> bytes:
    """A PDF whose objects are packed in a stream."""
    packed = zlib.compress(f"5 0 {hidden}".encode())
    objects = f"<< /Type /ObjStm /N 1 /First 4 /Filter {filters} /Length {len(packed)} >>\nstream\n" + packed.decode("latin-1")
    return a_pdf_with("", more=(objects + "\nendstream",))


def a_plain_pdf() -> bytes:
    """The one every test knows."""
    return a_pdf()
