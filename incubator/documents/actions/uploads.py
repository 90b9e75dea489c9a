"""A file sent piece after piece: what broke on the way goes on where it stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec

from incubator.core.database import execute, value
from incubator.core.errors import Conflict, Unavailable
from incubator.core.language import _
from incubator.documents.queries import StoredUpload, UploadView
from incubator.documents.rules import PIECE_MAX, PIECES_MAX, UPLOAD_LASTS, UPLOADS_MAX
from incubator.documents.storage import Kept, Lost, full
from incubator.documents.tables import Upload
from incubator.people.queries import Person


async def start_upload(about: UUID, place: str, name: str, size: int, *, by: Person, at: datetime) -> UploadView:
    """Open an upload for a day. The act that calls has judged the limits; they are judged again at its end."""
    running = await value("SELECT count(*) FROM upload WHERE started_by = $1 AND expires_at > $2 AND document IS NULL", by.id, at)
    if running >= UPLOADS_MAX:
        raise Conflict(_("Trop d’envois sont en cours. Attendez qu’ils finissent, ou annulez-les."))
    upload = Upload(
        about=about, place=place, name=name, size=size, received=0, parts=[], started_by=by.id, started_at=at,
        expires_at=at + UPLOAD_LASTS,
    )  # fmt: skip
    await Upload.insert(upload)
    return UploadView(upload.id, place, name, size, 0, upload.expires_at, PIECE_MAX)


async def add_piece(kept: Kept, upload: StoredUpload, offset: int, piece: bytes) -> UploadView:
    """Keep the bytes that follow those received. Raises `Conflict` when others came first: ask what was received, go on there."""
    if offset != upload.received or upload.document is not None:
        raise out_of_step()
    if not piece or offset + len(piece) > upload.size or len(upload.parts) >= PIECES_MAX:
        raise Conflict(_("Cet envoi ne correspond pas à ce qui était annoncé. Recommencez-le."))
    key = await kept.keep_piece(piece)
    received = offset + len(piece)
    taken = await execute(
        "UPDATE upload SET received = $3, parts = parts || $4::text WHERE id = $1 AND received = $2 AND document IS NULL",
        upload.id, offset, received, key,
    )  # fmt: skip
    if not taken:
        await kept.erase(key)
        raise out_of_step()
    return view_of(msgspec.structs.replace(upload, received=received))


def out_of_step() -> Conflict:
    """Two senders, or one that did not hear us."""
    return Conflict(_("Cet envoi a avancé autrement. Reprenez-le là où il en est."))


def view_of(upload: StoredUpload) -> UploadView:
    """What its sender may know."""
    return UploadView(upload.id, upload.place, upload.name, upload.size, upload.received, upload.expires_at, PIECE_MAX)


@asynccontextmanager
async def assemble(kept: Kept, upload: StoredUpload) -> AsyncIterator[Path]:
    """The pieces as one file on this machine, gone afterwards. Raises `Conflict` while some are missing."""
    if upload.received != upload.size:
        raise Conflict(_("Cet envoi n’est pas terminé."))
    file = kept.arriving()
    try:
        await _join(kept, upload.parts, file)
        yield file
    finally:
        file.unlink(missing_ok=True)


async def _join(kept: Kept, parts: list[str], file: Path) -> None:
    try:
        with file.open("wb") as opened:
            for key in parts:
                async for some in kept.read(key):
                    opened.write(some)
    except Lost:
        raise Unavailable from None
    except OSError as error:
        raise full(error) from error


async def finish_upload(upload: StoredUpload, document: UUID) -> None:
    """In the transaction that adds the document: this upload became it. Raises `Conflict` when it was finished meanwhile."""
    if not await execute("UPDATE upload SET document = $2 WHERE id = $1 AND document IS NULL", upload.id, document):
        raise out_of_step()


async def cancel_upload(kept: Kept, upload: StoredUpload) -> None:
    """Forget an upload and what came of it."""
    await execute("DELETE FROM upload WHERE id = $1", upload.id)
    await kept.erase(*upload.parts)
