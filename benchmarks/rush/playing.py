"""Playing a rush: every act has its instant, whoever is late; what it took is counted from there."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import msgspec

from benchmarks.client import open_connection
from benchmarks.counting import counted, statements_of
from benchmarks.figures import percentile
from benchmarks.filling import World
from benchmarks.memory import Peak
from benchmarks.papers import a_pdf
from benchmarks.processes import Server, start_application, start_worker
from benchmarks.rush import floor
from benchmarks.rush.acts import LARGEST_BYTES, UPLOAD_BYTES, UPLOAD_REQUESTS, Act, Person
from benchmarks.rush.drafts import fill_drafts
from benchmarks.rush.results import Rush, RushAct
from benchmarks.visitors import SECRET_KEY, Draft

MINUTES_SECONDS = 600
DRAFTS, PAUSE_SECONDS, UPLOADS, DEPOSITS = 300, 15, 100, 150
AT_ONCE, ALONE = 20, 20
DEPOSIT_P95 = 1500


class Due(msgspec.Struct, frozen=True):
    """An act and the second it is due."""

    kind: str
    at: float
    act: Act


class Measured(msgspec.Struct):
    """What acts of a kind took, in seconds, and what went wrong."""

    seconds: list[float] = []
    faults: list[str] = []


async def play_rush(world: World, hello_ms: float, *, factor: float, share: float, servers: int) -> Rush:
    """Ten minutes of a last evening, `factor` times as fast; `share` of them only. `hello_ms`: an empty answer's."""
    drafts = await fill_drafts(world, DRAFTS + UPLOADS + DEPOSITS + AT_ONCE + 3 * ALONE)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="incubator-rush-")))
        files = (folder / "files").as_uri()
        server = start_application(world.dsn, SECRET_KEY, workers=servers, storage=files)
        stack.callback(server.stop)
        worker = start_worker(world.dsn, SECRET_KEY, storage=files)
        stack.callback(worker.stop)
        server.wait()
        rush = _Playing(world, drafts, server)
        alone = await rush.alone()
        floors = await _floors(world, rush.left[-1], folder, hello_ms)
        async with Peak(server) as serving, Peak(worker) as working:
            measured, took = await rush.play(factor, share)
        before = Peak(server)
        before.look()
        async with Peak(server) as largest:
            failures = await rush.largest_at_once()
        if worker.process.poll() is not None:
            raise RuntimeError(f"the worker ended:\n{worker.said()}")
        return Rush(
            factor=factor, seconds=took, servers=servers,
            acts=[_act(kind, measured[kind], alone[kind], floors[kind]) for kind in TITLES],
            autosave_statements=await _statements(world, rush.left.pop()),
            server_megabytes=serving.megabytes, worker_megabytes=working.megabytes, before_megabytes=before.megabytes,
            uploads_megabytes=largest.megabytes, uploads_at_once=AT_ONCE, upload_failures=failures,
        )  # fmt: skip


TITLES = {"save": "autosave of an answer", "upload": "file of 5 MB in pieces", "deposit": "deposit"}


class _Playing:
    """The people, and who has not done their part yet."""

    def __init__(self, world: World, drafts: list[Draft], server: Server) -> None:
        self.world = world
        self.left = list(drafts)
        self.server = server
        self.file = a_pdf(UPLOAD_BYTES)

    async def someone(self) -> Person:
        """The next one."""
        return Person(self.left.pop(0), await open_connection(self.server.port), self.server.port)

    async def alone(self) -> dict[str, float]:
        """Each act by one person after another, nobody else there: p50 in milliseconds."""
        found: dict[str, list[float]] = {kind: [] for kind in TITLES}
        for _turn in range(ALONE):
            person = await self.someone()
            acts: tuple[tuple[str, Act], ...] = (
                ("save", person.save),
                ("upload", lambda p=person: p.upload(self.file)),  # type: ignore[misc]
                ("deposit", person.deposit),
            )
            for kind, act in acts:
                started = time.perf_counter()
                await act()
                found[kind].append(1000 * (time.perf_counter() - started))
        return {kind: median(took) for kind, took in found.items()}

    async def play(self, factor: float, share: float) -> tuple[dict[str, Measured], float]:
        """Everything at its instant; what it took by kind, and how long all of it."""
        lasting = MINUTES_SECONDS * share / factor
        due = sorted(await self._due(factor, lasting, share), key=lambda one: one.at)
        measured = {kind: Measured() for kind in TITLES}
        started = time.perf_counter() + 0.5
        await asyncio.gather(*[_at_its_instant(one, started, measured[one.kind]) for one in due])
        return measured, time.perf_counter() - started

    async def _due(self, factor: float, lasting: float, share: float) -> list[Due]:
        found = []
        every = PAUSE_SECONDS / factor
        for number in range(DRAFTS):
            save = _one_at_a_time((await self.someone()).save)
            first = every * number / DRAFTS
            found += [Due("save", first + every * turn, save) for turn in range(int((lasting - first) / every) + 1)]
        for number in range(int(UPLOADS * share)):
            person = await self.someone()
            found.append(Due("upload", lasting * number / (UPLOADS * share), lambda p=person: p.upload(self.file)))  # type: ignore[misc]
        for number in range(int(DEPOSITS * share)):
            found.append(Due("deposit", lasting * number / (DEPOSITS * share), (await self.someone()).deposit))
        return found

    async def largest_at_once(self) -> int:
        """The largest files that may be sent, all at the same moment, in one form each; how many failed."""
        people = [await self.someone() for _one in range(AT_ONCE)]
        content = a_pdf(LARGEST_BYTES)
        ended = await asyncio.gather(*[one.upload_by_form(content) for one in people], return_exceptions=True)
        return sum(isinstance(one, BaseException) for one in ended)


def _one_at_a_time(act: Act) -> Act:
    """A page sends its next save once the last was answered."""
    lock = asyncio.Lock()

    async def alone() -> None:
        async with lock:
            await act()

    return alone


async def _at_its_instant(due: Due, started: float, measured: Measured) -> None:
    at = started + due.at
    await asyncio.sleep(max(0.0, at - time.perf_counter()))
    try:
        await due.act()
    except Exception as fault:
        measured.faults.append(f"{type(fault).__name__}: {str(fault)[:300]}")
        return
    measured.seconds.append(time.perf_counter() - at)


def _act(kind: str, measured: Measured, alone_ms: float, floor_ms: float) -> RushAct:
    ordered = sorted(measured.seconds) or [0.0]
    p50, p95, p99 = (1000 * percentile(ordered, part) for part in (0.50, 0.95, 0.99))
    return RushAct(
        title=TITLES[kind], count=len(measured.seconds), failures=len(measured.faults), p50=p50, p95=p95, p99=p99,
        alone_ms=alone_ms, floor_ms=floor_ms, target_p95=DEPOSIT_P95 if kind == "deposit" else None, faults=measured.faults[:3],
    )  # fmt: skip


async def _floors(world: World, draft: Draft, folder: Path, hello_ms: float) -> dict[str, float]:
    by = draft.visitor.account
    assert by
    bare: dict[str, tuple[Awaitable[float], int]] = {
        "save": (floor.bare_save(world.dsn, draft.application, by), 1),
        "upload": (floor.bare_upload(folder, a_pdf(UPLOAD_BYTES)), UPLOAD_REQUESTS),
        "deposit": (floor.bare_deposit(world.dsn, draft.application, by), 1),
    }
    return {kind: await took + requests * hello_ms for kind, (took, requests) in bare.items()}


async def _statements(world: World, draft: Draft) -> int:
    """How many statements one autosave sends."""
    async with counted(world) as browser:
        return await statements_of(lambda connection: Person(draft, connection, 80).save, browser)
