"""The one command line: `incubator serve | worker | migrate | demo | check | create-manager`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from datetime import timedelta

import asyncpg

from incubator.core import database, migrations
from incubator.core.clock import now
from incubator.core.errors import Failure
from incubator.core.logging import configure_logging
from incubator.core.postgres import NoPostgres
from incubator.core.settings import Misconfigured, Settings, read_settings, require
from incubator.demo.running import run_demo
from incubator.invariants import broken
from incubator.jobs import work
from incubator.journal.queries import faults, newest_seal
from incubator.people.actions import give_role, invite, make_link
from incubator.people.tables import Purpose, Role
from incubator.preparing import prepare
from incubator.programmes.queries import programme_by_code
from incubator.serving import serve

MANAGER_LINK_LASTS = timedelta(days=1)


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
    commands.add_parser("worker", help="send mails, seal the journal").set_defaults(run=_worker)
    commands.add_parser("migrate", help="bring the database up to date").set_defaults(run=_migrate)
    demo = commands.add_parser("demo", help="a whole incubator with fictional data, on an embedded PostgreSQL")
    demo.add_argument("--reset", action="store_true", help="forget the demo's data first")
    demo.set_defaults(run=lambda options: run_demo(reset=options.reset))
    check = commands.add_parser("check", help="verify the journal's chain and the database's invariants")
    check.add_argument("--drift", action="store_true", help="only compare tables with migrations (no database needed)")
    check.add_argument("--anchor", default="", help="hash of a seal noted earlier, elsewhere")
    check.set_defaults(run=_check)
    manager = commands.add_parser("create-manager", help="make a programme's manager; prints a one-time link")
    manager.add_argument("email")
    manager.add_argument("name")
    manager.add_argument("--programme", default="alter-incub-cvl")
    manager.add_argument("--role", default="manager", choices=[role.value for role in Role], help="or someone else of its staff")
    manager.set_defaults(run=_create_manager)
    return parser


def _serve(_options: argparse.Namespace) -> int:
    return serve(require(read_settings(), "DATABASE_URL", "SECRET_KEY"))


def _worker(_options: argparse.Namespace) -> int:
    settings = require(read_settings(), "DATABASE_URL")
    configure_logging(settings.log_format, logging.WARNING if settings.demo else logging.INFO)
    asyncio.run(work(settings))
    return 0


def _migrate(_options: argparse.Namespace) -> int:
    settings = require(read_settings(), "DATABASE_URL")
    print(asyncio.run(prepare(settings)))
    return 0


def _check(options: argparse.Namespace) -> int:
    if options.drift:
        found = asyncio.run(migrations.drift())
        for statement in found:
            print(f"tables and migrations differ: {statement}", file=sys.stderr)
        return 1 if found else 0
    return asyncio.run(_check_database(require(read_settings(), "DATABASE_URL"), options.anchor))


async def _check_database(settings: Settings, anchor: str) -> int:
    await database.connect(settings.database_url, pool_size=2)
    try:
        found = await faults(at=now(), anchor=anchor) + await broken()
        for sentence in found:
            print(sentence, file=sys.stderr)
        print(f"{'wrong' if found else 'sound'}; newest seal: {await newest_seal() or 'none'}")
    finally:
        await database.disconnect()
    return 1 if found else 0


def _create_manager(options: argparse.Namespace) -> int:
    settings = require(read_settings(), "DATABASE_URL")
    print(asyncio.run(_manager_link(settings, options)))
    return 0


async def _manager_link(settings: Settings, options: argparse.Namespace) -> str:
    await database.connect(settings.database_url, pool_size=2)
    try:
        at = now()
        programme = await programme_by_code(options.programme)
        account = await invite(options.email, options.name, site=settings.public_url, by=None, at=at)
        await give_role(account, Role(options.role), programme.id, by=None, at=at)
        _link, secret = await make_link(account, options.email.strip().lower(), Purpose.INVITE, lasts=MANAGER_LINK_LASTS, at=at)
        return f"{settings.public_url}/new-password?token={secret}"
    finally:
        await database.disconnect()
