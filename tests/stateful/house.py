"""Real acts driven from a machine that is not asynchronous: one loop, one database, each example rolled back."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from incubator.core import database
from incubator.core.database import DB, SafeTransaction
from incubator.core.ids import new_id
from tests.database import CountingConnection, TestServer

T = TypeVar("T")
QUIET = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
AS_FOUND = [phase for phase in Phase if phase is not Phase.shrink]  # a life of 25 acts is read as it is
hypothesis.settings.register_profile("ci", derandomize=True, stateful_step_count=25, phases=AS_FOUND, **QUIET)
hypothesis.settings.register_profile("campaign", max_examples=2000, stateful_step_count=50, **QUIET)


class House:
    """A clone of the database and the loop on which every act runs, one after another, in one context."""

    def __init__(self, server: TestServer) -> None:
        self.shared = DB.pool
        self.runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self.stack = contextlib.AsyncExitStack()
        self.example: SafeTransaction | None = None
        self.run(self._open(server))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it and wait for it."""
        return self.runner.run(work)

    async def _open(self, server: TestServer) -> None:
        dsn = await self.stack.enter_async_context(server.clone(f"test_{os.getpid()}_{new_id().hex[:12]}"))
        await database.connect(dsn, pool_size=2, connection_class=CountingConnection)
        self.stack.push_async_callback(database.disconnect)

    def close(self) -> None:
        """Drop the database; leave the one that others share as it was."""
        self.run(self.stack.aclose())
        self.runner.close()
        DB.pool = self.shared

    def begin(self) -> None:
        """Start an example: whatever it writes will be forgotten."""
        self.run(self._begin())

    async def _begin(self) -> None:
        self.example = DB.transaction()
        await self.example.__aenter__()
        self.example.owner = None  # each act is a task of its own, in this same context

    def forget(self) -> None:
        """End an example."""
        self.run(self._forget())

    async def _forget(self) -> None:
        assert self.example is not None
        await self.example.rollback()
        await self.example.__aexit__(None, None, None)

    def play(self, machine: Callable[[], RuleBasedStateMachine], *, lives: int) -> None:
        """Let hypothesis look for a life that breaks a sentence; HYPOTHESIS_PROFILE=campaign looks much longer."""
        profile = os.environ.get("HYPOTHESIS_PROFILE", "ci")
        chosen = hypothesis.settings.get_profile(profile)
        run_state_machine_as_test(
            machine, settings=hypothesis.settings(chosen, max_examples=lives) if profile == "ci" else chosen
        )
