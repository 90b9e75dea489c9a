"""A small HTTP/1.1 client over raw sockets: one connection, kept alive, one request at a time."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

import msgspec

SECONDS_MAX = 120


class Answer(msgspec.Struct, frozen=True):
    """What came back; `headers` in lower case."""

    status: int
    headers: bytes
    body: bytes

    def header(self, name: str) -> str:
        """A header's value, or an empty text."""
        marker = b"\r\n" + name.lower().encode() + b":"
        start = self.headers.find(marker)
        if start < 0:
            return ""
        return self.headers[start + len(marker) : self.headers.find(b"\r\n", start + 2)].strip().decode()


class Broken(Exception):
    """The connection ended before the answer did."""


class Connection(asyncio.Protocol):
    """`await open_connection(port)`, then `await connection.ask(request)` as often as one likes."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.port = 0
        self.parts: list[bytes] = []
        self.length = 0
        self.awaited: int | None = None
        self.head = b""
        self.answer: asyncio.Future[Answer] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.port = transport, transport.get_extra_info("peername")[1]

    def connection_lost(self, exc: Exception | None) -> None:
        if self.answer and not self.answer.done():
            self.answer.set_exception(Broken(str(exc)))

    async def ask(self, request: bytes) -> Answer:
        """Send a request, wait for the whole answer. Raises `Broken`, or `TimeoutError`."""
        assert self.transport is not None
        if self.transport.is_closing():  # the server ends what is silent for half a minute: one knocks again, as browsers do
            await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self.port)
        self.parts, self.length, self.awaited, self.head = [], 0, None, b""
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        async with asyncio.timeout(SECONDS_MAX):
            return await self.answer

    def close(self) -> None:
        """End the connection."""
        if self.transport:
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        self.parts.append(data)
        self.length += len(data)
        if not self.head:
            self._read_head()
        if self.head and self._is_whole():
            self._finish()

    def _read_head(self) -> None:
        received = b"".join(self.parts)
        end = received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = received[: end + 2]
        first, _mark, rest = head.partition(b"\r\n")
        lowered = b"\r\n".join(
            name.lower() + mark + content for name, mark, content in (line.partition(b":") for line in rest.split(b"\r\n"))
        )
        self.head = first + b"\r\n" + lowered
        self.parts = [received[end + 4 :]]
        self.length = len(self.parts[0])
        marker = lowered.find(b"content-length:")
        if marker >= 0:
            self.awaited = int(lowered[marker + 15 : lowered.find(b"\r\n", marker)])
        elif b"transfer-encoding: chunked" not in lowered:
            self.awaited = 0

    def _is_whole(self) -> bool:
        if self.awaited is not None:
            return self.length >= self.awaited
        tail = b"".join(self.parts[-2:])[-7:]
        return tail.endswith(b"\r\n0\r\n\r\n") or (self.length == 5 and tail == b"0\r\n\r\n")

    def _finish(self) -> None:
        body = b"".join(self.parts)
        status = int(self.head[9:12])
        if self.answer and not self.answer.done():
            self.answer.set_result(Answer(status, self.head, body if self.awaited is not None else _joined(body)))


def _joined(chunked: bytes) -> bytes:
    """The body that was sent in chunks."""
    found, place = [], 0
    while place < len(chunked):
        end = chunked.index(b"\r\n", place)
        size = int(chunked[place:end], 16)
        found.append(chunked[end + 2 : end + 2 + size])
        place = end + 4 + size
    return b"".join(found)


async def open_connection(port: int) -> Connection:
    """A connection to a server of this machine."""
    _transport, made = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return made


def get(path: str, port: int, cookie: str = "", accept: str = "*/*") -> bytes:
    """The bytes of a GET."""
    signed = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: {accept}\r\n{signed}\r\n".encode()


def send(method: str, path: str, port: int, cookie: str, token: str, body: bytes, kind: str = "application/json") -> bytes:
    """The bytes of a request with a body."""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nX-CSRF-Token: {token}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def post_form(path: str, port: int, cookie: str, token: str, fields: list[tuple[str, str]]) -> bytes:
    """The bytes of a form sent by a browser."""
    body = urlencode([("csrf", token), *fields]).encode()
    return send("POST", path, port, cookie, token, body, "application/x-www-form-urlencoded")


def post_file(path: str, port: int, cookie: str, token: str, name: str, content: bytes) -> bytes:
    """The bytes of a form with a PDF, as a browser without JavaScript sends it."""
    head = (
        f'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n--b\r\n'
        f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/pdf\r\n\r\n'
    )
    body = head.encode() + content + b"\r\n--b--\r\n"
    return send("POST", path, port, cookie, token, body, "multipart/form-data; boundary=b")
