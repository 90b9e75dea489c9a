"""One client of a run."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Protocol

import msgspec

from benchmarks.client import Answer
from benchmarks.filling import World
from benchmarks.visitors import Visitors

Once = Callable[[], Awaitable[int]]


class Asks(Protocol):
    """Something that answers a request: a connection, or the application in this very process."""

    async def ask(self, request: bytes) -> Answer:
        """The whole answer."""


class Wrong(Exception):
    """An answer that was not the expected one."""


class Lane(msgspec.Struct):
    """One client: its connection, its number among those of the run, and where it knocks."""

    connection: Asks
    number: int
    port: int
    world: World
    visitors: Visitors

    async def ask(self, request: bytes, *expected: int) -> Answer:
        """An answer with an expected status (200 unless told). Raises `Wrong`."""
        answer = await self.connection.ask(request)
        if answer.status not in (expected or (200,)):
            asked = request.split(b"\r\n", 1)[0].decode()
            raise Wrong(f"{asked}: {answer.status} {told(answer.body)}")
        return answer


def told(body: bytes) -> str:
    """The words of an answer that nobody expected, without its markup."""
    text = re.sub(r"(?s)<head>.*?</head>|<[^>]*>", " ", body.decode(errors="replace"))
    return " ".join(text.split())[:400]
