"""Letters leave through a real SMTP server on this machine; none is lost, none leaves twice but under its own Message-ID."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import msgspec
import pytest
from aiosmtpd.smtp import SMTP

from incubator.core.database import column, execute, row, value
from incubator.core.ids import new_id
from incubator.mail.actions import post
from incubator.mail.delivery import Smtp, send_due
from incubator.mail.letters import LetterText, write

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SITE = "https://incubateur.example.fr"


class Box:
    """What the server was given, and what it answers."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.messages.append(message_from_bytes(envelope.content, policy=default))
        return self.answer


@pytest.fixture
async def smtp() -> AsyncIterator[tuple[Box, Smtp]]:
    box = Box()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield box, Smtp(f"smtp://127.0.0.1:{port}")
    server.close()


async def a_letter(to: str = "a@exemple.fr", **more: Any) -> None:
    await post(
        LetterText("Objet é", "Bonjour\n", "<p>Bonjour</p>"),
        kind="test",
        about=more.pop("about", new_id()),
        to_email=to,
        at=AT,
        **more,
    )


class _State(msgspec.Struct, frozen=True):
    state: str
    attempts_count: int
    next_try_at: datetime


async def test_a_letter_arrives_in_both_forms(db, smtp):
    box, carrier = smtp
    await a_letter()
    assert await send_due(carrier, sender="Alter'Incub <contact@exemple.fr>", site=SITE, at=AT) == 1
    assert await send_due(carrier, sender="Alter'Incub <contact@exemple.fr>", site=SITE, at=AT) == 0
    [message] = box.messages
    assert (message["To"], message["Subject"]) == ("a@exemple.fr", "Objet é")
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["Message-ID"] == f"<{await value('SELECT id FROM letter')}@exemple.fr>"
    assert await column("SELECT state FROM letter") == ["sent"]


async def test_the_same_event_is_one_letter(db):
    about = new_id()
    await a_letter(about=about)
    await a_letter(about=about)
    assert await value("SELECT count(*) FROM letter") == 1


async def test_a_passing_failure_is_tried_again_later_and_a_refusal_is_not(db, smtp):
    box, carrier = smtp
    await a_letter()
    box.answer = "451 later"
    await send_due(carrier, sender="x@exemple.fr", site=SITE, at=AT)
    state = await row(_State, "SELECT state, attempts_count, next_try_at FROM letter")
    assert state == _State("waiting", 1, AT + timedelta(minutes=1))
    assert await send_due(carrier, sender="x@exemple.fr", site=SITE, at=AT) == 0
    box.answer = "250 OK"
    assert await send_due(carrier, sender="x@exemple.fr", site=SITE, at=AT + timedelta(minutes=2)) == 1
    assert len(box.messages) == 1
    await a_letter("b@exemple.fr")
    box.answer = "550 no such person"
    await send_due(carrier, sender="x@exemple.fr", site=SITE, at=AT)
    assert await value("SELECT state FROM letter WHERE to_email = 'b@exemple.fr'") == "dead"


async def test_no_server_at_all_loses_nothing(db):
    await a_letter()
    await send_due(Smtp("smtp://127.0.0.1:1"), sender="x@exemple.fr", site=SITE, at=AT)
    assert await column("SELECT state FROM letter") == ["waiting"]


async def test_a_reminder_whose_time_has_passed_is_not_sent(db, smtp):
    box, carrier = smtp
    await a_letter(stale_after=AT - timedelta(hours=1))
    await send_due(carrier, sender="x@exemple.fr", site=SITE, at=AT)
    assert (box.messages, await column("SELECT state FROM letter")) == ([], ["stale"])


async def test_two_workers_never_send_the_same_letter(committed_db, smtp):
    box, carrier = smtp
    for number in range(20):
        await a_letter(f"p{number}@exemple.fr")
    await asyncio.gather(*(send_due(carrier, sender="x@exemple.fr", site=SITE, at=AT) for _ in range(4)))
    assert sorted(message["To"] for message in box.messages) == sorted(f"p{number}@exemple.fr" for number in range(20))


async def test_a_killed_worker_sends_again_under_the_same_message_id(committed_db, smtp):
    box, carrier = smtp
    await a_letter()

    async def dies_after_sending(message: Any) -> None:
        await carrier(message)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await send_due(dies_after_sending, sender="x@exemple.fr", site=SITE, at=AT)
    await send_due(carrier, sender="x@exemple.fr", site=SITE, at=AT)
    assert len({message["Message-ID"] for message in box.messages}) == 1
    assert (len(box.messages), await column("SELECT state FROM letter")) == (2, ["sent"])


async def test_what_people_write_stays_text(db):
    name = "<b>Zoé</b> https://exemple.fr/?a=1&b=2 \r\nBcc: x@y.fr"
    letter = write("people/letters/confirm.txt", "fr", name=name, until=AT)
    assert "<b>Zoé</b>" in letter.text
    assert "&lt;b&gt;Zoé&lt;/b&gt;" in letter.html
    assert ("https://exemple.fr/?a=1&amp;b=2" in letter.html, "href=" in letter.html) == (True, False)
    assert letter.subject == "Confirmez votre adresse"
    await execute("SELECT 1")


async def test_a_letter_leads_to_its_page(db, smtp):
    box, carrier = smtp
    letter = write("coaching/letters/assigned.txt", "fr", name="Zoé", project="X")
    await post(letter, kind="x", about=new_id(), to_email="b@exemple.fr", path="/projects/1", at=AT)
    await send_due(carrier, sender="x@exemple.fr", site=SITE, at=AT)
    text, html = (part.get_content().replace("\r\n", "\n") for part in box.messages[0].iter_parts())
    assert text.endswith("\n\nhttps://incubateur.example.fr/projects/1\n")
    assert '<a href="https://incubateur.example.fr/projects/1">https://incubateur.example.fr/projects/1</a>' in html


async def test_a_letter_no_mail_can_be_made_of_does_not_hold_up_the_others(db, smtp):
    box, carrier = smtp
    await a_letter("a@exemple.fr\nBcc: tous@exemple.fr")
    await a_letter("b@exemple.fr")
    assert await send_due(carrier, sender="x@exemple.fr", site=SITE, at=AT) == 2
    assert [message["to"] for message in box.messages] == ["b@exemple.fr"]
    assert await column("SELECT state FROM letter ORDER BY to_email") == ["dead", "sent"]
