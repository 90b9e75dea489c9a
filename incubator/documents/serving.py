"""Giving a document to someone whose right to it was checked: as a download, in a sandbox, whole or not at all."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Any
from urllib.parse import quote

import structlog
from litestar import Request
from litestar.response import Stream

from incubator.core.clock import now
from incubator.core.errors import Conflict, Failure
from incubator.core.language import _
from incubator.core.pages import settings_of
from incubator.documents.queries import DocumentView, StoredDocument, document_of
from incubator.documents.rules import why_not_open
from incubator.documents.storage import Kept, Lost, kept_at
from incubator.journal.actions import record

log = structlog.get_logger("incubator.documents")


class Gone(Failure):
    """It was there and is no more (410)."""

    status = 410


def kept_by(request: Request[Any, Any, Any]) -> Kept:
    """Where this application keeps bytes."""
    return kept_at(settings_of(request).storage_url)


async def serve(request: Request[Any, Any, Any], view: DocumentView) -> Stream:
    """The answer that gives a document. Whoever calls has checked the right to it.

    Raises `Conflict` before it is known to be clean, `Gone` once it was removed, found dangerous, or when its bytes are not
    those that were received.
    """
    document = await document_of(view.about, view.id)
    if document.is_removed:
        raise Gone(_("Ce fichier a été retiré."))
    if reason := why_not_open(document.state, demo=settings_of(request).demo):
        raise Conflict(reason) if document.key else Gone(reason)
    kept = kept_by(request)
    if not await _is_whole(kept, document):
        log.error("document torn", document=str(document.id))
        await record("document.torn", document.id, by=None, at=now(), data={"sha256": document.sha256})
        raise Gone(_("Ce fichier n’est plus tel qu’il a été reçu : il n’est pas donné. L’équipe technique est prévenue."))
    return Stream(kept.read(document.key), media_type=document.media_type, headers=headers_of(document))


async def _is_whole(kept: Kept, document: StoredDocument) -> bool:
    """Read it once before giving it: what is given is what was received."""
    digest, size = hashlib.sha256(), 0
    try:
        async for some in kept.read(document.key):
            digest.update(some)
            size += len(some)
    except Lost:
        return False
    return size == document.size and digest.hexdigest() == document.sha256


def headers_of(document: DocumentView) -> dict[str, str]:
    """A download, never a page: whatever it holds runs nowhere."""
    return {
        "Content-Disposition": disposition(document.name),
        "Content-Length": str(document.size),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }


def disposition(name: str) -> str:
    """RFC 6266: the name in ASCII for old readers, and as it is for the others."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(letter if letter.isalnum() or letter in " .-_()" else "_" for letter in plain).strip() or "document"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
