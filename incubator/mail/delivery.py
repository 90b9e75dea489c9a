"""Taking letters out of the outbox. Claimed under a row lock, so that two workers never send the same one at once.

A worker killed between SMTP's answer and the commit sends the letter again, with the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from email.errors import MessageError as EmailError
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib
import msgspec
import structlog

from incubator.core.database import execute, row, transaction
from incubator.mail.letters import with_link
from incubator.mail.rules import GIVE_UP_AFTER, next_try

log = structlog.get_logger("incubator.mail")
SMTP_SECONDS = 20


class Waiting(msgspec.Struct, frozen=True):
    """A letter that is due."""

    id: UUID
    to_email: str
    subject: str
    text: str
    html: str
    path: str
    unsubscribe_path: str
    attempts_count: int
    created_at: datetime
    stale_after: datetime | None


# What takes a message away; raises when it could not.
Carrier = Callable[[EmailMessage], Awaitable[None]]


async def send_due(carrier: Carrier, *, sender: str, site: str, at: datetime, limit: int = 50) -> int:
    """Send what is due, one transaction a letter; how many were handled."""
    handled = 0
    while handled < limit and await _send_one(carrier, sender, site, at):
        handled += 1
    return handled


async def _send_one(carrier: Carrier, sender: str, site: str, at: datetime) -> bool:
    async with transaction():
        letter = await row(
            Waiting,
            "SELECT id, to_email, subject, text, html, path, unsubscribe_path, attempts_count, created_at, stale_after"
            " FROM letter WHERE state = 'waiting' AND next_try_at <= $1 ORDER BY next_try_at, id LIMIT 1 FOR UPDATE SKIP LOCKED",
            at,
        )
        if letter is None:
            return False
        if letter.stale_after and letter.stale_after < at:
            await execute("UPDATE letter SET state = 'stale' WHERE id = $1", letter.id)
            return True
        try:
            await carrier(message_of(letter, sender, site, at))
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError, EmailError) as error:
            await _failed(letter, error, at)
        else:
            await execute(
                "UPDATE letter SET state = 'sent', sent_at = $2, attempts_count = attempts_count + 1 WHERE id = $1",
                letter.id,
                at,
            )
        return True


async def _failed(letter: Waiting, error: Exception, at: datetime) -> None:
    """Try again later; not a letter the server refuses or that no mail can be made of: it must not hold up the others."""
    refused = isinstance(error, (ValueError, EmailError)) or (
        isinstance(error, aiosmtplib.SMTPResponseException) and 500 <= error.code < 600
    )
    gives_up = refused or at - letter.created_at > GIVE_UP_AFTER
    log.warning("letter not sent", letter=str(letter.id), kind=type(error).__name__, gives_up=gives_up)
    await execute(
        "UPDATE letter SET state = $2, attempts_count = attempts_count + 1, next_try_at = $3, last_error = $4 WHERE id = $1",
        letter.id, "dead" if gives_up else "waiting", next_try(letter.attempts_count, at), type(error).__name__,
    )  # fmt: skip


def message_of(letter: Waiting, sender: str, site: str, at: datetime) -> EmailMessage:
    """The mail: text and HTML, a Message-ID that never changes for this letter."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.to_email
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{letter.id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe_path:
        message["List-Unsubscribe"] = f"<{site}{letter.unsubscribe_path}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    text, html = with_link(letter.text, letter.html, site + letter.path) if letter.path else (letter.text, letter.html)
    if letter.unsubscribe_path:
        text, html = with_link(text, html, site + letter.unsubscribe_path)
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message


class Smtp:
    """A carrier to an SMTP server: smtp:// (STARTTLS when offered) or smtps://."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.tls = parts.scheme == "smtps"
        self.host, self.port = parts.hostname or "localhost", parts.port or (465 if self.tls else 25)
        self.user, self.password = unquote(parts.username or "") or None, unquote(parts.password or "") or None

    async def __call__(self, message: EmailMessage) -> None:
        await aiosmtplib.send(
            message,
            hostname=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            use_tls=self.tls,
            timeout=SMTP_SECONDS,
        )


async def keep_here(_message: EmailMessage) -> None:
    """The demo's carrier: nothing leaves the house; letters are read on `/demo/mails`."""
