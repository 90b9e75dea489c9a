"""The line to the database is cut once the act is done there: the same sent again is the same act, with its answer (J02, S32)."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from urllib.parse import quote

import asyncpg
import pytest

from incubator.core.database import column, detached, execute, transaction, value
from incubator.core.ids import new_id
from tests.conftest import Browser
from tests.faults.clients import SECTION, a_browser
from tests.faults.cutting import Line
from tests.faults.house import House
from tests.faults.processes import Process
from tests.faults.working import until
from tests.files.dossiers import Desk, a_desk
from tests.serving import free_port, until_ready
from tests.world.documents import a_pdf

WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%INSERT INTO answer %'"


@pytest.fixture(scope="module")
async def cut(house: House) -> AsyncIterator[tuple[str, Line]]:
    """A server of one process whose line to the database may be cut."""
    line = Line(house.postgres.sockets, house.folder / "line")
    await line.open()
    port = free_port()
    told = {"DATABASE_URL": f"postgresql://postgres@/postgres?host={quote(str(line.here))}", "WORKERS": "1", "PORT": str(port)}
    server = Process("incubator", "serve", environment=house.server.environment | told)
    server.start()
    await until_ready(f"http://127.0.0.1:{port}")
    yield f"http://127.0.0.1:{port}", line
    server.kill()
    line.close()


async def _someone(address: str) -> tuple[Desk, Browser]:
    desk = await a_desk(sections=(SECTION,), files_size_max=0)
    return desk, await a_browser(address, desk)


@pytest.mark.parametrize("way", ["page", "program"])
async def test_a_deposit_whose_answer_is_lost_is_one_deposit(cut: tuple[str, Line], way: str) -> None:
    """The key is written with the act: sent again, it is answered with the same receipt."""
    address, line = cut
    for _cut in range(3):
        desk, me = await _someone(address)
        path, key = f"/applications/{desk.application}/deposit", str(new_id())
        line.cut_at(b"COMMIT")
        answers = []
        for _try in range(2):
            if way == "page":
                answers.append(await me.send_form(path, once=key))
            else:
                answers.append(await me.send_json("POST", f"/api/v1{path}", {"statements": []}, **{"idempotency-key": key}))
        assert [one.status_code for one in answers] == [503, 303 if way == "page" else 201]
        assert answers[0].headers["retry-after"]
        assert await value("SELECT count(*) FROM deposit WHERE application = $1", desk.application) == 1
        letters = "SELECT count(*) FROM letter l JOIN deposit d ON d.id = l.about WHERE d.application = $1"
        assert await value(letters, desk.application) == 1
        await me.aclose()


async def test_a_save_whose_answer_is_lost_is_one_version(cut: tuple[str, Line]) -> None:
    """The same text again is already there: nothing is written twice, and nobody is told of a conflict with oneself."""
    address, line = cut
    desk, me = await _someone(address)
    path, body = f"/api/v1/applications/{desk.application}/answers/T.0", {"value": "Trente habitants", "version": 0}
    line.cut_at(b"SELECT", after=2)  # the session, the dossier, then the answer
    assert [(await me.send_json("PUT", path, body)).status_code for _try in range(2)] == [503, 200]
    assert await column("SELECT version FROM answer WHERE application = $1 AND question = 'T.0'", desk.application) == [1]
    await me.aclose()


async def test_a_file_whose_answer_is_lost_is_there_once(cut: tuple[str, Line]) -> None:
    """Whoever looks finds it, and its bytes are kept."""
    address, line = cut
    desk, me = await _someone(address)
    line.cut_at(b"COMMIT")
    path = f"/applications/{desk.application}/files/F.1"
    sent = await me.post(path, data={"csrf": me.token()}, files={"file": ("CV.pdf", a_pdf())})
    assert (sent.status_code, sent.headers["retry-after"]) == (503, "5")
    page = await me.get(path)
    assert "CV.pdf" in page.text
    assert len(await desk.ids()) == 1
    await me.aclose()


async def test_the_database_ends_a_statement(house: House, cut: tuple[str, Line]) -> None:
    """As a restart does to what is going on: « not now », and the same text is taken the next time."""
    address, _line = cut
    desk, me = await _someone(address)
    path, body = f"/api/v1/applications/{desk.application}/answers/T.0", {"value": "Trente habitants", "version": 0}
    owner = await asyncpg.connect(house.dsn)  # only the owner sees what others wait for
    async with transaction():
        await execute("SELECT FROM application WHERE id = $1 FOR UPDATE", desk.application)
        saving = detached(me.send_json("PUT", path, body))
        waiting: list[int] = []

        async def is_waiting() -> bool:
            waiting[:] = [record[0] for record in await owner.fetch(WAITING)]
            return bool(waiting)

        await until(is_waiting, "nobody waits")
        os.kill(waiting[0], signal.SIGTERM)
        ended = await saving
    await owner.close()
    assert (ended.status_code, ended.headers["retry-after"]) == (503, "5")
    assert (await me.send_json("PUT", path, body)).status_code == 200
    await me.aclose()
