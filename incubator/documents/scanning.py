"""Asking clamd whether bytes are dangerous, as they stream by: INSTREAM over its socket, nothing else is said to it."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import msgspec

CONNECT_SECONDS = 5
SCAN_SECONDS = 120
PIECE = 64 * 1024
ANSWER_MAX = 4096


class ScannerAway(Exception):
    """The scanner does not answer, or not what a scanner answers."""


class TooLarge(Exception):
    """The scanner takes no file that long: nothing is known of it, and that is not safe."""


class Verdict(msgspec.Struct, frozen=True):
    """What the scanner found: the name of a signature, or "" for nothing."""

    signature: str = ""


async def scan(url: str, content: AsyncIterator[bytes]) -> Verdict:
    """Stream bytes to clamd. Raises `ScannerAway`, `TooLarge`."""
    door = await _connect(url)
    try:
        async with asyncio.timeout(SCAN_SECONDS):
            return _read(await _stream(door, content))
    except TimeoutError:
        raise ScannerAway("no answer in time") from None
    except OSError as error:
        raise ScannerAway(type(error).__name__) from None
    finally:
        door.close()


async def _connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            if parts.scheme == "unix":
                return await _opened(socket.AF_UNIX, parts.path)
            found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, parts.port or 3310, type=socket.SOCK_STREAM)
            return await _opened(found[0][0], found[0][4])
    except (OSError, TimeoutError) as error:
        raise ScannerAway(type(error).__name__) from None


async def _opened(family: int, address: Any) -> socket.socket:
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(door, address)
    except BaseException:
        door.close()
        raise
    return door


async def _stream(door: socket.socket, content: AsyncIterator[bytes]) -> bytes:
    """Send it all, unless the scanner answers before the end: it then wants no more of it.

    The socket is read apart from being written: a scanner that hangs up while we send has said why, and a stream that
    closes at the first failed write would lose it.
    """
    loop = asyncio.get_running_loop()
    answer = asyncio.ensure_future(_answer(door))
    try:
        await loop.sock_sendall(door, b"zINSTREAM\0")
        async for some in content:
            for start in range(0, len(some), PIECE):
                piece = some[start : start + PIECE]
                await loop.sock_sendall(door, struct.pack(">I", len(piece)) + piece)
                if answer.done():
                    return await answer
        await loop.sock_sendall(door, struct.pack(">I", 0))
        return await answer
    except (ConnectionResetError, BrokenPipeError):
        return await answer
    finally:
        await _ended(answer)


async def _answer(door: socket.socket) -> bytes:
    """What it says up to its zero byte, or as far as it went."""
    said = b""
    while b"\0" not in said and len(said) < ANSWER_MAX:
        some = await asyncio.get_running_loop().sock_recv(door, ANSWER_MAX)
        if not some:
            raise ConnectionResetError
        said += some
    return said.partition(b"\0")[0]


async def _ended(answer: asyncio.Future[bytes]) -> None:
    """The socket is closed once nobody waits on it."""
    answer.cancel()
    await asyncio.wait([answer])


def _read(answer: bytes) -> Verdict:
    text = answer.decode("utf-8", "replace").strip().removeprefix("stream: ")
    if text == "OK":
        return Verdict()
    if text.endswith(" FOUND"):
        signature = text.removesuffix(" FOUND")
        if signature.startswith("Heuristics.Limits.Exceeded"):
            raise TooLarge(signature)
        return Verdict(signature[:200])
    if "size limit exceeded" in text:
        raise TooLarge(text)
    raise ScannerAway(text[:100])
