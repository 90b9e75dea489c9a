"""The demo's letters on the screen; elsewhere they do not exist."""

from __future__ import annotations

import httpx
import pytest

from incubator.app import create_app
from incubator.core.clock import now
from incubator.core.ids import new_id
from incubator.mail.actions import post
from incubator.mail.delivery import keep_here, send_due
from incubator.mail.letters import LetterText
from tests.conftest import SETTINGS, Browser


@pytest.fixture
async def demo(db: None) -> Browser:
    """A visitor of the demo."""
    app = create_app(
        type(SETTINGS)(secret_key=SETTINGS.secret_key, public_url=SETTINGS.public_url, demo=True), manage_database=False
    )
    return Browser(transport=httpx.ASGITransport(app=app), base_url="http://testserver")


async def a_letter(subject: str, text: str, path: str = "") -> None:
    letter = LetterText(subject, text, "<p></p>")
    await post(letter, kind="test", about=new_id(), to_email="camille@exemple.fr", path=path, at=now())


async def test_letters_are_listed_newest_first_and_their_links_work(demo: Browser) -> None:
    await a_letter("La première", "Rien.")
    await a_letter("La seconde", "Voyez https://exemple.fr/?a=1&b=2 aussi. <b>", path="/confirm?token=abc&x=1")
    page = (await demo.get("/demo/mails?to=camille@exemple.fr")).text
    assert page.index("La seconde") < page.index("La première")
    link = page.split('href="/demo/mails/')[1].split('"')[0]
    letter = (await demo.get(f"/demo/mails/{link}")).text
    assert '<a href="https://exemple.fr/?a=1&amp;b=2">' in letter
    assert '<a href="http://testserver/confirm?token=abc&amp;x=1">' in letter
    assert "&lt;b&gt;" in letter


async def test_the_worker_keeps_them(demo: Browser) -> None:
    await a_letter("À garder", "Rien.")
    assert await send_due(keep_here, sender="a@exemple.fr", site="http://testserver", at=now()) == 1
    assert "Part dans un instant" not in (await demo.get("/demo/mails")).text


async def test_outside_the_demo_there_is_nothing_to_read(db: None, client: Browser) -> None:
    await a_letter("Secrète", "Rien.")
    assert (await client.get("/demo/mails")).status_code == 404
