"""The server, the worker, the antivirus and the mail server are killed and frozen while people work (J01, S27, S31)."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter

import httpx

from incubator.core.database import column, execute, value
from tests.faults.house import House, is_listening
from tests.faults.working import at_work, goes_on, until
from tests.serving import until_ready

NOT_SEEN = "SELECT count(*) FROM document WHERE state IN ('received', 'held') AND removed_at IS NULL"
NOT_SENT = "SELECT count(*) FROM letter WHERE state <> 'sent'"


async def _later() -> None:
    """As if the waiting between two tries were over: the worker's clock is not ours to move."""
    await execute("UPDATE letter SET next_try_at = now() WHERE state = 'waiting' AND next_try_at > now()")
    await execute(
        "UPDATE document SET next_try_at = now() WHERE state IN ('received', 'held') AND removed_at IS NULL"
        " AND next_try_at > now()"
    )


async def _all_is_sent_and_seen() -> bool:
    await _later()
    return not await value(NOT_SEEN) and not await value(NOT_SENT)


async def test_server_processes_killed(house: House) -> None:
    """One of two, then the other: another takes its place; what it was doing is done once or not at all."""
    async with at_work(house) as told:
        for _kill in range(2):
            os.kill(house.serving()[0], signal.SIGKILL)
            await goes_on(told)


async def test_server_killed_and_started_again(house: House) -> None:
    """All of it at once, and a machine that starts it again."""
    async with at_work(house) as told:
        house.server.kill()
        await asyncio.sleep(0.3)
        house.server.start()
        await until_ready(house.address)
    assert told.answers[0] > 0


async def test_server_started_while_the_database_is_away(house: House) -> None:
    """It starts all the same, says « not now », and serves as soon as the database is there."""
    house.server.kill()
    await until(lambda: not is_listening(house.port), "a process of the killed server still listens")
    os.kill(house.postmaster, signal.SIGKILL)
    house.server.start()
    async with httpx.AsyncClient(base_url=house.address) as visitor:
        await until(lambda: is_listening(house.port), "the server does not start")
        answer = await visitor.get("/health/ready")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert house.server.running
    assert house.server.running.poll() is None
    await asyncio.to_thread(house.postgres.start)
    async with at_work(house):
        pass


async def test_worker_and_antivirus_killed_and_frozen(house: House) -> None:
    """People notice nothing; no file opens before it was looked at; in the end all were, and every letter left."""
    async with at_work(house) as told:
        house.scanner.stop()
        await goes_on(told)
        house.worker.kill()
        await goes_on(told)
        house.worker.start()
        await asyncio.to_thread(house.scanner.start)
        house.worker.freeze()
        await asyncio.sleep(1)
        house.worker.thaw()
        assert house.scanner.process
        house.scanner.process.send_signal(signal.SIGSTOP)
        await goes_on(told)
        house.scanner.process.send_signal(signal.SIGCONT)
        house.worker.kill()  # perhaps with a document claimed
        house.worker.start()
    assert set(told.answers) <= {200, 201, 303}
    await until(_all_is_sent_and_seen, "files or letters are left")
    assert await column("SELECT DISTINCT state FROM document WHERE removed_at IS NULL") == ["clean"]


async def test_mail_server_killed_and_frozen(house: House) -> None:
    """A deposit never waits for its letter; each letter leaves under one name, twice at most for a kill."""
    async with at_work(house) as told:
        house.mail.kill()
        await goes_on(told)
        house.mail.start()
        await house.until_mail_is_taken()
        house.mail.freeze()
        await goes_on(told)
        house.mail.thaw()
    assert set(told.answers) <= {200, 201, 303}
    await until(_all_is_sent_and_seen, "files or letters are left")
    names = Counter((one["To"], one["Message-ID"]) for one in house.messages())
    sent = await value("SELECT count(*) FROM letter")
    assert len(names) == sent
    assert sum(names.values()) - sent <= 4
