"""Documents as their readers see them. Rights are those of the thing they are about: the room that asks has checked them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from incubator.core.database import row, rows
from incubator.core.errors import NotFound
from incubator.core.language import _
from incubator.documents.rules import REMARKS, STATE_WORDS, is_readable, size_words, why_not_open
from incubator.documents.tables import DocumentState

COLUMNS = (
    "d.id, d.about, d.place, d.name, d.extension, d.media_type, d.size, d.sha256, d.remark, d.state, d.reason, d.uploaded_at,"
    " a.name, d.removed_at IS NOT NULL, d.key"
)
_FROM = " FROM document d JOIN account a ON a.id = d.uploaded_by"
_TONES = {
    DocumentState.CLEAN: "done",
    DocumentState.RECEIVED: "now",
    DocumentState.HELD: "now",
    DocumentState.INFECTED: "late",
    DocumentState.UNSCANNED: "info",
}


class DocumentView(msgspec.Struct, frozen=True):
    """A document. `sha256`: of the bytes that are kept, in hexadecimal. `reason`: why it is held, or what was found in it."""

    id: UUID
    about: UUID
    place: str
    name: str
    extension: str
    media_type: str
    size: int
    sha256: str
    remark: str
    state: DocumentState
    reason: str
    uploaded_at: datetime
    uploaded_by: str
    is_removed: bool = False

    @property
    def is_readable(self) -> bool:
        """True when it may be opened; the unscanned exist in the demo alone."""
        return not self.is_removed and is_readable(self.state, demo=True)

    @property
    def size_text(self) -> str:
        """3,4 Mo"""
        return size_words(self.size)

    @property
    def state_text(self) -> str:
        """Where it is, in words."""
        return _(STATE_WORDS[self.state])

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return _TONES[self.state]

    @property
    def remark_text(self) -> str:
        """What its sender may want to know, a sentence each."""
        return " ".join(_(REMARKS[one]) for one in self.remark.split() if one in REMARKS)

    @property
    def trouble(self) -> str:
        """What to do about one that will never open."""
        return (why_not_open(self.state, demo=True) or "") if self.state is DocumentState.INFECTED else ""


class StoredDocument(DocumentView, frozen=True):
    """The same, and where its bytes are: never leaves the server."""

    key: str = ""


async def document_of(about: UUID, document_id: UUID) -> StoredDocument:
    """A document of this very thing (C: never another's). Raises `NotFound`."""
    found = await row(StoredDocument, f"SELECT {COLUMNS}{_FROM} WHERE d.id = $2 AND d.about = $1", about, document_id)
    if found is None:
        raise NotFound
    return msgspec.structs.replace(found, state=DocumentState(found.state))


async def documents_of(about: UUID, *, ids: Collection[UUID | str] | None = None) -> dict[str, DocumentView]:
    """The documents of a thing by id, oldest first; all those not removed, or those named, removed or not."""
    found = await rows(
        StoredDocument,
        f"SELECT {COLUMNS}{_FROM} WHERE d.about = $1 AND (d.id = ANY($2::uuid[]) OR ($2 IS NULL AND d.removed_at IS NULL))"
        " ORDER BY d.uploaded_at, d.id LIMIT 500",
        about,
        None if ids is None else [UUID(str(one)) for one in ids],
    )
    return {str(one.id): _view(one) for one in found}


def _view(stored: StoredDocument) -> DocumentView:
    values = msgspec.structs.asdict(stored)
    del values["key"]
    return DocumentView(**(values | {"state": DocumentState(stored.state)}))


class UploadView(msgspec.Struct, frozen=True):
    """A file on its way. Send the byte at `received` next, at most `piece_max` bytes at a time, before `expires_at`."""

    id: UUID
    place: str
    name: str
    size: int
    received: int
    expires_at: datetime
    piece_max: int = 0


class StoredUpload(msgspec.Struct, frozen=True):
    """The same, and where its pieces are."""

    id: UUID
    about: UUID
    place: str
    name: str
    size: int
    received: int
    parts: list[str]
    started_by: UUID
    expires_at: datetime
    document: UUID | None


_UPLOAD = (
    "SELECT u.id, u.about, u.place, u.name, u.size, u.received, u.parts, u.started_by, u.expires_at, u.document FROM upload u"
)


async def upload_of(about: UUID, upload_id: UUID, *, by: UUID, at: datetime) -> StoredUpload:
    """One's own upload to this very thing, not expired. Raises `NotFound`."""
    found = await row(
        StoredUpload,
        f"{_UPLOAD} WHERE u.id = $2 AND u.about = $1 AND u.started_by = $3 AND u.expires_at > $4",
        about, upload_id, by, at,
    )  # fmt: skip
    if found is None:
        raise NotFound
    return found
