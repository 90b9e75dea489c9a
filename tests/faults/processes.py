"""Real processes that may be killed, frozen and thawed, with all their children."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


class Process:
    """A command, started as often as one likes."""

    def __init__(self, *command: str, environment: Mapping[str, str] | None = None) -> None:
        self.command = [sys.executable, "-m", *command]
        self.environment = os.environ | dict(environment or {})
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, in a group of its own."""
        self.running = subprocess.Popen(
            self.command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )

    @property
    def pid(self) -> int:
        """Its number."""
        assert self.running
        return self.running.pid

    def send(self, number: signal.Signals) -> None:
        """Send it and its children a signal."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """kill -9: it says nothing, it finishes nothing."""
        if self.running:
            self.send(signal.SIGKILL)
            self.running.wait()
            self.running = None

    def freeze(self) -> None:
        """It keeps its connections and answers nothing."""
        self.send(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on as if nothing had been."""
        self.send(signal.SIGCONT)

    def stop(self) -> None:
        """As a system stops it: politely, then not."""
        if self.running:
            self.running.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.running.wait(5)
            self.kill()


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def signal_all(pids: list[int], number: signal.Signals) -> None:
    """Send each a signal; who is gone is gone."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
