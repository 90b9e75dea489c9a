"""Looking into a file before it is kept: is it what its name says, can it be opened safely, what does it tell besides."""

from __future__ import annotations

import asyncio
import mmap
from pathlib import Path

from incubator.core.language import _
from incubator.documents.inspection import archives, images, pdf
from incubator.documents.rules import TYPES, Unfit, not_as_named

AT_A_TIME = 2  # what looking costs in memory, that many times and no more, however many files arrive together
_turns: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}


async def inspect(file: Path, extension: str) -> str:
    """Look into a file, in a thread; images lose what they tell of where and by whom they were taken. Remarks, or "".

    Raises `Unfit` with a sentence that says why it cannot be taken and what to do.
    """
    loop = asyncio.get_running_loop()
    turn = _turns.setdefault(loop, asyncio.Semaphore(AT_A_TIME))
    async with turn:
        return await asyncio.to_thread(look, file, extension)


def look(file: Path, extension: str) -> str:
    """The same, here and now."""
    kind = TYPES[extension]
    if not file.stat().st_size:
        raise Unfit(_("Ce fichier est vide. Vérifiez-le, puis envoyez-le de nouveau."))
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        _refuse_strangers(content, kind.family)
        match kind.family:
            case "pdf":
                pdf.check(content)
            case "office":
                return archives.check_office(opened, content, kind.mark)
            case "open":
                return archives.check_open(opened, content, kind.mark)
            case "png":
                images.strip_png(content, file)
            case "jpeg":
                images.strip_jpeg(content, file)
    return ""


def _refuse_strangers(content: mmap.mmap, family: str) -> None:
    """The first bytes are those of the family; when they are those of something known, the sentence says what to do."""
    head = content[:16]
    if head.startswith(FIRST_BYTES[family]):
        return
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise Unfit(
            _(
                "Ce fichier est protégé par un mot de passe, ou dans un ancien format (.doc, .xls). Enregistrez-le sans mot de"
                " passe, dans le format d’aujourd’hui, puis envoyez-le."
            )
        )
    if head[4:8] == b"ftyp":
        raise Unfit(_("C’est une photo HEIC renommée. Enregistrez-la en JPEG, puis envoyez-la."))
    raise not_as_named()


FIRST_BYTES = {
    "pdf": b"%PDF-",
    "office": b"PK\x03\x04",
    "open": b"PK\x03\x04",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpeg": b"\xff\xd8\xff",
}
