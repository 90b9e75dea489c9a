"""Asking clamd whether bytes are dangerous, as they stream by: INSTREAM over its socket, nothing else is said to it."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import msgspec

CONNECT_SECONDS = 5
SCAN_SECONDS = 120
PIECE = 64 * 1024


class ScannerAway(Exception):
    """The scanner does not answer, or not what a scanner answers."""


class TooLarge(Exception):
    """The scanner takes no file that long: nothing is known of it, and that is not safe."""


class Verdict(msgspec.Struct, frozen=True):
    """What the scanner found: the name of a signature, or "" for nothing."""

    signature: str = ""


async def scan(url: str, content: AsyncIterator[bytes]) -> Verdict:
    """Stream bytes to clamd. Raises `ScannerAway`, `TooLarge`."""
    reader, writer = await _connect(url)
    try:
        async with asyncio.timeout(SCAN_SECONDS):
            return _read(await _stream(reader, writer, content))
    except TimeoutError:
        raise ScannerAway("no answer in time") from None
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise ScannerAway(type(error).__name__) from None
    finally:
        writer.close()


async def _connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            if parts.scheme == "unix":
                return await asyncio.open_unix_connection(parts.path)
            return await asyncio.open_connection(parts.hostname, parts.port or 3310)
    except (OSError, TimeoutError) as error:
        raise ScannerAway(type(error).__name__) from None


async def _stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, content: AsyncIterator[bytes]) -> bytes:
    """Send it all, unless the scanner answers before the end: it then wants no more of it."""
    writer.write(b"zINSTREAM\0")
    answer = asyncio.ensure_future(reader.readuntil(b"\0"))
    try:
        async for some in content:
            for start in range(0, len(some), PIECE):
                piece = some[start : start + PIECE]
                writer.write(struct.pack(">I", len(piece)) + piece)
                await writer.drain()
            if answer.done():
                return await answer
        writer.write(struct.pack(">I", 0))
        await writer.drain()
        return await answer
    except (ConnectionResetError, BrokenPipeError):
        return await answer  # it hung up while we were sending: what it said before tells why
    finally:
        answer.cancel()


def _read(answer: bytes) -> Verdict:
    text = answer.rstrip(b"\0").decode("utf-8", "replace").strip().removeprefix("stream: ")
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
