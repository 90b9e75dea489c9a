"""The one command line: `incubator serve | worker | migrate | demo | check | create-manager | reset-factors`."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable
from importlib import import_module

import asyncpg

from incubator.core.errors import Failure
from incubator.core.postgres import NoPostgres
from incubator.core.settings import Misconfigured, read_settings, require
from incubator.people.tables import Role
from incubator.serving import serve


def main() -> None:
    """Run a command; a wrong configuration is one line, and status 2."""
    options = _parser().parse_args()
    try:
        sys.exit(options.run(options))
    except (Misconfigured, NoPostgres) as error:
        sys.exit(_say(f"incubator: {error}"))
    except Failure as error:
        sys.exit(_say(f"incubator: {error.reason or type(error).__name__}"))
    except (OSError, asyncpg.PostgresError) as error:
        sys.exit(_say(f"incubator: DATABASE_URL: the database does not answer ({type(error).__name__}: {error})"))
    except KeyboardInterrupt:
        sys.exit(130)


def _say(line: str) -> int:
    print(line, file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="incubator", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    commands.add_parser("serve", help="answer requests").set_defaults(run=_serve)
    commands.add_parser("worker", help="send mails, seal the journal").set_defaults(run=_later("worker"))
    commands.add_parser("migrate", help="bring the database up to date").set_defaults(run=_later("migrate"))
    demo = commands.add_parser("demo", help="a whole incubator with fictional data, on an embedded PostgreSQL")
    demo.add_argument("--reset", action="store_true", help="forget the demo's data first")
    demo.set_defaults(run=_later("demo"))
    check = commands.add_parser("check", help="verify the journal's chain and the database's invariants")
    check.add_argument("--drift", action="store_true", help="only compare tables with migrations (no database needed)")
    check.add_argument("--anchor", default="", help="hash of a seal noted earlier, elsewhere")
    check.set_defaults(run=_later("check"))
    manager = commands.add_parser("create-manager", help="make a programme's manager; prints a one-time link")
    manager.add_argument("email")
    manager.add_argument("name")
    manager.add_argument("--programme", default="alter-incub-cvl")
    manager.add_argument("--role", default="manager", choices=[role.value for role in Role], help="or someone else of its staff")
    manager.set_defaults(run=_later("create_manager"))
    factors = commands.add_parser("reset-factors", help="for who lost every second proof; two people have checked who they are")
    factors.add_argument("email")
    factors.add_argument("--checked-by", nargs=2, required=True, metavar="NAME", help="who checked, two different people")
    factors.set_defaults(run=_later("reset_factors"))
    return parser


def _serve(_options: argparse.Namespace) -> int:
    gc.disable()  # each process enables it once all that lives as long as it does is loaded: looking through it delays the start
    return serve(require(read_settings(), "DATABASE_URL", "SECRET_KEY"))


def _later(name: str) -> Callable[[argparse.Namespace], int]:
    """A command whose module is loaded when it is chosen."""
    return lambda options: getattr(import_module("incubator.commands"), name)(options)
