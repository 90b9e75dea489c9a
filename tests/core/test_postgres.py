"""The embedded server is really started, killed and recovered here; each test has a folder of its own."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from incubator.core import postgres
from incubator.core.postgres import EmbeddedPostgres, NoPostgres, find_binaries

USE_AND_SAY = """
import sys
from pathlib import Path
from incubator.core.postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), fast=True)
print(server.start(), flush=True)
sys.stdin.read()
print(server.stop(), flush=True)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        yield Path(folder) / "home"


@pytest.fixture
def server(home: Path) -> Iterator[Callable[[], EmbeddedPostgres]]:
    """Makes users of the folder's server, all of which have left it when the test ends."""
    users: list[EmbeddedPostgres] = []

    def user() -> EmbeddedPostgres:
        users.append(EmbeddedPostgres(home, fast=True))
        return users[-1]

    yield user
    for each in users:
        each.stop()


def ask(dsn: str, query: str) -> str:
    command = [find_binaries() / "psql", "--no-psqlrc", "-qAt", "-v", "ON_ERROR_STOP=1", "-c", query, dsn]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=20).stdout.strip()


def postmaster_of(home: Path) -> int:
    return int((home / "data" / "postmaster.pid").read_text().split()[0])


def other_process(home: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", USE_AND_SAY, str(home)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_an_empty_folder_becomes_a_server_that_knows_french_letters_and_utc(server, home):
    dsn = server().start()

    assert dsn == f"postgresql://postgres@/postgres?host={home.resolve()}/run"
    assert ask(dsn, "select lower('ÉCOLE'), upper('œuvre')") == "école|ŒUVRE"
    assert ask(dsn, "show timezone") == "UTC"
    assert ask(dsn, "show max_connections") == "100"


def test_the_server_hears_nothing_but_its_socket_in_a_closed_folder(server, home):
    dsn = server().start()

    assert ask(dsn, "show listen_addresses") == ""
    assert (home / "run").stat().st_mode & 0o777 == 0o700
    assert (home / "data").stat().st_mode & 0o777 == 0o700


def test_the_data_survives_a_stop(server):
    first = server()
    ask(first.start(), "create table kept as select 41 + 1 as answer")
    assert first.stop() is True
    with pytest.raises(subprocess.CalledProcessError):
        ask(first.dsn("postgres"), "select 1")

    assert ask(server().start(), "select answer from kept") == "42"


def test_the_last_user_to_leave_stops_the_server(server, home):
    first, second = server(), server()
    first.start()
    started = postmaster_of(home)

    dsn = second.start()

    assert postmaster_of(home) == started
    assert first.stop() is False
    assert ask(dsn, "select 1") == "1"
    assert second.stop() is True
    assert second.stop() is False
    assert not (home / "data" / "postmaster.pid").exists()


def test_a_killed_server_recovers_at_the_next_start_with_what_was_committed(server, home):
    dsn = server().start()
    ask(dsn, "create table kept as select 42 as answer")
    killed = postmaster_of(home)
    os.kill(killed, signal.SIGKILL)

    dsn = server().start()

    assert postmaster_of(home) != killed
    assert ask(dsn, "select answer from kept") == "42"


def test_a_pid_file_whose_number_is_now_another_program_s_is_no_obstacle(server, home):
    first = server()
    first.start()
    first.stop()
    (home / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{home}/data\n0\n5432\n")

    assert ask(server().start(), "select 1") == "1"


def test_processes_that_start_at_once_share_one_server(home):
    processes = [other_process(home) for _ in range(3)]

    said = {first_line(process) for process in processes}
    left = [process.communicate("", timeout=30)[0].strip() for process in processes]

    assert said == {f"postgresql://postgres@/postgres?host={home.resolve()}/run"}
    assert left == ["False", "False", "True"]


def test_a_killed_user_is_not_counted_any_more(server, home):
    process = other_process(home)
    first_line(process)
    first = server()
    first.start()
    process.kill()
    process.communicate()

    assert first.stop() is True


def test_erasing_forgets_the_data_even_of_a_server_nobody_stopped(server, home):
    process = other_process(home)
    ask(first_line(process), "create table kept as select 42 as answer")
    process.kill()
    process.communicate()
    left_behind = postmaster_of(home)

    server().erase()

    assert not (home / "data").exists()
    dsn = server().start()
    assert postmaster_of(home) != left_behind
    assert ask(dsn, "select count(*) from pg_class where relname = 'kept'") == "0"


def test_what_another_process_uses_is_not_erased(server, home):
    dsn = server().start()
    ask(dsn, "create table kept as select 42 as answer")

    with pytest.raises(NoPostgres, match="est en service"):
        server().erase()

    assert ask(dsn, "select answer from kept") == "42"


def test_an_interrupted_creation_leaves_nothing_in_the_way(server, home):
    (home / "data.new").mkdir(parents=True)
    (home / "data.new" / "PG_VERSION").write_text("18\n")

    assert ask(server().start(), "select 1") == "1"


@pytest.mark.parametrize("name", ["h" * 120, "un dossier d'essai à l'école"])
def test_a_long_or_odd_path_is_no_obstacle(home, name):
    deep = EmbeddedPostgres(home / name, fast=True)
    try:
        assert ask(deep.start(), "select current_database()") == "postgres"
        assert len(os.fsencode(deep.sockets / postgres.SOCKET_NAME)) <= postgres.SOCKET_PATH_BYTES_MAX
    finally:
        assert deep.stop() is True
        if deep.sockets.parent == Path("/tmp"):
            deep.sockets.rmdir()


def test_a_database_s_name_is_escaped_in_its_address(home):
    assert EmbeddedPostgres(home).dsn("a/b?c").startswith("postgresql://postgres@/a%2Fb%3Fc?host=")


def test_data_of_another_version_is_refused_in_words_and_kept(server, home):
    first = server()
    first.start()
    first.stop()
    (home / "data" / "PG_VERSION").write_text("9\n")

    with pytest.raises(NoPostgres, match="vient de PostgreSQL 9 et"):
        server().start()

    assert (home / "data" / "global").is_dir()


def test_a_folder_named_for_the_binaries_is_used_and_a_wrong_one_is_named(monkeypatch, tmp_path):
    real = find_binaries()
    monkeypatch.setenv("INCUBATOR_PG_BIN", str(real))
    assert find_binaries() == real

    monkeypatch.setenv("INCUBATOR_PG_BIN", str(tmp_path))
    with pytest.raises(NoPostgres, match=f"INCUBATOR_PG_BIN={tmp_path}"):
        find_binaries()


def test_without_any_binaries_the_message_says_what_to_do(monkeypatch):
    monkeypatch.delenv("INCUBATOR_PG_BIN", raising=False)
    monkeypatch.setattr(postgres, "_installed", list)

    with pytest.raises(NoPostgres, match="DATABASE_URL"):
        find_binaries()
