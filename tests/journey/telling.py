"""What the journey prints, and how it stops."""

from __future__ import annotations

import time

STARTED = time.monotonic()


class Surprise(Exception):
    """Something did not come back as it should."""


def step(number: int, title: str) -> None:
    """A step begins."""
    print(f"\n{number}. {title}  [{time.monotonic() - STARTED:.1f} s]", flush=True)


def told(line: str) -> None:
    """Something came back."""
    print(f"   {line}", flush=True)


def expect(holds: object, what: str) -> None:
    """Go on only when it holds."""
    if not holds:
        raise Surprise(what)


def table(headings: list[str], lines: list[list[str]]) -> None:
    """Columns of text."""
    widths = [max(len(line[column]) for line in [headings, *lines]) for column in range(len(headings))]
    for line in [headings, ["-" * width for width in widths], *lines]:
        told("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
