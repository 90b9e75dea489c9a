"""`python -m benchmarks [--sizes 200,2000] [--quick] [--only ranking_page,save]`: measure, print, write results/latest.json."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from benchmarks.filling import Databases
from benchmarks.jobs import JOBS
from benchmarks.report import report
from benchmarks.results import Results
from benchmarks.run import Options, Run

RESULTS = Path(__file__).parent / "results" / "latest.json"
SIZES = "200,2000,20000"
SECONDS_MAX = 440


def main() -> int:
    """1 when a job failed; targets that are missed are shown, not failures."""
    started = time.perf_counter()
    asked = _parser().parse_args()
    options = Options(
        sizes=[int(size) for size in (asked.sizes or ("200,2000" if asked.quick else SIZES)).split(",")],
        rounds=1 if asked.quick else 3,
        share=0.4 if asked.quick else 1.0,
        only=asked.only.split(",") if asked.only else [],
        seconds_max=SECONDS_MAX,
        factor=asked.factor,
    )
    home = Path(tempfile.mkdtemp(prefix="incubator-bench-"))
    databases = Databases(home)
    try:
        results = asyncio.run(Run(options, databases)())
    finally:
        databases.close()
        shutil.rmtree(home, ignore_errors=True)
    print(f"\n{report(results)}\n\nTook {time.perf_counter() - started:.0f} s.")
    if not asked.quick and not options.only:
        _keep(results)
    failed = any(cell.faults for job in results.jobs for cell in job.cells)
    return 1 if failed or (results.rush and any(act.failures for act in results.rush.acts)) else 0


def _keep(results: Results) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", help=f"numbers of applications, smallest first (default {SIZES})")
    parser.add_argument("--quick", action="store_true", help="one short round over 200 and 2 000; nothing is written")
    parser.add_argument("--only", help=f"jobs by key, nothing is written: {', '.join(job.key for job in JOBS)}, rush")
    parser.add_argument("--factor", type=float, default=10, help="how many times as fast the rush is played (default 10)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
