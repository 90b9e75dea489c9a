"""What the command line does besides serving. Apart, so that a server does not load what it never uses."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from datetime import timedelta

from incubator.core import database, migrations
from incubator.core.clock import now
from incubator.core.logging import configure_logging
from incubator.core.settings import Settings, read_settings, require
from incubator.demo.running import run_demo
from incubator.invariants import broken
from incubator.jobs import work
from incubator.journal.queries import faults, newest_seal
from incubator.people.actions import await_owner, give_role, make_link
from incubator.people.actions.factors import reset_factors as take_factors
from incubator.people.rules import normal_email
from incubator.people.tables import Purpose, Role
from incubator.preparing import prepare
from incubator.programmes.queries import programme_by_code

MANAGER_LINK_LASTS = timedelta(days=1)


def demo(options: argparse.Namespace) -> int:
    """Run the demo until Ctrl-C."""
    return run_demo(reset=options.reset)


def worker(_options: argparse.Namespace) -> int:
    """Send mails, seal the journal, until told to stop."""
    settings = require(read_settings(), "DATABASE_URL", "SECRET_KEY")
    configure_logging(settings.log_format, logging.WARNING if settings.demo else logging.INFO)
    asyncio.run(work(settings))
    return 0


def migrate(_options: argparse.Namespace) -> int:
    """Bring the database up to date."""
    settings = require(read_settings(), "DATABASE_URL")
    print(asyncio.run(prepare(settings)))
    return 0


def check(options: argparse.Namespace) -> int:
    """Verify the journal and the invariants; 1 when something is wrong."""
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


def create_manager(options: argparse.Namespace) -> int:
    """Make a member of a programme's staff and print the link they choose their password by."""
    settings = require(read_settings(), "DATABASE_URL")
    print(asyncio.run(_manager_link(settings, options)))
    return 0


async def _manager_link(settings: Settings, options: argparse.Namespace) -> str:
    await database.connect(settings.database_url, pool_size=2)
    try:
        at = now()
        programme = await programme_by_code(options.programme)
        email = normal_email(options.email)
        account = await await_owner(email, options.name, by=None, at=at)
        await give_role(account, Role(options.role), programme.id, by=None, at=at)
        _link, secret = await make_link(account, email, Purpose.INVITE, lasts=MANAGER_LINK_LASTS, at=at)
        return f"{settings.public_url}/new-password?token={secret}"
    finally:
        await database.disconnect()


def reset_factors(options: argparse.Namespace) -> int:
    """Take every second proof from someone who lost them all."""
    asyncio.run(_reset_factors(require(read_settings(), "DATABASE_URL"), options))
    return 0


async def _reset_factors(settings: Settings, options: argparse.Namespace) -> None:
    await database.connect(settings.database_url, pool_size=2)
    try:
        await take_factors(options.email, checked_by=tuple(options.checked_by), at=now())
    finally:
        await database.disconnect()
