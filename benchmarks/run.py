"""A whole run: fill, start servers, count, measure in interleaved rounds, add up."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import ExitStack

import msgspec

from benchmarks import floor, memory
from benchmarks.counting import Sent, count_sent, counted
from benchmarks.figures import Times, middle
from benchmarks.filling import Databases, World
from benchmarks.jobs import JOBS, Job
from benchmarks.machine import Others, describe, run_time_packages
from benchmarks.measuring import measure, measure_floor
from benchmarks.processes import PostgresCpu, Server, start_application, start_floor
from benchmarks.results import Cell, Measured, Results
from benchmarks.results import Server as ServerFigures
from benchmarks.rush.drafts import fill_drafts
from benchmarks.rush.playing import play_rush
from benchmarks.rush.results import Rush
from benchmarks.visitors import SECRET_KEY, Visitors, sign_everyone_in
from benchmarks.writing import DRAFTS

STARTS = 3
RUSH, RUSH_SIZE = "rush", 2000


class Options(msgspec.Struct, frozen=True):
    """What was asked for. `share` shortens each run; `only` names jobs by key; past `seconds_max` no round starts.

    `factor`: how many times as fast as the last ten minutes of a call the rush is played.
    """

    sizes: list[int]
    rounds: int
    share: float
    only: list[str]
    seconds_max: float
    factor: float = 10


class Stage(msgspec.Struct):
    """A filled world, who is signed in there, and the servers on it."""

    world: World
    visitors: Visitors
    alone: Server
    crowd: Server


class Run:
    """Collects times by job, size and kind until they are added up."""

    def __init__(self, options: Options, databases: Databases) -> None:
        self.options = options
        self.databases = databases
        self.jobs = [job for job in JOBS if not options.only or job.key in options.only]
        self.cores = os.cpu_count() or 1
        self.times: dict[tuple[str, int, str], list[Times]] = defaultdict(list)
        self.bare: dict[tuple[str, int], list[floor.Bare]] = defaultdict(list)
        self.hello: dict[str, list[Times]] = defaultdict(list)
        self.sent: dict[tuple[str, int], Sent] = {}
        self.faults: dict[tuple[str, int], list[str]] = defaultdict(list)
        self.export_megabytes = 0.0
        self.others_percent = 0.0
        self.rush: Rush | None = None
        self.rounds = 0
        self.started = time.perf_counter()

    async def __call__(self) -> Results:
        await self.databases.open()
        worlds = [await self._filled(size) for size in self.options.sizes]
        if not self.options.only or RUSH in self.options.only:
            self.rush = await self._rush()
        with ExitStack() as stack:
            stages = [await self._stage(world, stack) for world in worlds]
            floors = [self._kept(start_floor(workers=workers), stack) for workers in (1, self.cores)]
            for server in [one for stage in stages for one in (stage.alone, stage.crowd)] + floors:
                server.wait()
            for stage in stages:
                await self._count(stage)
            postgres = PostgresCpu(self.databases.postgres.data)
            own = [server for stage in stages for server in (stage.alone, stage.crowd)] + floors
            others = Others(own, postgres)
            await self._rounds(stages, floors, postgres)
            self.others_percent = others.percent()
            await self._export_memory(stages[-1], postgres)
            megabytes = max(stage.alone.worker_megabytes() for stage in stages)
        return await self._results(worlds, megabytes)

    async def _rounds(self, stages: list[Stage], floors: list[Server], postgres: PostgresCpu) -> None:
        """As many rounds as were asked for and as there is time for; one at least."""
        while self.rounds < self.options.rounds:
            started = time.perf_counter()
            for stage in stages:
                await self._round(stage, floors, postgres)
            self.rounds += 1
            took = time.perf_counter() - started
            say(f"round {self.rounds} of {self.options.rounds} in {took:.0f} s")
            if time.perf_counter() + took > self.started + self.options.seconds_max:
                return

    async def _rush(self) -> Rush:
        """On a database of its own, so that what it writes changes nothing of what the jobs read."""
        world = await self.databases.fill(min(RUSH_SIZE, self.options.sizes[-1]), "bench_rush")
        idle = start_floor(workers=1)
        try:
            idle.wait()
            hello = await measure_floor(idle, 1)
        finally:
            idle.stop()
        options = self.options
        rush = await play_rush(world, hello.p50, factor=options.factor, share=options.share, servers=self.cores)
        say(f"rush played in {rush.seconds:.0f} s")
        return rush

    async def _filled(self, size: int) -> World:
        world = await self.databases.fill(size)
        say(f"filled {size} applications in {world.seconds:.0f} s")
        return world

    async def _stage(self, world: World, stack: ExitStack) -> Stage:
        visitors = msgspec.structs.replace(await sign_everyone_in(world), drafts=tuple(await fill_drafts(world, DRAFTS)))
        alone = self._kept(start_application(world.dsn, SECRET_KEY, workers=1, storage=world.storage), stack)
        crowd = self._kept(start_application(world.dsn, SECRET_KEY, workers=self.cores, storage=world.storage), stack)
        return Stage(world, visitors, alone, crowd)

    def _kept(self, server: Server, stack: ExitStack) -> Server:
        stack.callback(server.stop)
        return server

    async def _count(self, stage: Stage) -> None:
        async with counted(stage.world) as browser:
            for job in self.jobs:
                place = (job.key, stage.world.size)
                try:
                    self.sent[place], _texts = await count_sent(job, stage.world, stage.visitors, browser)
                except Exception as fault:
                    self.faults[place].append(f"counting: {type(fault).__name__}: {str(fault)[:800]}")

    async def _round(self, stage: Stage, floors: list[Server], postgres: PostgresCpu) -> None:
        for kind, server, clients in (("alone", floors[0], 1), ("crowd", floors[1], 16)):
            self.hello[kind].append(await measure_floor(server, clients))
        for job in self.jobs:
            place = (job.key, stage.world.size)
            if self.faults[place]:
                continue
            self.bare[place].append(await floor.measure_bare(job.bare, stage.world, postgres))
            await self._turn(job, stage, "alone", stage.alone, 1, postgres)
            if not job.watched:
                await self._turn(job, stage, "crowd", stage.crowd, job.crowd, postgres)

    async def _turn(self, job: Job, stage: Stage, kind: str, server: Server, clients: int, postgres: PostgresCpu) -> None:
        share = self.options.share * (0.5 if job.watched else 1)
        found, faults = await measure(job, stage.world, stage.visitors, server, clients, postgres, share)
        self.times[(job.key, stage.world.size, kind)].append(found)
        self.faults[(job.key, stage.world.size)] += [f"{kind}: {fault[:800]}" for fault in faults]

    async def _export_memory(self, stage: Stage, postgres: PostgresCpu) -> None:
        job = next((job for job in self.jobs if job.key == "export"), None)
        if job and not self.faults[(job.key, stage.world.size)]:
            before = memory.forget_peak(stage.alone)
            await measure(job, stage.world, stage.visitors, stage.alone, 1, postgres, 0.1)
            self.export_megabytes = memory.peak_megabytes(stage.alone) - before

    async def _results(self, worlds: list[World], megabytes: float) -> Results:
        starts = [start_costs(worlds[-1]) for _start in range(STARTS)]
        return Results(
            machine=await describe(worlds[0].dsn, self.others_percent),
            server=ServerFigures(
                start_seconds=min(seconds for seconds, _cpu in starts),
                start_cpu_seconds=min(cpu for _seconds, cpu in starts),
                worker_megabytes=megabytes,
                export_megabytes=self.export_megabytes,
                packages=run_time_packages(),
                hello_alone=middle(self.hello["alone"]),
                hello_crowd=middle(self.hello["crowd"]),
            ),
            sizes=[world.size for world in worlds],
            rounds=self.rounds,
            fill_seconds={str(world.size): world.seconds for world in worlds},
            jobs=[self._measured(job, worlds) for job in self.jobs],
            rush=self.rush,
        )

    def _measured(self, job: Job, worlds: list[World]) -> Measured:
        cells = [self._cell(job, world.size) for world in worlds]
        return Measured(job.key, job.title, job.requests, job.crowd, job.target, cells)

    def _cell(self, job: Job, size: int) -> Cell:
        alone = self.times[(job.key, size, "alone")]
        bare, hello = self.bare[(job.key, size)], self.hello["alone"]
        return Cell(
            size=size,
            alone=middle(alone),
            least_ms=_least(one.p50 for one in alone if one.count),
            crowd=middle(self.times[(job.key, size, "crowd")]),
            sent=self.sent.get((job.key, size), Sent(0, 0, 0)),
            floor_ms=_least(one.ms for one in bare) + job.requests * _least(one.p50 for one in hello),
            least_cpu_ms=_least(one.cpu + one.cpu_postgres for one in alone if one.count),
            floor_cpu_ms=_least(one.cpu_ms for one in bare) + job.requests * _least(one.cpu for one in hello),
            faults=self.faults[(job.key, size)],
        )


def _least(values: Iterable[float]) -> float:
    return min(values, default=0.0)


def start_costs(world: World) -> tuple[float, float]:
    """From starting the process to its first healthy answer, over a database in use: seconds of the clock, of processor."""
    started = time.perf_counter()
    server = start_application(world.dsn, SECRET_KEY, workers=1, storage=world.storage)
    try:
        server.wait()
        return time.perf_counter() - started, server.cpu()
    finally:
        server.stop()


def say(line: str) -> None:
    """Tell whoever waits."""
    print(f"  {line}", flush=True)
