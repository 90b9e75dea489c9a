"""The scanner itself: a real clamd, one that goes away, one that hangs, one that talks nonsense (C05)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from incubator.documents import scanning
from incubator.documents.scanning import ScannerAway, TooLarge, Verdict, scan
from tests.files.clamd import STREAM_MAX, Clamd
from tests.files.making import EICAR, a_zip, an_office
from tests.world.documents import a_pdf


async def streamed(content: bytes, size: int = 100_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


@pytest.mark.parametrize("way", ["tcp", "unix"])
async def test_a_sound_file_is_clean(scanner: Clamd, way: str):
    url = scanner.url if way == "tcp" else f"unix://{scanner.folder}/clamd.sock"
    assert await scan(url, streamed(a_pdf(pages=50))) == Verdict()


@pytest.mark.parametrize(
    "content",
    [EICAR, a_zip({"a.txt": EICAR}), a_zip({"b.zip": a_zip({"a.txt": EICAR})}), an_office("docx", {"word/a.txt": EICAR})],
    ids=["plain", "in a zip", "in a zip in a zip", "in a docx"],
)
async def test_a_dangerous_file_is_found(scanner: Clamd, content: bytes):
    found = await scan(scanner.url, streamed(content))
    assert "EICAR" in found.signature


@pytest.mark.parametrize("size", [STREAM_MAX + 1, 30_000_000])
async def test_too_large_to_scan_is_not_safe(scanner: Clamd, size: int):
    with pytest.raises(TooLarge):
        await scan(scanner.url, streamed(bytes(size) + EICAR))


async def test_a_scanner_that_is_not_there_is_away():
    for url in ("tcp://127.0.0.1:1", "unix:///nowhere/clamd.sock", "tcp://nowhere.invalid:3310"):
        with pytest.raises(ScannerAway):
            await scan(url, streamed(a_pdf()))


@pytest.mark.parametrize("answer", [b"", b"nonsense\0", b"\xff\xfe\0", b"no end at all", b"x" * 200_000])
async def test_a_scanner_that_talks_nonsense_is_away(answer: bytes):
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ScannerAway):
            await scan(f"tcp://127.0.0.1:{port}", streamed(a_pdf()))


async def test_a_scanner_that_hangs_up_as_it_answers_is_heard():
    """It refuses in the middle of what is sent, and resets the connection on what it has not read."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"INSTREAM size limit exceeded. ERROR\0")
        await asyncio.sleep(0.01)
        writer.transport.abort()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        for _once in range(30):
            with pytest.raises(TooLarge):
                await scan(f"tcp://127.0.0.1:{port}", streamed(bytes(20_000_000)))


async def test_a_scanner_that_hangs_is_away(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(scanning, "SCAN_SECONDS", 0.2)

    async def hang(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(1)
        writer.close()

    async with await asyncio.start_server(hang, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ScannerAway):
            await scan(f"tcp://127.0.0.1:{port}", streamed(a_pdf()))
