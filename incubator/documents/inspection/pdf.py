"""A PDF without programs, attachments, passwords or another file hidden in it. Read as bytes: nothing of it is run or drawn."""

from __future__ import annotations

import mmap
import re
import zlib
from collections.abc import Iterator

from incubator.core.language import _
from incubator.documents.rules import PDF_PAGES_MAX, PDF_UNPACKED_MAX, Unfit

_END = rb"(?![A-Za-z0-9_.\-])"
_STREAM = re.compile(rb">>[\x00\t\n\x0c\r ]{0,20}stream\r?\n")
_HASHED = re.compile(rb"/[!-~]{0,100}?#[0-9A-Fa-f]{2}[^\x00\t\n\x0c\r ()<>\[\]{}/%]{0,100}")
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia|XFA|GoToE|ImportData|SubmitForm)" + _END)
_ATTACHED = re.compile(rb"/(?:EmbeddedFile" + _END + rb"|EF[\x00\t\n\x0c\r ]*(?:<<|\d))")
_ENCRYPTED = re.compile(rb"/Encrypt" + _END)
_PAGE = re.compile(rb"/Type[\x00\t\n\x0c\r ]*/Page" + _END)
_MARKUP = re.compile(rb"<\s{0,9}(?:script|html|body|iframe|svg|!doctype\s{1,9}html)[\s>/]", re.IGNORECASE)
_OBJECTS = re.compile(rb"/ObjStm" + _END)
_FILTER = re.compile(rb"/Filter[\x00\t\n\x0c\r ]*(\[[^\]]{0,100}\]|/[A-Za-z0-9]{1,30})")
_BLANK = b"\x00\t\n\x0c\r "
Bytes = bytes | mmap.mmap


def check(content: mmap.mmap) -> None:
    """Raises `Unfit`."""
    _check_end(content)
    pages, has_objects = 0, False
    for text, is_packed in _texts(content):
        has_objects |= is_packed
        _check_text(text)
        for name in _HASHED.findall(text):
            _check_text(_plain(name))
        pages += len(_PAGE.findall(text))
        if pages > PDF_PAGES_MAX:
            raise Unfit(_("Ce PDF a plus de {n} pages. Gardez l’essentiel, puis envoyez-le.").format(n=PDF_PAGES_MAX))
    if not pages and not has_objects:
        raise _unreadable()


def _check_end(content: mmap.mmap) -> None:
    """It ends as a PDF does, and nothing else begins after it (a ZIP is read from its end)."""
    size = len(content)
    end = content.rfind(b"%%EOF", max(0, size - 4096))
    if end < 0 or content.rfind(b"startxref", 0, end) < 0:
        raise Unfit(_("Ce PDF est incomplet : son envoi ou son enregistrement s’est arrêté en route. Enregistrez-le de nouveau."))
    if content[end + 5 :].strip(_BLANK):
        raise Unfit(
            _("Ce PDF contient autre chose après sa fin. Enregistrez-le de nouveau (« Imprimer en PDF »), puis envoyez-le.")
        )
    directory = content.rfind(b"PK\x05\x06", max(0, size - 65_557))
    if directory >= 0 and directory + 22 + int.from_bytes(content[directory + 20 : directory + 22], "little") == size:
        raise Unfit(_("Ce fichier est à la fois un PDF et une archive. Enregistrez-le de nouveau (« Imprimer en PDF »)."))


def _texts(content: mmap.mmap) -> Iterator[tuple[bytes, bool]]:
    """What is written as a PDF's own language: all that stands outside streams, and the objects packed in some of them."""
    start, unpacked = 0, 0
    while True:
        found = _STREAM.search(content, start)
        text = content[start : found.start() + 2 if found else len(content)]
        yield text, False
        if found is None:
            return
        end = content.find(b"endstream", found.end())
        if end < 0:
            raise _unreadable()
        described = text[max(0, text.rfind(b"obj")) :]
        if _OBJECTS.search(_plain(described)):
            objects = _unpack(described, content[found.end() : end])
            unpacked += len(objects)
            if unpacked > PDF_UNPACKED_MAX:
                raise _unreadable()
            yield objects, True
        start = end


def _unpack(described: bytes, packed: bytes) -> bytes:
    filters = _FILTER.search(_plain(described))
    if filters is None:
        return packed
    if filters[1].strip(b"[] \r\n\t") not in (b"/FlateDecode", b"/Fl"):
        raise _unreadable()
    try:
        return zlib.decompressobj().decompress(packed, 8_000_000)
    except zlib.error:
        raise _unreadable() from None


def _check_text(text: bytes) -> None:
    if _ENCRYPTED.search(text):
        raise Unfit(_("Ce PDF est protégé par un mot de passe. Enregistrez-le sans protection, puis envoyez-le."))
    if _ACTIVE.search(text):
        raise Unfit(_("Ce PDF contient un programme. Ouvrez-le, choisissez « Imprimer en PDF », puis envoyez le résultat."))
    if _ATTACHED.search(text):
        raise Unfit(_("Ce PDF contient d’autres fichiers. Envoyez-les séparément, ou choisissez « Imprimer en PDF »."))
    if _MARKUP.search(text):
        raise Unfit(_("Ce PDF contient une page web. Ouvrez-le, choisissez « Imprimer en PDF », puis envoyez le résultat."))


def _plain(text: bytes) -> bytes:
    """Names with their #xx read: /J#61vaScript is /JavaScript."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), text)


def _unreadable() -> Unfit:
    return Unfit(_("Ce PDF ne peut pas être lu en entier. Ouvrez-le, choisissez « Imprimer en PDF », puis envoyez le résultat."))
