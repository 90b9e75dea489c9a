"""A worker killed again and again, against a real SMTP server: no letter is lost, none comes twice under two names."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from email import message_from_bytes
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP

from incubator.core.clock import now
from incubator.core.database import value
from incubator.core.ids import new_id
from incubator.mail.actions import post
from incubator.mail.letters import LetterText

LETTERS, KILLS, BETWEEN = 120, 5, 12


class Box:
    """Every message taken, acknowledged late enough for a kill to fall in between."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.news = asyncio.Event()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.messages.append(message_from_bytes(envelope.content, policy=default))
        self.news.set()
        await asyncio.sleep(0.01)
        return "250 OK"

    async def holds(self, count: int) -> None:
        """Wait until so many messages came."""
        while len(self.messages) < count:
            self.news.clear()
            await self.news.wait()


async def _worker(dsn: str, port: int) -> asyncio.subprocess.Process:
    """A real `incubator worker`."""
    environment = {
        "PATH": os.environ["PATH"], "DATABASE_URL": dsn, "SMTP_URL": f"smtp://127.0.0.1:{port}",
        "MAIL_FROM": "Alter'Incub <contact@exemple.fr>", "SECRET_KEY": "a secret that only this test knows",
    }  # fmt: skip
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "incubator", "worker", env=environment, stdout=asyncio.subprocess.DEVNULL
    )


async def _until_all_are_sent() -> None:
    for _look in range(600):
        if not await value("SELECT count(*) FROM letter WHERE state <> 'sent'"):
            return
        await asyncio.sleep(0.05)
    raise TimeoutError("letters are left")


async def test_a_worker_killed_five_times_delivers_every_letter(committed_db: str) -> None:
    box, loop = Box(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    wanted = {f"p{number}@exemple.fr" for number in range(LETTERS)}
    for address in sorted(wanted):
        await post(LetterText("Objet", "Bonjour\n", "<p>Bonjour</p>"), kind="test", about=new_id(), to_email=address, at=now())
    async with asyncio.timeout(60):
        for _kill in range(KILLS):
            worker = await _worker(committed_db, port)
            await box.holds(len(box.messages) + BETWEEN)
            worker.kill()
            await worker.wait()
        worker = await _worker(committed_db, port)
        await _until_all_are_sent()
        worker.terminate()
        assert await worker.wait() == 0
    server.close()
    assert {message["To"] for message in box.messages} == wanted
    names = {(message["To"], message["Message-ID"]) for message in box.messages}
    assert len(names) == LETTERS
    repeated = Counter(message["To"] for message in box.messages)
    assert sum(count - 1 for count in repeated.values()) <= KILLS
