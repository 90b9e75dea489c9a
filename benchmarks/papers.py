"""Files that people send: PDFs of any size, and the rows of one that was found clean."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import asyncpg

from benchmarks.filling.rows import copy
from incubator.core.ids import new_id
from incubator.documents.rules import TYPES

CVS = "9.1"
CV_BYTES = 60_000
_HEAD = (
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n"
)
_TAIL = b"\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"


def a_pdf(size: int) -> bytes:
    """A PDF of one empty page, as long as wanted."""
    tail = _TAIL % (size - 100)
    return _HEAD + b"%" + b"x" * (size - len(_HEAD) - len(tail) - 1) + tail


async def join_cvs(connection: asyncpg.Connection, drafts: Iterable[tuple[UUID, UUID]], at: datetime) -> dict[UUID, UUID]:
    """A clean CV for each draft, sent by its depositor; its id by the draft's."""
    sent = [(new_id(), draft, who) for draft, who in drafts]
    sha256, kind = hashlib.sha256(a_pdf(CV_BYTES)).hexdigest(), TYPES["pdf"].media_type
    await copy(
        connection, "document",
        "id about place name extension media_type size sha256 remark state reason key uploaded_by uploaded_at scanned_at",
        (
            (one, draft, CVS, "CV.pdf", "pdf", kind, CV_BYTES, sha256, "", "clean", "", f"documents/{one}", who, at, at)
            for one, draft, who in sent
        ),
    )  # fmt: skip
    return {draft: one for one, draft, _who in sent}
