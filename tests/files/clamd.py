"""A real clamd with one signature of our own: the EICAR test file's. Left out, visibly, where clamd is not installed."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.files.making import EICAR

PATH = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
REQUIRED = os.environ.get("INCUBATOR_CLAMD") == "required"
LEFT_OUT = "clamd is not installed: the tests of the antivirus are left out (apt-get install clamav-daemon; CI requires them)"
STREAM_MAX = 3_000_000


class Clamd:
    """One scanner, started and stopped at will."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"tcp://127.0.0.1:{self.port}"
        (folder / "db").mkdir()
        (folder / "db" / "local.ndb").write_text(f"Test.EICAR:0:*:{EICAR.hex()}\n")
        (folder / "clamd.conf").write_text(
            f"DatabaseDirectory {folder / 'db'}\nTCPSocket {self.port}\nTCPAddr 127.0.0.1\nLocalSocket {folder / 'clamd.sock'}\n"
            f"Foreground yes\nStreamMaxLength {STREAM_MAX}\nAlertExceedsMax yes\nMaxFileSize 20M\nMaxScanSize 40M\n"
            f"LogFile {folder / 'clamd.log'}\nUser root\n"
        )

    def start(self) -> None:
        """Start it and wait until it answers."""
        assert PATH
        self.process = subprocess.Popen([PATH, "-c", str(self.folder / "clamd.conf")], stdout=subprocess.DEVNULL)
        for _try in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(b"zPING\0")
                if line.recv(10).startswith(b"PONG"):
                    return
            time.sleep(0.05)
        raise AssertionError((self.folder / "clamd.log").read_text())

    def stop(self) -> None:
        """Stop it."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextlib.contextmanager
def running():
    """A scanner for a session."""
    with tempfile.TemporaryDirectory(prefix="incubator-clamd-") as folder:
        made = Clamd(Path(folder))
        made.start()
        try:
            yield made
        finally:
            made.stop()
