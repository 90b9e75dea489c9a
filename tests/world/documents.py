"""Documents for tests: small real files, and the same joined to a dossier by the real acts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from incubator.applications.actions.files import add_file
from incubator.core.database import execute
from incubator.documents.actions import prepare
from incubator.documents.storage import Kept, kept_at
from incubator.people.queries import Person


class Sent(msgspec.Struct, frozen=True):
    """A file to join to an answer: `{"9.1": [Sent("CV.pdf")]}` among the answers of `tests.world.applications.write`."""

    name: str


def a_pdf(text: str = "Curriculum vitae", pages: int = 1) -> bytes:
    """A real PDF: one font, one line a page."""
    kids = " ".join(f"{4 + 2 * page} 0 R" for page in range(pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for page in range(pages):
        shown = f"BT /F1 18 Tf 72 720 Td ({text} {page + 1}) Tj ET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {5 + 2 * page} 0 R >>",
            f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream",
        ]
    return assembled(objects)


def assembled(objects: list[str], trailer: str = "") -> bytes:
    """The objects of a PDF with their table and trailer."""
    made, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{one}\nendobj\n".encode("latin-1", "replace")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer}>>\n"
    )
    return made + end.encode() + f"startxref\n{len(made)}\n%%EOF\n".encode()


def kept_here() -> Kept:
    """Where the application under test keeps its files."""
    from tests.conftest import SETTINGS  # noqa: PLC0415 - the conftest imports the whole application

    return kept_at(SETTINGS.storage_url)


async def a_document(
    application: UUID,
    question: str,
    *,
    by: Person,
    at: datetime,
    name: str = "CV.pdf",
    content: bytes | None = None,
    kept: Kept | None = None,
    is_clean: bool = True,
) -> UUID:
    """A file joined to an answer, found clean unless told otherwise."""
    kept = kept or kept_here()
    file = kept.arriving()
    try:
        file.write_bytes(content or a_pdf(name))
        made = await prepare(kept, file, name)
    finally:
        file.unlink(missing_ok=True)
    document = await add_file(application, question, made, by=by, at=at)
    if is_clean:
        await execute("UPDATE document SET state = 'clean', scanned_at = $2, next_try_at = NULL WHERE id = $1", document, at)
    return document
