"""The worker: the clock's errands. It may be killed at any instant; what it was doing is found again by the next.

Each errand is one short loop over rows that say by themselves that they are due, so nothing is queued twice.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import asyncpg
import structlog

from incubator.applications.actions.announcing import announce_extensions
from incubator.applications.actions.files import remove_left_out, tell_infected
from incubator.applications.actions.reminding import remind_complements, remind_drafts
from incubator.calls.actions.prospects import announce_openings
from incubator.core import database
from incubator.core.clock import now
from incubator.core.errors import Unavailable
from incubator.core.once import forget_answers
from incubator.core.settings import Settings
from incubator.documents.actions import scan_due, sweep_files
from incubator.documents.storage import kept_at
from incubator.events.actions import remind_meetings
from incubator.journal.actions import seal
from incubator.mail.delivery import Carrier, Smtp, keep_here, send_due
from incubator.people.actions import answer_link_requests, sweep
from incubator.privacy.actions.prospects import forget_promised
from incubator.privacy.actions.restricting import restrict
from incubator.privacy.actions.retention import carry_out, propose
from incubator.privacy.actions.sweeping import sweep_private
from incubator.privacy.queries.held import held_subjects

log = structlog.get_logger("incubator.worker")
Errand = Callable[[Settings], Awaitable[int]]


async def send_letters(settings: Settings) -> int:
    """Every second: what is due in the outbox. Without SMTP_URL the letters wait; the demo keeps them to itself."""
    carrier: Carrier | None = keep_here if settings.demo else Smtp(settings.smtp_url) if settings.smtp_url else None
    return await send_due(carrier, sender=settings.mail_from, site=settings.public_url, at=now()) if carrier else 0


async def send_links(_settings: Settings) -> int:
    """Every second: the links that were asked for, to the addresses that have an account."""
    return await answer_link_requests(at=now())


async def seal_journal(_settings: Settings) -> int:
    """Every half minute: the entries not sealed yet."""
    return await seal(at=now())


async def tell_extensions(_settings: Settings) -> int:
    """Every ten seconds: the teams of drafts whose call was extended."""
    return await announce_extensions(at=now())


async def tell_openings(settings: Settings) -> int:
    """Every minute: those who asked to know when a call opens."""
    return await announce_openings(key=settings.secret_key, at=now())


async def remind_of_meetings(settings: Settings) -> int:
    """Every ten minutes: who comes to a meeting tomorrow."""
    return await remind_meetings(key=settings.secret_key, at=now())


async def forget_visitors(_settings: Settings) -> int:
    """Every hour: self-tests and subscriptions past the day their owners were told."""
    return await forget_promised(at=now())


async def scan_documents(settings: Settings) -> int:
    """Every other second: the files that were received, and those that wait for the scanner to be back."""
    at = now()
    tell = partial(tell_infected, at=at)
    return await scan_due(kept_at(settings.storage_url), settings.clamd_url, demo=settings.demo, at=at, tell=tell)


async def sweep_documents(settings: Settings) -> int:
    """Every ten minutes: files no answer names any more, the bytes of what was removed, uploads left halfway, lone bytes."""
    return await remove_left_out(at=now()) + await sweep_files(kept_at(settings.storage_url), at=now())


async def sweep_keys(_settings: Settings) -> int:
    """Every hour: idempotency keys a week old, sessions and links long dead."""
    return await forget_answers(now() - timedelta(days=7)) + await sweep(at=now(), kept=await held_subjects())


async def propose_retention(_settings: Settings) -> int:
    """Every week: what has been kept long enough, for staff to confirm (R55)."""
    return await propose(at=now())


async def carry_out_retention(_settings: Settings) -> int:
    """Every minute: erase or anonymise what staff confirmed."""
    return await carry_out(at=now())


async def restrict_files(_settings: Settings) -> int:
    """Every day: files not kept whose months of reading are over (R55)."""
    return await restrict(at=now())


async def sweep_what_is_private(_settings: Settings) -> int:
    """Every day: logs, mails and closed requests past their time."""
    return await sweep_private(at=now())


async def remind_teams(_settings: Settings) -> int:
    """Every quarter of an hour: complements awaited, and drafts begun, whose deadline comes."""
    return await remind_complements(at=now()) + await remind_drafts(at=now())


MINUTE, HOUR, DAY = 60, 3600, 86400
ERRANDS: dict[Errand, float] = {
    send_links: 1,
    send_letters: 1,
    scan_documents: 2,
    tell_extensions: 10,
    seal_journal: 30,
    tell_openings: MINUTE,
    remind_of_meetings: 10 * MINUTE,
    sweep_documents: 10 * MINUTE,
    remind_teams: 15 * MINUTE,
    carry_out_retention: MINUTE,
    sweep_keys: HOUR,
    forget_visitors: HOUR,
    sweep_what_is_private: DAY,
    restrict_files: DAY,
    propose_retention: 7 * DAY,
}


async def work(settings: Settings, *, stop: asyncio.Event | None = None) -> None:
    """Run the errands until told to stop."""
    stop = stop or _stop_on_signal()
    await database.connect(settings.database_url, pool_size=4, at_once=False)
    try:
        await asyncio.gather(*(_run(errand, every, settings, stop) for errand, every in ERRANDS.items()))
    finally:
        await database.disconnect()


async def _run(errand: Errand, every: float, settings: Settings, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            done = await errand(settings)
            if done:
                log.info("errand", errand=errand.__name__, count=done)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, Unavailable) as error:
            log.warning("errand put off", errand=errand.__name__, kind=type(error).__name__)
        except Exception:  # one errand's trouble never stops the others; it is tried again at its next turn
            log.exception("errand failed", errand=errand.__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every)


def _stop_on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
