"""From a file that arrived to a document that is kept; taking one away.

Bytes are kept before the row that speaks of them is committed, and erased after it no longer does: killed between the two, there
may be bytes without a row, which are swept after a day, never a row without bytes (C07).
"""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec

from incubator.core.database import column, execute
from incubator.core.errors import Invalid
from incubator.documents.inspection import inspect
from incubator.documents.rules import TYPES, Unfit, extension_of, shown_name
from incubator.documents.storage import Kept, full
from incubator.documents.tables import Document
from incubator.journal.actions import record
from incubator.people.queries import Person


class Prepared(msgspec.Struct, frozen=True):
    """A file that was looked into and is kept, which no row speaks of yet."""

    key: str
    name: str
    extension: str
    media_type: str
    size: int
    sha256: str
    remark: str


async def prepare(kept: Kept, file: Path, name: str) -> Prepared:
    """Look into a file, strip it, keep its bytes. Raises `Invalid` with the sentence that says why it cannot be taken."""
    extension = extension_of(name)
    try:
        remark = await inspect(file, extension)
        size, sha256 = await asyncio.to_thread(measure, file)
    except Unfit as unfit:
        raise Invalid({"file": str(unfit)}) from None
    except OSError as error:
        raise full(error) from error
    return Prepared(await kept.keep(file), shown_name(name), extension, TYPES[extension].media_type, size, sha256, remark)


def measure(file: Path) -> tuple[int, str]:
    """Its length and the SHA-256 of its bytes, in hexadecimal."""
    with file.open("rb") as opened:
        return file.stat().st_size, hashlib.file_digest(opened, "sha256").hexdigest()


async def add_document(about: UUID, place: str, made: Prepared, *, by: Person, at: datetime) -> UUID:
    """Write down what was prepared; the scanner looks at it next. The act that calls holds the lock and has judged the limits."""
    document = Document(
        about=about, place=place, name=made.name, extension=made.extension, media_type=made.media_type, size=made.size,
        sha256=made.sha256, remark=made.remark, key=made.key, uploaded_by=by.id, uploaded_at=at, next_try_at=at,
    )  # fmt: skip
    await Document.insert(document)
    data = {"about": str(about), "place": place, "size": made.size, "sha256": made.sha256}
    await record("document.received", document.id, by=by.id, at=at, data=data)
    return document.id


async def remove_document(about: UUID, document_id: UUID, *, by: Person | None, at: datetime) -> None:
    """Take a document away: nobody opens it from now on, its bytes are erased by the next sweep."""
    sql = "UPDATE document SET removed_at = $3, next_try_at = NULL WHERE id = $2 AND about = $1 AND removed_at IS NULL"
    if await execute(sql, about, document_id, at):
        await record("document.removed", document_id, by=by.id if by else None, at=at, data={"about": str(about)})


async def forget_documents(about: UUID, *, by: UUID | None, at: datetime) -> int:
    """Erase every document of a thing: names at once, in the transaction of the act; bytes by the next sweep. How many.

    What stays tells that there was a file: its size, its hash, when it came.
    """
    gone = await column(
        "UPDATE document SET removed_at = COALESCE(removed_at, $2), next_try_at = NULL, name = '', remark = ''"
        " WHERE about = $1 AND (removed_at IS NULL OR name <> '') RETURNING id",
        about, at,
    )  # fmt: skip
    await execute("UPDATE upload SET expires_at = $2, name = '' WHERE about = $1", about, at)
    for document_id in gone:
        await record("document.erased", document_id, by=by, at=at, data={"about": str(about)})
    return len(gone)
