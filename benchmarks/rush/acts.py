"""What people do in a rush, each over a connection of their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import count

import msgspec

from benchmarks.client import Answer, send
from benchmarks.lanes import Asks, Wrong, told
from benchmarks.visitors import Draft

PIECE = 512 * 1024
UPLOAD_BYTES = 5_000_000
LARGEST_BYTES = 10_000_000
UPLOAD_REQUESTS = 2 + -(-UPLOAD_BYTES // PIECE)
TYPED = "4.1"
FILES = "9.1"
_HEAD = (
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n"
)
_TAIL = b"\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
Act = Callable[[], Awaitable[None]]


def a_pdf(size: int) -> bytes:
    """A PDF of one empty page, as long as wanted."""
    tail = _TAIL % (size - 100)
    return _HEAD + b"%" + b"x" * (size - len(_HEAD) - len(tail) - 1) + tail


class Person:
    """A depositor at their draft, on a connection of their own."""

    def __init__(self, draft: Draft, connection: Asks, port: int) -> None:
        self.draft = draft
        self.connection = connection
        self.port = port
        self.versions = 1
        self.turns = count()
        self.path = f"/applications/{draft.application}"

    async def save(self) -> None:
        """A pause in typing: the answer as it is now."""
        text = (
            f"Une pause de plus, la {next(self.turns)}e : " + "nous avons rencontré trente habitants et réparé cent vélos. " * 10
        )
        saved = await self._json("PUT", f"/answers/{TYPED}", {"value": text.strip(), "version": self.versions})
        self.versions = msgspec.json.decode(saved.body)["version"]

    async def upload(self, content: bytes) -> None:
        """A file in pieces, as the page sends it."""
        asked = {"question": FILES, "name": f"CV {next(self.turns)}.pdf", "size": len(content)}
        begun = msgspec.json.decode((await self._json("POST", "/uploads", asked)).body)
        for offset in range(0, len(content), PIECE):
            piece = content[offset : offset + PIECE]
            path = f"/api/v1{self.path}/uploads/{begun['id']}?offset={offset}"
            await self._sent("PUT", path, piece, "application/octet-stream")
        await self._json("POST", f"/uploads/{begun['id']}/completion", {})

    async def upload_by_form(self, content: bytes) -> None:
        """A file in one form, as a browser without JavaScript sends it."""
        head = (
            f'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{self.draft.visitor.token}\r\n--b\r\n'
            'Content-Disposition: form-data; name="file"; filename="CV.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
        )
        body = head.encode() + content + b"\r\n--b--\r\n"
        await self._sent("POST", f"{self.path}/files/{FILES}", body, "multipart/form-data; boundary=b", 303)

    async def deposit(self) -> None:
        """The one button, as a program presses it."""
        await self._json("POST", "/deposit", {})

    async def _json(self, method: str, path: str, body: object) -> Answer:
        return await self._sent(method, f"/api/v1{self.path}{path}", msgspec.json.encode(body), "application/json")

    async def _sent(self, method: str, path: str, body: bytes, kind: str, *expected: int) -> Answer:
        visitor = self.draft.visitor
        answer = await self.connection.ask(send(method, path, self.port, visitor.cookie, visitor.token, body, kind))
        if answer.status not in (expected or (200, 201)):
            raise Wrong(f"{method} {path}: {answer.status} {told(answer.body)}")
        return answer
