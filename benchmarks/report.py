"""The tables people read, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.results import Cell, Measured, Results
from benchmarks.rush.results import Rush, RushAct

START_SECONDS_TARGET = 0.7
WORKER_MEGABYTES_TARGET = 90
PACKAGES_TARGET = 60
EXPORT_MEGABYTES_TARGET = 20
TAIL_TARGET = 4
AUTOSAVE_STATEMENTS_TARGET = 3
UPLOADS_MEGABYTES_TARGET = 400
YES, NO = "✓", "✗"


def report(results: Results) -> str:
    """Everything found, as three tables."""
    sizes = " / ".join(f"{size:,}".replace(",", " ") for size in results.sizes)
    machine = results.machine
    parts = [
        f"{machine.cores} cores, Python {machine.python}, PostgreSQL {machine.postgres}, {machine.at}, commit {machine.commit};"
        f" N = {sizes} applications; medians of {results.rounds} rounds."
        f" Other programs took {machine.others_percent:.0f} % of the processors meanwhile.",
        "",
        "One client, one worker. Ratio and growth: from the least disturbed rounds, ratio the worst of the sizes. Statements and"
        " rows: a turn of the job.",
        "",
        *_alone(results),
        "",
        f"Many clients, {machine.cores} workers.",
        "",
        *_crowd(results),
        "",
        *_server(results),
        *(["", *rush_table(results.rush)] if results.rush else []),
    ]
    faults = [f"- {job.title}, {cell.size}: {fault}" for job in results.jobs for cell in job.cells for fault in cell.faults[:2]]
    return "\n".join([*parts, *(["", "Faults:", "", *faults] if faults else [])])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _table(titles: list[str], lines: list[list[str]]) -> list[str]:
    return [_row(titles), _row("---" for _title in titles), *(_row(line) for line in lines)]


def _each(cells: list[Cell], figure: str) -> str:
    return " / ".join(_number(getattr(cell.alone, figure)) for cell in cells)


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _held(value: float | None, target: float | None, shown: str) -> str:
    if value is None or target is None:
        return shown
    return f"{shown} {YES if value <= target else NO} {target:g}"


def _alone(results: Results) -> list[str]:
    titles = [
        "job",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "floor ms",
        "ratio",
        "CPU ratio",
        "statements",
        "rows",
        "growth",
        "CPU growth",
        "CPU ms",
        "PG CPU ms",
        "KiB",
    ]
    return _table(titles, [_alone_line(job) for job in results.jobs])


def _alone_line(job: Measured) -> list[str]:
    growth, cpu_growth = job.growth, job.cpu_growth
    return [
        job.title + (f" ({job.requests} requests)" if job.requests > 1 else ""),
        _each(job.cells, "p50"),
        _each(job.cells, "p95"),
        _each(job.cells, "p99"),
        " / ".join(_number(cell.floor_ms) for cell in job.cells),
        _held(job.worst_ratio, job.target.ratio, f"{job.worst_ratio:.1f}"),
        _held(job.worst_cpu_ratio, job.target.ratio, f"{job.worst_cpu_ratio:.1f}"),
        _held(job.most_statements, job.target.statements, _same([cell.sent.statements for cell in job.cells])),
        _same([cell.sent.rows for cell in job.cells]),
        "–" if growth is None else _held(growth, job.target.exponent, f"{growth:.2f}"),
        "–" if cpu_growth is None else f"{cpu_growth:.2f}",
        _each(job.cells, "cpu"),
        _each(job.cells, "cpu_postgres"),
        _each(job.cells, "kilobytes"),
    ]


def _same(values: list[int]) -> str:
    return str(values[0]) if len(set(values)) == 1 else " / ".join(str(value) for value in values)


def _crowd(results: Results) -> list[str]:
    titles = ["job", "clients", "turns a second", "p50 ms", "p99 ms", "p99 ÷ p50", "CPU ms", "errors"]
    lines = []
    for job in results.jobs:
        cells = [cell.crowd for cell in job.cells if cell.crowd.count]
        if not cells:
            continue
        tail = max(cell.p99 / cell.p50 for cell in cells)
        errors = sum(cell.errors for cell in cells)
        lines.append(
            [
                job.title,
                str(job.clients),
                " / ".join(_number(cell.per_second) for cell in cells),
                " / ".join(_number(cell.p50) for cell in cells),
                " / ".join(_number(cell.p99) for cell in cells),
                _held(tail, TAIL_TARGET, f"{tail:.1f}"),
                " / ".join(_number(cell.cpu) for cell in cells),
                f"{errors} {NO if errors else YES}",
            ]
        )
    return _table(titles, lines)


def _server(results: Results) -> list[str]:
    server = results.server
    alone, crowd = server.hello_alone, server.hello_crowd
    hello = f"{alone.p50:.2f} ms, {alone.per_second:,.0f} a second; 16 clients: {crowd.per_second:,.0f} a second"
    return _table(
        ["server", "found"],
        [
            ["start to first answer, s", _held(server.start_seconds, START_SECONDS_TARGET, f"{server.start_seconds:.2f}")],
            ["processor time of it, s", f"{server.start_cpu_seconds:.2f}"],
            ["a worker after use, MB", _held(server.worker_megabytes, WORKER_MEGABYTES_TARGET, f"{server.worker_megabytes:.0f}")],
            [
                "more at its peak by the largest export, MB",
                _held(server.export_megabytes, EXPORT_MEGABYTES_TARGET, f"{server.export_megabytes:.1f}"),
            ],
            ["run-time packages", _held(server.packages, PACKAGES_TARGET, str(server.packages))],
            ["empty Litestar answer (the floor)", hello.replace(",", " ")],
        ],
    )


def rush_table(rush: Rush) -> list[str]:
    """The rush: what each act took while everything was going on, and alone."""
    titles = ["act", "times", "p50 ms", "p95 ms", "p99 ms", "failures", "alone ms", "floor ms", "ratio"]
    statements = _held(rush.autosave_statements, AUTOSAVE_STATEMENTS_TARGET, str(rush.autosave_statements))
    uploads = _held(rush.uploads_megabytes, UPLOADS_MEGABYTES_TARGET, f"{rush.uploads_megabytes:.0f}")
    failures = f"{rush.upload_failures} {NO if rush.upload_failures else YES}"
    return [
        f"Rush: the last ten minutes of a call {rush.factor:g} times as fast, {rush.seconds:.0f} s; {rush.servers} server"
        " processes and the worker. Times from the instant an act was due.",
        "",
        *_table(titles, [_rush_line(act) for act in rush.acts]),
        "",
        *_table(
            ["rush", "found"],
            [
                ["statements of an autosave", statements],
                ["peak of the server, MB", f"{rush.server_megabytes:.0f}"],
                ["peak of the worker, MB", f"{rush.worker_megabytes:.0f}"],
                [f"peak of the server by {rush.uploads_at_once} of the largest files at once, MB", uploads],
                ["the same before, MB", f"{rush.before_megabytes:.0f}"],
                ["failures of these", failures],
            ],
        ),
        *(f"- {act.title}: {fault}" for act in rush.acts for fault in act.faults),
    ]


def _rush_line(act: RushAct) -> list[str]:
    times = [_number(act.p50), _held(act.p95, act.target_p95, _number(act.p95)), _number(act.p99)]
    failures = f"{act.failures} {NO if act.failures else YES}"
    return [act.title, str(act.count), *times, failures, _number(act.alone_ms), _number(act.floor_ms), f"{act.ratio:.1f}"]
