"""Office and OpenDocument files are ZIP archives: their directory is read before anything is unpacked (C03)."""

from __future__ import annotations

import mmap
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from incubator.core.language import _
from incubator.documents.rules import ZIP_DIRECTORY_MAX, ZIP_ENTRIES_MAX, ZIP_UNPACKED_MAX, Unfit, not_as_named

_END = struct.Struct("<4s4H2LH")
_READ_MAX = 2_000_000
_LOOKED_THROUGH_MAX = 30_000_000
_MACROS = re.compile(r"(^|/)(vbaproject|vbadata|vbaprojectsignature)[^/]*$|(^|/)(macrosheets|activex|customui)/", re.IGNORECASE)
_SCRIPTS = re.compile(r"^(basic|scripts)/", re.IGNORECASE)
_PACKED = re.compile(r"\.(zip|7z|rar|gz|tgz|bz2|xz|tar|jar|cab|iso|arj|lzh|apk)$", re.IGNORECASE)
_PROGRAM = re.compile(r"\.(exe|dll|com|scr|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|msi|lnk|sh|html?|svg|swf)$", re.IGNORECASE)
_OLE = re.compile(r"/embeddings/[^/]*\.bin$", re.IGNORECASE)
_LINKED = re.compile(
    rb"<[^>]{0,2000}Type\s*=\s*[\"'][^\"'>]{0,200}/(?:attachedTemplate|oleObject|frame|subDocument)[\"'][^>]{0,2000}>"
)
_NAMED = re.compile(rb"<(?:dc:creator|cp:lastModifiedBy|meta:initial-creator)>\s*[^<\s]")
_TRACKED = re.compile(rb"<w:(?:ins|del|moveFrom|moveTo) |<text:tracked-changes[ >]")


def check_office(opened: BinaryIO, content: mmap.mmap, mark: bytes) -> str:
    """A docx or an xlsx; remarks. Raises `Unfit`."""
    with _open(opened, content) as archive:
        types = _small(archive, "[Content_Types].xml")
        if b"macroEnabled" in types or any(_MACROS.search(name) for name in archive.namelist()):
            raise _has_macros()
        if mark not in types:
            raise not_as_named()
        for name in archive.namelist():
            if name.endswith(".rels") and any(b"External" in link for link in _LINKED.findall(_small(archive, name))):
                raise Unfit(_("Ce document va chercher un modèle ou un objet ailleurs. Enregistrez-le en PDF, puis envoyez-le."))
        return _remarks(archive, "word/document.xml", "docProps/core.xml")


def check_open(opened: BinaryIO, content: mmap.mmap, mark: bytes) -> str:
    """An odt or an ods; remarks. Raises `Unfit`."""
    with _open(opened, content) as archive:
        if archive.namelist()[0] != "mimetype" or _small(archive, "mimetype").strip() != mark:
            raise not_as_named()
        if b"encryption-data" in _small(archive, "META-INF/manifest.xml"):
            raise _protected()
        if any(_SCRIPTS.search(name) and not name.endswith("/") for name in archive.namelist()):
            raise _has_macros()
        return _remarks(archive, "content.xml", "meta.xml")


def _open(opened: BinaryIO, content: mmap.mmap) -> zipfile.ZipFile:
    """The archive, once its directory says that it may be unpacked."""
    _check_directory(content)
    try:
        archive = zipfile.ZipFile(opened)
        _check_entries(archive.infolist(), len(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        raise _damaged() from None
    return archive


def _check_directory(content: mmap.mmap) -> None:
    """Its end says how many entries there are; the directory ends where its end begins, and the end ends the file."""
    place = len(content) - _END.size
    if place < 0 or content[place : place + 4] != b"PK\x05\x06":
        raise _damaged()
    _mark, disk, first, here, entries, size, offset, _comment = _END.unpack(content[place:])
    if entries > ZIP_ENTRIES_MAX or size > ZIP_DIRECTORY_MAX:
        raise Unfit(_("Ce fichier contient trop d’éléments. Enregistrez-le en PDF, puis envoyez-le."))
    if (disk, first, here) != (0, 0, entries) or offset + size != place:
        raise _damaged()


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    if not entries or len(entries) > ZIP_ENTRIES_MAX:
        raise _damaged()
    if sum(one.file_size for one in entries) > ZIP_UNPACKED_MAX:
        raise Unfit(_("Ce fichier devient énorme une fois ouvert. Allégez-le ou enregistrez-le en PDF, puis envoyez-le."))
    names = [one.filename for one in entries]
    if sum(one.compress_size for one in entries) > size or len(set(names)) < len(names):
        raise _damaged()
    for one in entries:
        _check_entry(one)


def _check_entry(one: zipfile.ZipInfo) -> None:
    if one.flag_bits & 0x1:
        raise _protected()
    if one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _damaged()
    if one.filename.startswith("/") or "\\" in one.filename or ".." in one.filename.split("/"):
        raise _damaged()
    if _PACKED.search(one.filename) or _PROGRAM.search(one.filename) or _OLE.search(one.filename):
        raise Unfit(_("Ce document contient d’autres fichiers. Envoyez-les séparément, ou enregistrez-le en PDF."))


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    """A small entry, unpacked up to a bound whatever its header says; nothing when there is none."""
    return b"".join(_pieces(archive, name, _READ_MAX))


def _pieces(archive: zipfile.ZipFile, name: str, most: int) -> Iterator[bytes]:
    try:
        with archive.open(name) as entry:
            while most > 0 and (some := entry.read(min(most, 256 * 1024))):
                most -= len(some)
                yield some
    except KeyError:
        return
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError):
        raise _damaged() from None


def _remarks(archive: zipfile.ZipFile, text: str, about: str) -> str:
    """What a document tells besides its text, as keys of `REMARKS` (C09)."""
    found = {"tracked": _is_tracked(archive, text), "named": bool(_NAMED.search(_small(archive, about)))}
    return " ".join(remark for remark, is_so in found.items() if is_so)


def _is_tracked(archive: zipfile.ZipFile, name: str) -> bool:
    """True when someone's changes are still told in the text (C09)."""
    before = b""
    for some in _pieces(archive, name, _LOOKED_THROUGH_MAX):
        if _TRACKED.search(before + some):
            return True
        before = some[-40:]
    return False


def _damaged() -> Unfit:
    return Unfit(_("Ce fichier est abîmé ou incomplet. Ouvrez-le, enregistrez-le de nouveau, puis envoyez-le."))


def _protected() -> Unfit:
    return Unfit(_("Ce fichier est protégé par un mot de passe. Enregistrez-le sans mot de passe, puis envoyez-le."))


def _has_macros() -> Unfit:
    return Unfit(_("Ce document contient des macros. Enregistrez-le sans macros, ou en PDF, puis envoyez-le."))
