"""A line between a server and its database that is cut at a chosen answer: done there, unheard here."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

NAME = ".s.PGSQL.5432"


class Line:
    """Forwards everything, until a `CommandComplete` of PostgreSQL that begins with the tag to cut at comes by."""

    def __init__(self, sockets: Path, folder: Path) -> None:
        self.there = sockets / NAME
        self.here = folder
        self.tag = b""
        self.after = 0
        self.cuts = 0
        self.tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen."""
        self.here.mkdir(parents=True, exist_ok=True)
        self.server = await asyncio.start_unix_server(self._taken, self.here / NAME)

    def close(self) -> None:
        """Stop listening, and end what is left."""
        self.server.close()
        for task in self.tasks:
            task.cancel()

    def cut_at(self, tag: bytes, after: int = 0) -> None:
        """Cut at the next answer with this tag, so many of them let through before."""
        self.tag, self.after = tag, after

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self.tasks.add(task)
        try:
            from_there, to_there = await asyncio.open_unix_connection(self.there)
        except OSError:
            writer.close()
            return
        asked = asyncio.create_task(_copy(reader, to_there))
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await self._answers(from_there, writer)
        asked.cancel()
        writer.transport.abort()
        to_there.transport.abort()

    async def _answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await reader.readexactly(5)
            body = await reader.readexactly(int.from_bytes(head[1:], "big") - 4)
            if self.tag and head[:1] == b"C" and body.startswith(self.tag):
                if not self.after:
                    self.tag, self.cuts = b"", self.cuts + 1
                    return
                self.after -= 1
            writer.write(head + body)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while some := await reader.read(65536):
        writer.write(some)
