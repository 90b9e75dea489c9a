"""Killed anywhere, sent by many at once, on a disk that is full: nothing half done, memory bounded (C07, C08, C13, S21)."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from obstore.store import LocalStore

from incubator.app import create_app
from incubator.core.clock import now
from incubator.core.database import column, value
from incubator.core.errors import Failure
from incubator.documents.actions import sweep_files
from incubator.documents.storage import Kept, NoRoom, kept_at
from incubator.people.actions import open_session
from tests.conftest import SETTINGS, Browser
from tests.files.dossiers import Desk, a_desk
from tests.serving import free_port, until_ready
from tests.world.documents import a_document, a_pdf

KILLED = """
import asyncio, os, signal, sys
from uuid import UUID
from incubator.core import database
from incubator.core.clock import now
from incubator.documents.storage import kept_at
from incubator.people.queries import person
from incubator.applications.actions import files
from tests.world.documents import a_document

async def die(*args, **options):
    os.kill(os.getpid(), signal.SIGKILL)

async def main(dsn, url, application, account, when):
    await database.connect(dsn)
    if when == "before the commit":
        files.write_answers = die
    await a_document(UUID(application), "F.1", by=await person(UUID(account)), at=now(), kept=kept_at(url))
    await die()

asyncio.run(main(*sys.argv[1:]))
"""


def bytes_in(folder: Path) -> set[str]:
    """The keys of what is kept in a folder."""
    return {str(file.relative_to(folder)) for file in folder.glob("documents/*/*")}


@pytest.mark.parametrize(("when", "rows"), [("before the commit", 0), ("after the commit", 1)])
async def test_killed_between_the_bytes_and_the_row(committed_db: str, tmp_path: Path, when: str, rows: int):
    """C07: bytes without a row are swept after a day; there is never a row without bytes."""
    desk = await a_desk()
    arguments = [committed_db, tmp_path.as_uri(), str(desk.application), str(desk.person.id), when]
    killed = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", KILLED, *arguments], capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    known = set(await column("SELECT key FROM document"))
    assert (len(known), len(bytes_in(tmp_path)), len(await desk.ids())) == (rows, 1, rows)
    assert known <= bytes_in(tmp_path)
    kept = kept_at(tmp_path.as_uri())
    assert await sweep_files(kept, at=now() + timedelta(hours=23)) == 0
    await sweep_files(kept, at=now() + timedelta(hours=25))
    assert bytes_in(tmp_path) == known


async def test_limits_hold_when_many_send_at_once(committed_db: str):
    """Two files at most, whoever sends them and whenever they end."""
    desk = await a_desk()
    sent = [a_document(desk.application, "F.1", by=desk.person, at=now(), name=f"{n}.pdf") for n in range(8)]
    ended = await asyncio.gather(*sent, return_exceptions=True)
    assert sum(isinstance(one, Failure) for one in ended) == 6
    assert len(await desk.ids()) == 2
    assert await value("SELECT count(*) FROM document") == 2


@pytest.fixture
async def served(committed_db: str, tmp_path: Path) -> AsyncIterator[tuple[str, subprocess.Popen[bytes]]]:
    """A real server of the application on this test's database, its files in a folder of this test."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "DATABASE_URL": committed_db, "SECRET_KEY": SETTINGS.secret_key, "PUBLIC_URL": address, "PORT": str(port),
        "STORAGE_URL": (tmp_path / "files").as_uri(), "LOG_FORMAT": "json",
    }  # fmt: skip
    command = [sys.executable, "-m", "incubator", "serve"]
    server = await asyncio.to_thread(subprocess.Popen, command, env=environment, stdout=subprocess.DEVNULL)
    try:
        await until_ready(address)
        yield address, server
    finally:
        server.terminate()
        server.wait()


async def a_browser(address: str, desk: Desk) -> Browser:
    """The depositor's browser on that server."""
    secret = await open_session(desk.person.id, agent="test", is_staff=False, at=now())
    made = Browser(base_url=address, timeout=60, limits=httpx.Limits(max_connections=40))
    made.secret = secret
    made.cookies.set("session", secret)
    return made


def memory_of(pid: int) -> int:
    """Megabytes that a process and its children have held at most (VmHWM)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    own = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(own.split()[1]) // 1024 + sum(memory_of(int(child)) for child in children)


async def test_twenty_of_the_largest_at_once_cost_little_memory(served: Any, tmp_path: Path):
    """S21: below 400 MB; all are kept, whole, and nothing of their way stays behind."""
    address, server = served
    desks = [await a_desk(files_size_max=0) for _one in range(10)]
    content = a_pdf()[:-6] + b"%" + b"x" * 2_990_000 + b"\nstartxref\n9\n%%EOF\n"
    browsers = [await a_browser(address, desk) for desk in desks]
    before = memory_of(server.pid)

    async def send(browser: Browser, desk: Desk, name: str) -> int:
        path = f"/applications/{desk.application}/files/F.1"
        return (await browser.post(path, data={"csrf": browser.token()}, files={"file": (name, content)})).status_code

    sent = [send(browser, desk, name) for browser, desk in zip(browsers, desks, strict=True) for name in ("a.pdf", "b.pdf")]
    assert await asyncio.gather(*sent) == [303] * 20
    assert memory_of(server.pid) < 400
    assert memory_of(server.pid) - before < 200
    assert [len(await desk.ids()) for desk in desks] == [2] * 10
    assert list((tmp_path / "files" / "arriving").iterdir()) == []
    assert {file.stat().st_size for file in (tmp_path / "files").glob("documents/*/*")} == {len(content)}


async def test_a_sender_who_stops_at_99_percent_leaves_nothing(served: Any, tmp_path: Path):
    """C08"""
    address, _server = served
    desk = await a_desk()
    browser = await a_browser(address, desk)
    head = (
        f"POST /applications/{desk.application}/files/F.1 HTTP/1.1\r\nHost: {address[7:]}\r\nContent-Length: 1000000\r\n"
        f"Cookie: session={browser.secret}\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n"
        f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{browser.token()}\r\n'
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    ).encode()
    _reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
    writer.write(head + b"%PDF-" + b"x" * 980_000)
    await writer.drain()
    arriving = tmp_path / "files" / "arriving"
    for _try in range(100):
        if arriving.exists() and any(file.stat().st_size > 500_000 for file in arriving.iterdir()):
            break
        await asyncio.sleep(0.05)
    else:
        raise AssertionError("nothing arrived")
    writer.transport.abort()
    for _try in range(200):
        if not list(arriving.iterdir()):
            break
        await asyncio.sleep(0.05)
    assert (list(arriving.iterdir()), await desk.ids(), await value("SELECT count(*) FROM document")) == ([], [], 0)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
async def test_a_full_disk_is_said_and_nothing_is_half_kept(committed_db: str, tmp_path: Path):
    """C13"""
    small = tmp_path / "small"
    small.mkdir()
    mounted = await asyncio.to_thread(subprocess.run, ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(small)])
    if mounted.returncode:
        pytest.skip("this machine does not let a disk be mounted")
    try:
        desk = await a_desk()
        content = a_pdf()[:-6] + b"%" + b"x" * 2_000_000 + b"\nstartxref\n9\n%%EOF\n"
        full = create_app(msgspec.structs.replace(SETTINGS, storage_url=small.as_uri()), manage_database=False)
        secret = await open_session(desk.person.id, agent="test", is_staff=False, at=now())
        async with Browser(transport=httpx.ASGITransport(app=full), base_url="http://testserver") as me:
            me.secret = secret
            me.cookies.set("session", secret)
            form = {"csrf": me.token()}
            sent = await me.post(f"/applications/{desk.application}/files/F.1", data=form, files={"file": ("a.pdf", content)})
            assert (await me.get(f"/applications/{desk.application}/files/F.1")).status_code == 200
        assert (sent.status_code, "plus de place" in sent.text) == (507, True)
        kept = Kept(LocalStore(small), tmp_path / "arriving")
        with pytest.raises(NoRoom):
            await a_document(desk.application, "F.1", by=desk.person, at=now(), content=content, kept=kept)
        assert (await desk.ids(), bytes_in(small), list(small.glob("arriving/*"))) == ([], set(), [])
    finally:
        await asyncio.to_thread(subprocess.run, ["umount", str(small)], check=True)
