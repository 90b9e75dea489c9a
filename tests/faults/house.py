"""A whole incubator in processes of its own: database, server, worker, antivirus, mail server. Each may be hurt."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from incubator.core import database, migrations
from incubator.core.clock import now
from incubator.core.database import DB
from incubator.core.postgres import EmbeddedPostgres
from incubator.territory.actions import load_territory
from tests.conftest import SETTINGS
from tests.faults.processes import Process, children, signal_all
from tests.files.clamd import Clamd
from tests.serving import free_port, until_ready


class House:
    """What runs, and where."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pool: Any = None
        self.postgres = EmbeddedPostgres(folder / "pg", fast=True)
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        (folder / "clamd").mkdir()
        self.scanner = Clamd(folder / "clamd")
        self.box = folder / "box"
        self.mail_port = free_port()
        listening = f"127.0.0.1:{self.mail_port}"
        self.mail = Process("aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Mailbox", str(self.box), "-l", listening)
        self.server = Process("incubator", "serve", environment=self._environment())
        self.worker = Process("incubator", "worker", environment=self._environment())

    @property
    def dsn(self) -> str:
        """Its database."""
        return self.postgres.dsn("postgres")

    @property
    def files(self) -> Path:
        """Where documents are kept."""
        return self.folder / "files"

    def _environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.dsn, "SECRET_KEY": SETTINGS.secret_key, "PUBLIC_URL": self.address, "WORKERS": "2",
            "PORT": str(self.port), "STORAGE_URL": self.files.as_uri(), "CLAMD_URL": self.scanner.url,
            "SMTP_URL": f"smtp://127.0.0.1:{self.mail_port}", "LOG_FORMAT": "json",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }  # fmt: skip

    async def open(self) -> None:
        """Start it all, with its tables and France in the database."""
        await asyncio.to_thread(self.postgres.start)
        await database.connect(self.dsn, role=None)
        try:
            await migrations.migrate()
            await load_territory(at=now())
        finally:
            await database.disconnect()
        self.server.start()
        self.worker.start()
        self.mail.start()
        await asyncio.to_thread(self.scanner.start)
        await until_ready(self.address)
        await self.until_mail_is_taken()

    async def until_mail_is_taken(self) -> None:
        """Wait until the mail server listens."""
        for _try in range(200):
            try:
                _reader, writer = await asyncio.open_connection("127.0.0.1", self.mail_port)
                writer.close()
                return
            except OSError:
                await asyncio.sleep(0.05)
        raise TimeoutError("the mail server does not answer")

    async def close(self) -> None:
        """Stop it all."""
        for process in (self.worker, self.server, self.mail):
            await asyncio.to_thread(process.stop)
        self.scanner.stop()
        await asyncio.to_thread(self.postgres.stop)

    @property
    def postmaster(self) -> int:
        """The database's first process."""
        return int((self.postgres.data / "postmaster.pid").read_text().split()[0])

    def freeze_database(self) -> list[int]:
        """Stop every process of the database where it stands; `thaw_database` takes what this gives."""
        frozen = [self.postmaster, *children(self.postmaster)]
        signal_all(frozen, signal.SIGSTOP)
        return frozen

    def thaw_database(self, frozen: list[int]) -> None:
        """Let it go on."""
        signal_all(frozen, signal.SIGCONT)

    def messages(self) -> list[Message]:
        """Every mail that was taken."""
        return [message_from_bytes(file.read_bytes()) for file in (self.box / "new").glob("*")]

    def serving(self) -> list[int]:
        """The server's processes that answer requests."""
        return children(self.server.pid)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[House]:
    """A house for some tests, its database open in this process too."""
    shared, DB.pool = DB.pool, None
    house = House(folder)
    try:
        await house.open()
        await database.connect(house.dsn, pool_size=4)
        house.pool, DB.pool = DB.pool, shared  # the rest of the session reads its own database
        yield house
    finally:
        DB.pool = house.pool
        await database.disconnect()
        await house.close()
        DB.pool = shared


def is_listening(port: int) -> bool:
    """True when someone takes connections there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
