"""Everything a journey needs, started afresh and stopped at its end: database, server, worker, and where mails arrive."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import asyncpg
from aiosmtpd.controller import Controller

from incubator.core.postgres import EmbeddedPostgres
from tests.journey.telling import Surprise
from tests.serving import free_port, until_ready

MAIL_SECONDS = 15


class Mail:
    """A mail that arrived."""

    def __init__(self, to: str, content: bytes) -> None:
        message = message_from_bytes(content, policy=policy.default)
        self.to, self.subject = to, str(message["subject"])
        part = message.get_body(("plain",))
        self.text = str(part.get_content()) if part else ""

    @property
    def link(self) -> str:
        """The first address in it."""
        found = re.search(r"https?://\S+", self.text)
        if not found:
            raise Surprise(f"no link in the mail {self.subject!r}")
        return found[0]


class Mailbox:
    """An SMTP server that keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Keep one mail a recipient."""
        self.mails += [Mail(to, envelope.content) for to in envelope.rcpt_tos]
        return "250 kept"

    def of(self, to: str) -> list[Mail]:
        """What someone received, oldest first."""
        return [mail for mail in self.mails if mail.to == to]

    def wait(self, to: str, subject: str = "", *, after: int = 0) -> Mail:
        """The next mail to someone whose subject holds these words."""
        until = time.monotonic() + MAIL_SECONDS
        while time.monotonic() < until:
            for mail in self.of(to)[after:]:
                if subject.lower() in mail.subject.lower():
                    return mail
            time.sleep(0.05)
        raise Surprise(f"{to} did not receive {subject!r}, only {[mail.subject for mail in self.of(to)]}")


class House:
    """A server of one's own, in a folder that goes away."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="incubator-journey-")
        self.postgres = EmbeddedPostgres(Path(self.folder.name) / "postgres", fast=True)
        self.mailbox = Mailbox()
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.log = (Path(self.folder.name) / "log").open("wb")

    def __enter__(self) -> House:
        try:
            self._open()
        except BaseException:
            print(self.logged())
            self.__exit__()
            raise
        return self

    def _open(self) -> None:
        self.postgres.start()
        self.mailbox.controller.start()
        asyncio.run(self._create_database())
        self.run("migrate")
        self.processes = [self._start(command) for command in ("serve", "worker")]
        asyncio.run(until_ready(self.address))

    def __exit__(self, *_failure: object) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(timeout=20)
        self.mailbox.controller.stop()
        self.postgres.stop()
        self.log.close()
        self.folder.cleanup()

    @property
    def environment(self) -> dict[str, str]:
        """What the commands are configured with."""
        return os.environ | {
            "DATABASE_URL": self.postgres.dsn("journey"),
            "SECRET_KEY": "a secret that this journey alone knows",
            "PUBLIC_URL": self.address,
            "PORT": str(self.port),
            "SMTP_URL": f"smtp://127.0.0.1:{self.mailbox.controller.port}",
            "MAIL_FROM": "Alter'Incub <contact@alterincub.example>",
            "INCUBATOR_DEMO": "0",
        }

    def run(self, *command: str) -> str:
        """A command of the product, to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "incubator", *command], env=self.environment, capture_output=True, text=True, timeout=60
        )
        if done.returncode:
            raise Surprise(f"incubator {' '.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def logged(self) -> str:
        """What server and worker complained of."""
        self.log.flush()
        said = Path(self.log.name).read_text("utf-8", "replace").splitlines()
        wrong = [line for line in said if '"level": "info"' not in line]
        return "\n".join(wrong).replace("\\n", "\n")[-3000:]

    def _start(self, command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "incubator", command], env=self.environment, stdout=self.log, stderr=subprocess.STDOUT
        )

    async def _create_database(self) -> None:
        connection = await asyncpg.connect(self.postgres.dsn("postgres"))
        await connection.execute("CREATE DATABASE journey")
        await connection.close()
