"""`incubator demo`: an embedded PostgreSQL, migrations, the story, a server and a worker; Ctrl-C stops all of them."""

from __future__ import annotations

import asyncio
import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import asyncpg

from incubator.core.postgres import EmbeddedPostgres
from incubator.core.settings import Misconfigured, Settings, read_settings
from incubator.demo.story import PASSWORD, SIGN_INS, tell
from incubator.preparing import prepare

DATABASE = "incubator"
PARENT_DEATH_SIGNAL = 1  # prctl(2): PR_SET_PDEATHSIG


def run_demo(*, reset: bool) -> int:
    """Run the demo until Ctrl-C; 0 when it was stopped, 1 when one of its processes died."""
    settings = read_settings()
    home = Path(os.environ.get("INCUBATOR_HOME") or Path.cwd() / ".incubator")
    _check_port(settings)
    server = EmbeddedPostgres(home / "postgres")
    if reset:
        server.erase()
        shutil.rmtree(home / "files", ignore_errors=True)
    server.start()
    try:
        environment = _environment(settings, home, server.dsn(DATABASE))
        asyncio.run(_prepare(server, read_settings(environment)))
        return _run_processes(settings, environment)
    finally:
        server.stop()


def _check_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            raise Misconfigured(f"PORT {settings.port} is taken by another program; try PORT={settings.port + 123}") from None


def _environment(settings: Settings, home: Path, dsn: str) -> dict[str, str]:
    secret = home / "secret"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(48))
    return os.environ | {
        "DATABASE_URL": dsn,
        "SECRET_KEY": secret.read_text(),
        "PUBLIC_URL": f"http://{settings.host}:{settings.port}",
        "INCUBATOR_DEMO": "1",
        "LOG_FORMAT": os.environ.get("LOG_FORMAT", "console"),
    }


async def _prepare(server: EmbeddedPostgres, settings: Settings) -> None:
    connection = await asyncpg.connect(server.dsn("postgres"))
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f"CREATE DATABASE {DATABASE}")
    finally:
        await connection.close()
    await prepare(settings)
    await tell(settings)


def _run_processes(settings: Settings, environment: dict[str, str]) -> int:
    stopped: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda caught, _frame: stopped.append(caught))
    processes = [_start(command, environment) for command in ("serve", "worker")]
    try:
        _wait_until_ready(environment["PUBLIC_URL"], processes, stopped)
        if not stopped:
            _welcome(environment["PUBLIC_URL"])
        while not stopped and all(process.poll() is None for process in processes):
            time.sleep(0.2)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=20)
    return 0 if stopped else 1


def _start(command: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "incubator", command],
        env=environment,
        preexec_fn=_die_with_parent,
        start_new_session=True,
    )


def _die_with_parent() -> None:
    """So that a killed demo leaves no server behind (Linux; elsewhere a second start says the port is taken)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _wait_until_ready(address: str, processes: list[subprocess.Popen[bytes]], stopped: list[int]) -> None:
    for _try in range(300):
        if stopped or any(process.poll() is not None for process in processes):
            return
        try:
            with urlopen(f"{address}/health/ready", timeout=2):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.1)


def _welcome(address: str) -> None:
    print(f"\n  Alter’Incub — démonstration (données fictives)\n\n  {address}\n  {address}/demo/mails\n")
    for role, email in SIGN_INS.items():
        print(f"  {role:<38} {email}")
    print(f"\n  Mot de passe de chacun : {PASSWORD}\n  Les fichiers envoyés ne sont pas analysés : il n’y a pas d’antivirus ici.")
    print("  Ctrl-C arrête tout ; les données restent.\n", flush=True)
