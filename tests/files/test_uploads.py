"""A file in pieces: a cut line goes on where it stopped, two senders are told apart, twice finished is once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from incubator.core.clock import now
from incubator.core.database import column, execute, value
from incubator.documents.actions import sweep_files
from incubator.documents.rules import PIECE_MAX, UPLOADS_MAX
from tests.files.dossiers import Desk, a_desk
from tests.world.documents import a_pdf, kept_here
from tests.world.people import someone

pytestmark = pytest.mark.usefixtures("db")
LARGE = a_pdf()[:-6] + b"%" + b"x" * (2 * PIECE_MAX) + b"\nstartxref\n9\n%%EOF\n"


class Sender:
    """A browser with JavaScript."""

    def __init__(self, browser: Any, desk: Desk) -> None:
        self.browser = browser
        self.base = f"/api/v1/applications/{desk.application}"
        self.upload = ""

    async def start(self, content: bytes = LARGE, name: str = "CV.pdf", question: str = "F.1") -> Any:
        form = {"question": question, "name": name, "size": len(content)}
        answer = await self.browser.send_json("POST", f"{self.base}/uploads", form)
        if answer.status_code == 201:
            self.upload = f"{self.base}/uploads/{answer.json()['id']}"
        return answer

    async def piece(self, content: bytes, offset: int) -> Any:
        headers = {"x-csrf-token": self.browser.token(), "content-type": "application/octet-stream"}
        return await self.browser.put(f"{self.upload}?offset={offset}", content=content, headers=headers)

    async def state(self) -> Any:
        return (await self.browser.get(self.upload)).json()

    async def finish(self) -> Any:
        return await self.browser.send_json("POST", f"{self.upload}/completion")

    async def all_pieces(self, content: bytes = LARGE) -> None:
        for offset in range(0, len(content), PIECE_MAX):
            assert (await self.piece(content[offset : offset + PIECE_MAX], offset)).status_code == 200


async def a_sender(signed_in) -> tuple[Sender, Desk]:
    desk = await a_desk()
    return Sender(await signed_in(desk.person), desk), desk


async def test_a_cut_line_goes_on_where_it_stopped(signed_in):
    sender, desk = await a_sender(signed_in)
    assert (await sender.start()).json()["received"] == 0
    assert (await sender.piece(LARGE[:PIECE_MAX], 0)).json()["received"] == PIECE_MAX
    assert (await sender.finish()).status_code == 409
    assert (await sender.state())["received"] == PIECE_MAX
    await sender.piece(LARGE[PIECE_MAX : 2 * PIECE_MAX], PIECE_MAX)
    assert (await sender.piece(LARGE[2 * PIECE_MAX :], 2 * PIECE_MAX)).json()["received"] == len(LARGE)
    done = await sender.finish()
    assert (done.status_code, done.json()["size"], done.json()["state"]) == (200, len(LARGE), "received")
    assert "key" not in done.json()
    assert await desk.ids() == [done.json()["id"]]
    assert (await sender.finish()).json() == done.json()
    assert (await sender.piece(b"x", len(LARGE))).status_code == 409
    key = await value("SELECT key FROM document")
    assert b"".join([some async for some in kept_here().read(key)]) == LARGE


async def test_what_is_out_of_step_is_not_taken(signed_in):
    sender, _desk = await a_sender(signed_in)
    await sender.start()
    for offset, content in ((5, b"x"), (0, b""), (0, bytes(len(LARGE) + 1)), (0, bytes(PIECE_MAX + 1))):
        assert (await sender.piece(content, offset)).status_code in (409, 413, 422)
    assert (await sender.browser.put(f"{sender.upload}?offset=-1", content=b"x")).status_code in (403, 422)
    await sender.piece(LARGE[:10], 0)
    assert (await sender.piece(LARGE[:10], 0)).status_code == 409
    assert (await sender.state())["received"] == 10
    assert await value("SELECT cardinality(parts) FROM upload") == 1


async def test_what_would_not_be_taken_is_refused_before_a_byte_is_sent(signed_in):
    sender, _desk = await a_sender(signed_in)
    for content, name, words in ((bytes(3_000_001), "a.pdf", "3"), (b"x", "a.exe", "PDF"), (b"", "a.pdf", "vide")):
        answer = await sender.start(content, name)
        assert (answer.status_code, words in answer.json()["errors"]["file"]) == (422, True)
    assert (await sender.start(question="F.9")).status_code == 404
    assert (await sender.start(question="F.4")).status_code == 409
    assert await value("SELECT count(*) FROM upload") == 0


async def test_content_is_looked_into_at_the_end_and_the_upload_can_be_cancelled(signed_in):
    sender, desk = await a_sender(signed_in)
    await sender.start(b"<html>")
    await sender.all_pieces(b"<html>")
    wrong = await sender.finish()
    assert (wrong.status_code, "annonce" in wrong.json()["errors"]["file"]) == (422, True)
    keys = await value("SELECT parts FROM upload")
    gone = await sender.browser.send_json("DELETE", sender.upload)
    assert (gone.status_code, await desk.ids()) == (204, [])
    assert await value("SELECT count(*) FROM upload") == 0
    later = now() + timedelta(hours=1)
    assert not set(keys) & {key async for some in kept_here().older_than(later) for key in some}


async def test_nobody_else_goes_on_with_an_upload(signed_in):
    sender, _desk = await a_sender(signed_in)
    await sender.start()
    other = await signed_in(await someone("Sacha"))
    for method in ("GET", "DELETE"):
        assert (await other.send_json(method, sender.upload)).status_code == 404
    headers = {"x-csrf-token": other.token(), "content-type": "application/octet-stream"}
    assert (await other.put(f"{sender.upload}?offset=0", content=b"x", headers=headers)).status_code == 404
    assert (await sender.browser.put(f"{sender.upload}?offset=0", content=b"x")).status_code == 403


async def test_too_many_uploads_at_once_wait(signed_in):
    sender, desk = await a_sender(signed_in)
    for _one in range(UPLOADS_MAX):
        assert (await sender.start()).status_code == 201
    assert (await sender.start()).status_code == 409
    await execute("UPDATE upload SET expires_at = $1 WHERE started_by = $2", now(), desk.person.id)
    assert (await sender.start()).status_code == 201


async def test_uploads_left_halfway_are_swept(signed_in):
    sender, _desk = await a_sender(signed_in)
    await sender.start()
    await sender.piece(LARGE[:10], 0)
    (key,) = await value("SELECT parts FROM upload")
    assert await sweep_files(kept_here(), at=now()) == 0
    assert await sweep_files(kept_here(), at=now() + timedelta(hours=23)) == 0
    await execute("UPDATE upload SET expires_at = $1", now())
    assert await sweep_files(kept_here(), at=now()) == 1
    assert await column("SELECT id FROM upload") == []
    assert key not in {one async for some in kept_here().older_than(now() + timedelta(days=1)) for one in some}
