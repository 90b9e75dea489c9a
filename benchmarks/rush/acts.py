"""What people do in a rush, each over a connection of their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import count

import msgspec

from benchmarks.client import Answer, post_file, send
from benchmarks.lanes import Asks, Wrong, told
from benchmarks.papers import CVS
from benchmarks.visitors import Draft

PIECE = 512 * 1024
UPLOAD_BYTES = 5_000_000
LARGEST_BYTES = 10_000_000
UPLOAD_REQUESTS = 2 + -(-UPLOAD_BYTES // PIECE)
TYPED = "4.1"
Act = Callable[[], Awaitable[None]]


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
        asked = {"question": CVS, "name": f"CV {next(self.turns)}.pdf", "size": len(content)}
        begun = msgspec.json.decode((await self._json("POST", "/uploads", asked)).body)
        for offset in range(0, len(content), PIECE):
            piece = content[offset : offset + PIECE]
            path = f"/api/v1{self.path}/uploads/{begun['id']}?offset={offset}"
            await self._sent("PUT", path, piece, "application/octet-stream")
        await self._json("POST", f"/uploads/{begun['id']}/completion", {})

    async def upload_by_form(self, content: bytes) -> None:
        """A file in one form, as a browser without JavaScript sends it."""
        visitor = self.draft.visitor
        request = post_file(f"{self.path}/files/{CVS}", self.port, visitor.cookie, visitor.token, "CV.pdf", content)
        await self._answered(request, 303)

    async def deposit(self) -> None:
        """The one button, as a program presses it."""
        await self._json("POST", "/deposit", {})

    async def _json(self, method: str, path: str, body: object) -> Answer:
        return await self._sent(method, f"/api/v1{self.path}{path}", msgspec.json.encode(body), "application/json")

    async def _sent(self, method: str, path: str, body: bytes, kind: str) -> Answer:
        visitor = self.draft.visitor
        request = send(method, path, self.port, visitor.cookie, visitor.token, body, kind)
        return await self._answered(request, 200, 201)

    async def _answered(self, request: bytes, *expected: int) -> Answer:
        answer = await self.connection.ask(request)
        if answer.status not in expected:
            raise Wrong(f"{request.partition(b' HTTP')[0].decode()}: {answer.status} {told(answer.body)}")
        return answer
